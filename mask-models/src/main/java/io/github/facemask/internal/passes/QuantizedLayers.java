package io.github.facemask.internal.passes;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.network.Linear;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which layers of a plan are quantized to int8: all convolutions of a network that has only such
 * with ReLU, poolings and a head; and all linear maps but the head.
 *
 * @param convolutions their paths, in order; the first reads the photo itself
 * @param linears their paths, in order
 * @param followers of a linear map whose output only another reads: the other's path
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

  /** Whether a convolution's input is the photo. */
  boolean isStem(String path) {
    return !convolutions.isEmpty() && convolutions.iterator().next().equals(path);
  }

  /** Collects the layers, and returns whether int8 allows all of the others too. */
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
