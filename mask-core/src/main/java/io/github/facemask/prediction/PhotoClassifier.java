package io.github.facemask.prediction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** A network in the engine that classifies photos. */
public interface PhotoClassifier extends AutoCloseable {

  /** Returns the manager that owns the weights; batches may be made in a sub-manager of it. */
  NDManager manager();

  /**
   * Classifies photos.
   *
   * @param photos uint8 (B, H, W, 3), RGB, of the network's input size
   * @return float32 probabilities (B, 18), owned by the manager of the photos
   */
  NDArray classify(NDArray photos);

  /** Frees the network. */
  @Override
  void close();
}
