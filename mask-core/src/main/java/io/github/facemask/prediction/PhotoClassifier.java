package io.github.facemask.prediction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntConsumer;

/** A loaded network that classifies photos. */
public interface PhotoClassifier extends AutoCloseable {

  /** Returns the manager that owns the weights; batches may be made in a sub-manager of it. */
  NDManager manager();

  /**
   * Classifies photos.
   *
   * @param photos uint8 (B, H, W, 3), RGB, of the network's input size
   * @return float32 probabilities (B, 18), owned by the manager of the photos; of a model that
   *     answers the age in years (B, 19), with the expected age in the last column
   */
  NDArray classify(NDArray photos);

  /**
   * Classifies each photo of a source once.
   *
   * @param source the photos, each shown once in a pass, without augmentation
   * @param progress receives the number of photos done so far
   * @return the 18 probabilities of each photo, and the expected age of a model that answers it, in
   *     the order of {@link BatchSource#photos}
   * @throws IOException if a photo cannot be read
   */
  default float[][] classifyAll(BatchSource source, IntConsumer progress) throws IOException {
    float[][] probabilities = new float[source.photos().size()][];
    int done = 0;
    try (NDManager scope = manager().newSubManager();
        BatchStream stream = source.open(scope, 0)) {
      for (Optional<PhotoBatch> next = stream.next(); next.isPresent(); next = stream.next()) {
        try (PhotoBatch batch = next.get();
            NDArray result = classify(batch.pixels())) {
          float[] values = result.toFloatArray();
          int columns = values.length / batch.size();
          for (int i = 0; i < batch.size(); i++) {
            int from = i * columns;
            probabilities[batch.indices().get(i)] =
                Arrays.copyOfRange(values, from, from + columns);
          }
          done += batch.size();
          progress.accept(done);
        }
      }
    }
    if (done != probabilities.length || Arrays.asList(probabilities).contains(null)) {
      throw new IllegalArgumentException(
          "the source showed "
              + done
              + " photos in one pass, expected each of its "
              + probabilities.length
              + " once; classify without a sampler");
    }
    return probabilities;
  }

  /** Frees the network. */
  @Override
  void close();
}
