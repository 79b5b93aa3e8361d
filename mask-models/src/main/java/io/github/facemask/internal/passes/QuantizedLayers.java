package io.github.facemask.internal.passes;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.network.Linear;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The layers of a plan that are quantized to int8: all convolutions, if the network has only
 * convolutions with ReLU, poolings and a head; and all linear layers except the head.
 *
 * @param convolutions their paths, in order; the first reads the photo itself
 * @param linears their paths, in order
 * @param followers for a linear layer whose output only one other layer reads, the path of that
 *     layer
 */
record QuantizedLayers(
    ImmutableSet<String> convolutions,
    ImmutableSet<String> linears,
    ImmutableMap<String, String> followers) {

  static QuantizedLayers of(Plan plan) {
    List<String> convolutions = new ArrayList<>();
    List<String> linears = new ArrayList<>();
    Map<String, String> followers = new LinkedHashMap<>();
    boolean plain = collect(plan.steps(), convolutions, linears);
    plan.forEachList(steps -> follow(steps, followers));
    return new QuantizedLayers(
        plain ? ImmutableSet.copyOf(convolutions) : ImmutableSet.of(),
        ImmutableSet.copyOf(linears),
        ImmutableMap.copyOf(followers));
  }

  boolean isEmpty() {
    return convolutions.isEmpty() && linears.isEmpty();
  }

  boolean contains(String path) {
    return convolutions.contains(path) || linears.contains(path);
  }

  /** Returns whether a convolution reads the photo. */
  boolean isStem(String path) {
    return !convolutions.isEmpty() && convolutions.iterator().next().equals(path);
  }

  /** Collects the layers, and returns whether int8 also supports all other layers. */
  private static boolean collect(
      List<Step> steps, List<String> convolutions, List<String> linears) {
    boolean plain = true;
    for (Step step : steps) {
      if (step instanceof Step.Join join) {
        plain &= collect(join.body(), convolutions, linears);
        plain &= collect(join.shortcut(), convolutions, linears) && join.fused();
      } else if (step instanceof Step.Apply apply) {
        plain &= apply.layer().accept(new QuantizableLayer(apply, convolutions, linears));
      } else {
        plain = false;
      }
    }
    return plain;
  }

  private static void follow(List<Step> steps, Map<String, String> followers) {
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i - 1) instanceof Step.Apply before
          && steps.get(i) instanceof Step.Apply after
          && isInnerLinear(before)
          && isInnerLinear(after)) {
        followers.put(before.path(), after.path());
      }
    }
  }

  private static boolean isInnerLinear(Step.Apply step) {
    return step.layer() instanceof Linear linear && !linear.head();
  }
}
