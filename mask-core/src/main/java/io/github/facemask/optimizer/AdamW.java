package io.github.facemask.optimizer;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
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
    checkArgument(
        learningRate > 0 && Double.isFinite(learningRate),
        "learning rate is %s, expected above 0",
        learningRate);
    checkArgument(beta1 >= 0 && beta1 < 1, "beta1 is %s, expected 0 to below 1", beta1);
    checkArgument(beta2 >= 0 && beta2 < 1, "beta2 is %s, expected 0 to below 1", beta2);
    checkArgument(eps > 0, "eps is %s, expected above 0", eps);
    checkArgument(
        weightDecay >= 0 && Double.isFinite(weightDecay),
        "weight decay is %s, expected 0 or more",
        weightDecay);
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
  public ImmutableList<String> stateNames() {
    return ImmutableList.of("exp_avg", "exp_avg_sq");
  }

  @Override
  public String update(GroupVariables group) {
    return "torch._fused_adamw_("
        + String.join(", ", group.weights(), group.gradients(), String.join(", ", group.state()))
        + ", annotate(List[Tensor], []), "
        + group.steps()
        + ", lr="
        + group.rate()
        + ", beta1="
        + beta1
        + ", beta2="
        + beta2
        + ", weight_decay="
        + group.weightDecay()
        + ", eps="
        + eps
        + ", amsgrad=False, maximize=False)";
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.<String, Object>builder()
        .put("name", "adamw")
        .put("learningRate", learningRate)
        .put("beta1", beta1)
        .put("beta2", beta2)
        .put("eps", eps)
        .put("weightDecay", weightDecay)
        .buildOrThrow();
  }
}
