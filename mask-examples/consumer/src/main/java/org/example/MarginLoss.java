package org.example;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.training.loss.Loss;

/** A loss: the square of the probability that the targets' classes lack. */
public final class MarginLoss extends Loss {

  public MarginLoss() {
    super("margin");
  }

  /** Takes targets (B, 18), each row a distribution, and logits (B, 18). */
  @Override
  public NDArray evaluate(NDList labels, NDList predictions) {
    NDArray right = predictions.get(0).softmax(1).mul(labels.get(0)).sum(new int[] {1});
    return right.sub(1).square().mean();
  }
}
