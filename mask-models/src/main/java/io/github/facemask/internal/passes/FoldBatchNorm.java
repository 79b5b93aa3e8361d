package io.github.facemask.internal.passes;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Normalization.BatchNorm2d;
import io.github.facemask.tensor.HostTensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Folds a batch norm into the convolution before it. */
final class FoldBatchNorm implements Pass {

  @Override
  public String description() {
    return "batch norms folded into the convolutions before them";
  }

  @Override
  public Plan apply(Plan plan) {
    Map<String, HostTensor> weights = new LinkedHashMap<>(plan.weights());
    return new Plan(plan.rewritten(steps -> rewrite(steps, weights)), ImmutableMap.copyOf(weights));
  }

  private static List<Step> rewrite(List<Step> steps, Map<String, HostTensor> weights) {
    List<Step> result = new ArrayList<>();
    for (Step step : steps) {
      int last = result.size() - 1;
      if (step instanceof Step.Apply norm
          && norm.layer() instanceof BatchNorm2d batchNorm
          && last >= 0
          && result.get(last) instanceof Step.Apply before
          && before.layer() instanceof Conv2d conv) {
        result.set(last, fold(before, conv, norm.path(), batchNorm, weights));
      } else {
        result.add(step);
      }
    }
    return result;
  }

  private static Step fold(
      Step.Apply before,
      Conv2d conv,
      String normPath,
      BatchNorm2d norm,
      Map<String, HostTensor> weights) {
    double[] gamma = weights.remove(normPath + ".weight").toDoubles();
    double[] beta = weights.remove(normPath + ".bias").toDoubles();
    double[] mean = weights.remove(normPath + ".running_mean").toDoubles();
    double[] variance = weights.remove(normPath + ".running_var").toDoubles();
    weights.remove(normPath + ".num_batches_tracked");
    HostTensor kernels = weights.get(before.path() + ".weight");
    float[] values = kernels.toFloats();
    float[] bias = new float[conv.out()];
    double[] old =
        conv.bias() ? weights.get(before.path() + ".bias").toDoubles() : new double[conv.out()];
    int each = values.length / conv.out();
    for (int o = 0; o < conv.out(); o++) {
      double scale = gamma[o] / Math.sqrt(variance[o] + norm.eps());
      for (int i = o * each; i < (o + 1) * each; i++) {
        values[i] = (float) (values[i] * scale);
      }
      bias[o] = (float) (beta[o] + (old[o] - mean[o]) * scale);
    }
    weights.put(before.path() + ".weight", HostTensor.ofFloats(kernels.shape(), values));
    weights.put(before.path() + ".bias", HostTensor.ofFloats(new Shape(conv.out()), bias));
    return before.withLayer(conv.withBias());
  }
}
