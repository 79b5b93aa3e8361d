package io.github.facemask.training;

import ai.djl.ndarray.NDArray;

/**
 * What a batch gave, still on the device.
 *
 * @param loss float32 scalar
 * @param logits float32 (B, classes)
 */
public record LearningResult(NDArray loss, NDArray logits) implements AutoCloseable {
  @Override
  public void close() {
    loss.close();
    logits.close();
  }
}
