package io.github.facemask.loss;

import java.util.Map;

/**
 * A loss of float32 logits (B, C) against targets (B, C), each row a distribution over the classes,
 * so that CutMix and label smoothing need no loss of their own. It is TorchScript source, compiled
 * into the training program: forward, loss and backward are then one call of the engine.
 */
public sealed interface SoftTargetLoss permits CrossEntropy, FocalLoss, SoftMacroF1, WeightedSum {

  /**
   * Returns the loss as a TorchScript expression of a float32 scalar.
   *
   * @param logits the variable that holds the logits
   * @param targets the variable that holds the targets
   * @return source without side effects
   */
  String expression(String logits, String targets);

  /** Returns the loss's name and choices for the run's record; plain JSON values. */
  Map<String, Object> parameters();
}
