package io.github.facemask.batch;

import ai.djl.ndarray.NDManager;
import io.github.facemask.dataset.Photo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Photos, in batches, as often as asked. The same epoch gives the same batches, whatever the number
 * of loader threads. Safe to share between threads; each stream is for one.
 */
public interface BatchSource {

  /** Returns all photos that a pass may show, in a fixed order; batches point into it. */
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
   * Returns how faces are found and cut before the network sees them; plain JSON values, empty for
   * whole photos. A network is trained on the crops that it expects, and on no others.
   */
  default Map<String, Object> faces() {
    return Map.of();
  }

  /**
   * Writes what {@link #parameters} only names by a digest, so that the batches can be made again.
   *
   * @param run the folder of the run
   * @throws IOException if it cannot be written
   */
  default void writeTo(Path run) throws IOException {}

  /** Returns every choice that shapes the batches, for the run's record; plain JSON values. */
  Map<String, Object> parameters();

  /** One pass over a source's photos. One thread reads it; closing it early stops its workers. */
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

    /** Stops the pass and frees what was read ahead. */
    @Override
    void close();
  }
}
