package io.github.facemask.training;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.Device;
import io.github.facemask.loss.SoftTargetLoss;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.script.MemoryLayout;

/**
 * How a network is to learn.
 *
 * @param device where
 * @param precision with which numbers
 * @param loss what it minimises
 * @param optimizer how gradients change weights
 * @param gradientNormLimit the largest global norm of the gradients, infinite for none
 * @param layout how features and kernels lie in memory; channels-last is the faster, row-major is
 *     what timm's references were computed with
 * @param seed names the starting weights
 */
public record LearningSetup(
    Device device,
    Precision precision,
    SoftTargetLoss loss,
    FusedOptimizer optimizer,
    double gradientNormLimit,
    MemoryLayout layout,
    long seed) {

  /** Checks the limit. */
  public LearningSetup {
    checkArgument(
        gradientNormLimit > 0,
        "gradient norm limit is %s, expected above 0, or infinite for none",
        gradientNormLimit);
  }
}
