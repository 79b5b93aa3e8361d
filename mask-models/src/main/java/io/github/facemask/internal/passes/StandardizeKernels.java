package io.github.facemask.internal.passes;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.network.Conv2d.StandardizedConv2d;
import io.github.facemask.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Standardizes the kernels of weight-standardized convolutions once instead of in every call. */
final class StandardizeKernels implements Pass {

  @Override
  public String description() {
    return "kernels standardized once";
  }

  @Override
  public Plan apply(Plan plan) {
    Map<String, HostTensor> weights = new LinkedHashMap<>(plan.weights());
    return new Plan(plan.rewritten(steps -> rewrite(steps, weights)), ImmutableMap.copyOf(weights));
  }

  private static List<Step> rewrite(List<Step> steps, Map<String, HostTensor> weights) {
    return steps.stream()
        .map(
            step ->
                step instanceof Step.Apply apply
                        && apply.layer() instanceof StandardizedConv2d standardized
                    ? standardize(apply, standardized, weights)
                    : step)
        .toList();
  }

  private static Step standardize(
      Step.Apply step, StandardizedConv2d conv, Map<String, HostTensor> weights) {
    HostTensor kernels = weights.get(step.path() + ".weight");
    float[] values = kernels.toFloats();
    int each = values.length / conv.out();
    for (int o = 0; o < conv.out(); o++) {
      double sum = 0;
      double squares = 0;
      for (int i = o * each; i < (o + 1) * each; i++) {
        sum += values[i];
        squares += (double) values[i] * values[i];
      }
      double mean = sum / each;
      double scale = 1 / Math.sqrt(Math.max(0, squares / each - mean * mean) + conv.eps());
      for (int i = o * each; i < (o + 1) * each; i++) {
        values[i] = (float) ((values[i] - mean) * scale);
      }
    }
    weights.put(step.path() + ".weight", HostTensor.ofFloats(kernels.shape(), values));
    return step.withLayer(conv.plain());
  }
}
