package io.github.facemask.training;

import ai.djl.ndarray.NDArray;

/**
 * What a batch gave, still on the device.
 *
 * @param loss float32 scalar
 * @param logits float32 (B, classes)
 * @param correct float32 scalar: the number of photos whose largest logit is at their largest
 *     target
 */
public record StepOutput(NDArray loss, NDArray logits, NDArray correct) implements AutoCloseable {
  @Override
  public void close() {
    loss.close();
    logits.close();
    correct.close();
  }
}
