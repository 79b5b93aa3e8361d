package io.github.facemask.optimizer;

import com.google.common.collect.ImmutableList;
import java.util.Map;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter, 2019).
 *
 * @param learningRate the rate, above 0
 * @param beta1 decay of the mean of gradients, in [0, 1)
 * @param beta2 decay of the mean of squared gradients, in [0, 1)
 * @param eps added to the root, above 0
 * @param weightDecay the decay, 0 or more
 */
public record AdamW(double learningRate, double beta1, double beta2, double eps, double weightDecay)
    implements FusedOptimizer {

  /** Checks the values. */
  public AdamW {
    AdamKernel.checkNumbers(learningRate, beta1, beta2, eps, weightDecay);
  }

  /**
   * Returns the optimizer with PyTorch's other defaults: betas 0.9 and 0.999, eps 1e-8.
   *
   * @param learningRate the rate, above 0
   * @param weightDecay the decay, 0 or more
   * @return the optimizer
   */
  public static AdamW of(double learningRate, double weightDecay) {
    return new AdamW(learningRate, 0.9, 0.999, 1e-8, weightDecay);
  }

  @Override
  public double momentum() {
    return beta1;
  }

  @Override
  public ImmutableList<String> stateNames() {
    return AdamKernel.STATE;
  }

  @Override
  public String update(GroupVariables group) {
    return AdamKernel.update("_fused_adamw_", group, beta2, eps);
  }

  @Override
  public Map<String, Object> parameters() {
    return AdamKernel.parameters("adamw", learningRate, beta1, beta2, eps, weightDecay);
  }
}
