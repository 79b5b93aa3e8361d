package io.github.facemask.internal.passes;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.network.Attention.SelfAttention;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Layer;
import io.github.facemask.tensor.HostTensor;
import java.util.LinkedHashMap;
import java.util.Map;

/** Folds the scale of the attention scores into the query weights. */
final class FoldAttentionScale implements Pass {

  @Override
  public String description() {
    return "scales of attention inside the maps to queries";
  }

  @Override
  public Plan apply(Plan plan) {
    Map<String, HostTensor> weights = new LinkedHashMap<>(plan.weights());
    plan.forEachLayer(step -> fold(step.path(), step.layer(), weights));
    return new Plan(plan.steps(), ImmutableMap.copyOf(weights));
  }

  private static void fold(String path, Layer layer, Map<String, HostTensor> weights) {
    if (layer instanceof SelfAttention attention) {
      scale(path, attention.features(), attention.heads(), weights);
    } else if (layer instanceof WindowAttention attention) {
      scale(path, attention.features(), attention.heads(), weights);
    }
  }

  /** The first third of the rows of the qkv weight computes the queries. */
  private static void scale(String path, int features, int heads, Map<String, HostTensor> weights) {
    double scale = 1 / Math.sqrt((double) features / heads);
    for (String name : new String[] {path + ".qkv.weight", path + ".qkv.bias"}) {
      HostTensor tensor = weights.get(name);
      float[] values = tensor.toFloats();
      for (int i = 0; i < values.length / 3; i++) {
        values[i] = (float) (values[i] * scale);
      }
      weights.put(name, HostTensor.ofFloats(tensor.shape(), values));
    }
  }
}
