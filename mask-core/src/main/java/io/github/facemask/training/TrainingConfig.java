package io.github.facemask.training;

import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.Device;
import io.github.facemask.loss.TrainingLoss;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;

/**
 * How a network is to learn.
 *
 * @param device where
 * @param precision with which numbers
 * @param loss what it minimises
 * @param optimizer how gradients change weights
 * @param gradientNormLimit the largest global norm of the gradients, infinite for none
 * @param averageDecay how much of the weights' moving average a step keeps, in [0, 1); 0 for no
 *     average
 * @param layout how features and kernels lie in memory; channels-last is the faster, row-major is
 *     what timm's references were computed with
 * @param seed names the starting weights
 */
public record TrainingConfig(
    Device device,
    Precision precision,
    TrainingLoss loss,
    FusedOptimizer optimizer,
    double gradientNormLimit,
    double averageDecay,
    MemoryLayout layout,
    long seed) {

  /** Checks the limit. */
  public TrainingConfig {
    check(precision.trains(), "precision", precision, "FLOAT32 or BFLOAT16 to train");
    check(
        gradientNormLimit > 0,
        "gradientNormLimit",
        gradientNormLimit,
        "above 0, or infinite for none");
    check(
        averageDecay >= 0 && averageDecay < 1,
        "emaDecay",
        averageDecay,
        "0 for no average, or below 1");
  }
}
