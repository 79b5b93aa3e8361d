package io.github.facemask.batch;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.github.facemask.dataset.Photo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A source of photo batches that can be read any number of times. The same epoch gives the same
 * batches for any number of loader threads. Thread-safe; each stream is for one thread.
 */
public interface BatchSource {

  /**
   * Returns all photos that a pass may show, in a fixed order. The indices of batches refer to this
   * list.
   */
  List<Photo> photos();

  /** Returns how many photos one pass shows. */
  int photosPerEpoch();

  /** Returns the largest number of photos in a batch. */
  int batchSize();

  /**
   * Starts a pass.
   *
   * @param manager owns the arrays of the batches
   * @param epoch the number of the pass, from 0; names its random draws
   * @return the pass
   */
  BatchStream open(NDManager manager, int epoch);

  /**
   * Returns how faces are found and cropped before the network sees them, as plain JSON values;
   * empty for whole photos. It must equal the crops that the network expects.
   */
  default Map<String, Object> faces() {
    return Map.of();
  }

  /**
   * Returns whether the targets of photos have a distribution over the years of the age, see {@link
   * PhotoBatch#targets}.
   */
  default boolean showsYears() {
    return false;
  }

  /**
   * Returns whether photos are transformed and mixed on the device of their arrays, and not before.
   *
   * @param device the device
   */
  default boolean transformsOnDevice(Device device) {
    return false;
  }

  /**
   * Returns how many photos of each label a pass shows on average, before they are mixed.
   *
   * @param epoch the number of the pass, from 0
   * @return 48 numbers, at the index of the label's number; empty if the photos have no labels
   */
  default double[] expectedLabelCounts(int epoch) {
    return new double[0];
  }

  /**
   * Writes the data that {@link #parameters} refers to only by digest, so that the batches can be
   * reproduced.
   *
   * @param run the folder of the run
   * @throws IOException if it cannot be written
   */
  default void writeTo(Path run) throws IOException {}

  /** Returns all parameters of the batches for the run's record; plain JSON values. */
  Map<String, Object> parameters();

  /**
   * One pass over a source's photos. Not thread-safe. Closing it early stops its worker threads.
   */
  interface BatchStream extends AutoCloseable {

    /**
     * Waits for the next batch.
     *
     * @return the batch, which the caller closes, or empty at the end of the pass
     * @throws IOException if a photo cannot be read; the message names it
     */
    Optional<PhotoBatch> next() throws IOException;

    /** Returns the seconds that {@link #next} has waited for photos so far. */
    double secondsWaited();

    /** Stops the pass and frees the prefetched batches. */
    @Override
    void close();
  }
}
