package io.github.facemask.loss;

/**
 * A loss of float32 logits (B, C) against targets (B, C), each row a distribution over the classes,
 * so that CutMix and label smoothing need no loss of their own. It is TorchScript source, compiled
 * into the training program: forward, loss and backward are then one call of the engine.
 */
public sealed interface SoftTargetLoss extends TrainingLoss
    permits CrossEntropy, FocalLoss, SoftMacroF1, WeightedSum {

  /**
   * Returns the loss as a TorchScript expression of a float32 scalar.
   *
   * @param logits the variable that holds the logits
   * @param targets the variable that holds the targets
   * @return source without side effects
   */
  String expression(String logits, String targets);
}
