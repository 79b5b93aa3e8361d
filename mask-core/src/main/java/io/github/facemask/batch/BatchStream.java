package io.github.facemask.batch;

import java.io.IOException;
import java.util.Optional;

/** One pass over a source's photos. One thread reads it; closing it early stops its workers. */
public interface BatchStream extends AutoCloseable {

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
