package io.github.facemask.batch;

import ai.djl.ndarray.NDArray;
import java.util.List;

/**
 * A batch of photos on the device. Its owner closes it, which frees both arrays.
 *
 * @param pixels uint8 (B, H, W, 3), RGB
 * @param targets float32 (B, 18), each row a distribution over the classes; (B, 48) over the {@link
 *     io.github.facemask.label.FaceLabel}s if photos of the source have unknown attributes; (B,
 *     149) of a source that {@linkplain BatchSource#showsYears shows years}: the labels, then the
 *     ages of 0 to 100 years. A photo with a known age in years has a label without age
 * @param indices (B) the index of each photo in the source's photos; with mixing, the index of the
 *     base photo
 */
public record PhotoBatch(NDArray pixels, NDArray targets, List<Integer> indices)
    implements AutoCloseable {

  /** Returns the number of photos. */
  public int size() {
    return indices.size();
  }

  @Override
  public void close() {
    pixels.close();
    targets.close();
  }
}
