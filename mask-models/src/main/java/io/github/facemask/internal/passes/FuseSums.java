package io.github.facemask.internal.passes;

import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Conv2d;

/** Fuses the sum of a residual block into its last convolution. */
final class FuseSums implements Pass {

  @Override
  public String description() {
    return "sums of residual blocks inside their last convolutions";
  }

  @Override
  public Plan apply(Plan plan) {
    return new Plan(
        plan.rewritten(steps -> steps.stream().map(FuseSums::fuse).toList()), plan.weights());
  }

  private static Step fuse(Step step) {
    if (!(step instanceof Step.Join join) || join.body().isEmpty()) {
      return step;
    }
    Step last = join.body().get(join.body().size() - 1);
    boolean fits =
        last instanceof Step.Apply apply
            && apply.layer() instanceof Conv2d
            && apply.activation() == Kind.IDENTITY
            && (join.activation() == Kind.IDENTITY || join.activation() == Kind.RELU);
    return new Step.Join(join.body(), join.shortcut(), join.activation(), fits);
  }
}
