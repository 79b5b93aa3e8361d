package io.github.facemask.optimizer;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.optimizer.FusedOptimizer.GroupVariables;
import java.util.Map;

/**
 * The update that {@link Adam} and {@link AdamW} share; they differ in where the weight decay is
 * applied.
 */
final class AdamKernel {

  static final ImmutableList<String> STATE = ImmutableList.of("exp_avg", "exp_avg_sq");

  private AdamKernel() {}

  static void checkNumbers(
      double learningRate, double beta1, double beta2, double eps, double weightDecay) {
    check(
        learningRate > 0 && Double.isFinite(learningRate), "learningRate", learningRate, "above 0");
    check(beta1 >= 0 && beta1 < 1, "beta1", beta1, "0 to below 1");
    check(beta2 >= 0 && beta2 < 1, "beta2", beta2, "0 to below 1");
    check(eps > 0, "eps", eps, "above 0");
    check(
        weightDecay >= 0 && Double.isFinite(weightDecay), "weightDecay", weightDecay, "0 or more");
  }

  static String update(String kernel, GroupVariables group, double beta2, double eps) {
    return "torch."
        + kernel
        + "("
        + String.join(", ", group.weights(), group.gradients(), String.join(", ", group.state()))
        + ", annotate(List[Tensor], []), "
        + group.steps()
        + ", lr="
        + group.rate()
        + ", beta1="
        + group.momentum()
        + ", beta2="
        + beta2
        + ", weight_decay="
        + group.weightDecay()
        + ", eps="
        + eps
        + ", amsgrad=False, maximize=False)";
  }

  static Map<String, Object> parameters(
      String name,
      double learningRate,
      double beta1,
      double beta2,
      double eps,
      double weightDecay) {
    return ImmutableMap.<String, Object>builder()
        .put("name", name)
        .put("learningRate", learningRate)
        .put("beta1", beta1)
        .put("beta2", beta2)
        .put("eps", eps)
        .put("weightDecay", weightDecay)
        .buildOrThrow();
  }
}
