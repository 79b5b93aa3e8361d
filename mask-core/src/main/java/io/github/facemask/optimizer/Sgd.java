package io.github.facemask.optimizer;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * Stochastic gradient descent with momentum, as PyTorch computes it.
 *
 * @param learningRate the rate, above 0
 * @param momentum the decay of the velocity, in [0, 1)
 * @param nesterov whether to use Nesterov momentum; needs momentum
 * @param weightDecay the decay, 0 or more, an L2 term in the gradient
 */
public record Sgd(double learningRate, double momentum, boolean nesterov, double weightDecay)
    implements FusedOptimizer {

  /** Checks the values. */
  public Sgd {
    check(
        learningRate > 0 && Double.isFinite(learningRate), "learningRate", learningRate, "above 0");
    check(momentum >= 0 && momentum < 1, "momentum", momentum, "0 to below 1");
    check(!nesterov || momentum > 0, "momentum", momentum, "above 0 with Nesterov");
    check(
        weightDecay >= 0 && Double.isFinite(weightDecay), "weightDecay", weightDecay, "0 or more");
  }

  @Override
  public ImmutableList<String> stateNames() {
    return momentum > 0 ? ImmutableList.of("momentum") : ImmutableList.of();
  }

  @Override
  public String update(GroupVariables group) {
    String velocities = momentum > 0 ? group.state().get(0) : "annotate(List[Tensor], [])";
    // Velocities start at zero, so the first step is no special case.
    return "torch._fused_sgd_("
        + String.join(", ", group.weights(), group.gradients(), velocities)
        + ", weight_decay="
        + group.weightDecay()
        + ", momentum="
        + (momentum > 0 ? group.momentum() : "0.")
        + ", lr="
        + group.rate()
        + ", dampening=0.0, nesterov="
        + (nesterov ? "True" : "False")
        + ", maximize=False, is_first_step=False)";
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of(
        "name",
        "sgd",
        "learningRate",
        learningRate,
        "momentum",
        momentum,
        "nesterov",
        nesterov,
        "weightDecay",
        weightDecay);
  }
}
