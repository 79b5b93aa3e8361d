package io.github.facemask.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.tensor.HostTensor;
import java.util.Map;

/** A network in the engine that learns. For one thread at a time. */
public interface LearningModel extends AutoCloseable {

  /** Returns the manager that owns the weights; batches may be made in a sub-manager of it. */
  NDManager manager();

  /**
   * Runs forward and backward on a batch; gradients add up until {@link #step}.
   *
   * @param batch the photos and targets
   * @param scale what the loss is multiplied by before backward: 1 / (batches in a step)
   * @return the loss (unscaled) and the logits, which the caller closes
   */
  LearningResult learn(PhotoBatch batch, double scale);

  /**
   * Changes the weights by the gradients and clears them.
   *
   * @param learningRate the rate of this step
   */
  void step(double learningRate);

  /**
   * Classifies photos with the weights as they are, in evaluation mode.
   *
   * @param photos uint8 (B, H, W, 3)
   * @return float32 probabilities (B, classes), owned by the manager of the photos
   */
  NDArray classify(NDArray photos);

  /** Returns a copy of all weights and buffers by their names. */
  Map<String, HostTensor> weights();

  /** Returns a copy of the optimizer's state by names that {@link #restore} understands. */
  Map<String, HostTensor> optimizerState();

  /**
   * Takes back weights and optimizer state.
   *
   * @param weights what {@link #weights} returned
   * @param optimizerState what {@link #optimizerState} returned
   */
  void restore(Map<String, HostTensor> weights, Map<String, HostTensor> optimizerState);

  @Override
  void close();
}
