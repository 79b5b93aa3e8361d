package io.github.facemask.internal.passes;

import java.util.List;

/** Counts the operations of a plan. A sum fused into a convolution is not counted. */
final class OperationCount {

  private OperationCount() {}

  static int of(Plan plan) {
    return of(plan.steps());
  }

  private static int of(List<Step> steps) {
    int count = 0;
    for (Step step : steps) {
      if (step instanceof Step.Join join) {
        count += of(join.body()) + of(join.shortcut()) + (join.fused() ? 0 : 1);
      } else if (step instanceof Step.Embed embed) {
        count += of(embed.patches()) + 1;
      } else {
        count++;
      }
    }
    return count;
  }
}
