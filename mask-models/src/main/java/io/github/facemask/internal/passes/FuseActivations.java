package io.github.facemask.internal.passes;

import io.github.facemask.network.Activation;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Linear;
import java.util.ArrayList;
import java.util.List;

/** Fuses an activation into the convolution or linear layer before it. */
final class FuseActivations implements Pass {

  @Override
  public String description() {
    return "activations inside convolutions and linear maps";
  }

  @Override
  public Plan apply(Plan plan) {
    return new Plan(plan.rewritten(FuseActivations::rewrite), plan.weights());
  }

  private static List<Step> rewrite(List<Step> steps) {
    List<Step> result = new ArrayList<>();
    for (Step step : steps) {
      int last = result.size() - 1;
      if (step instanceof Step.Apply apply
          && apply.layer() instanceof Activation activation
          && last >= 0
          && result.get(last) instanceof Step.Apply before
          && takes(before)) {
        result.set(last, before.withActivation(activation.kind()));
      } else {
        result.add(step);
      }
    }
    return result;
  }

  private static boolean takes(Step.Apply step) {
    Layer layer = step.layer();
    return step.activation() == Kind.IDENTITY
        && (layer instanceof Conv2d || (layer instanceof Linear linear && !linear.head()));
  }
}
