package io.github.facemask.schedule;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Ordering;
import java.util.Map;

/**
 * The rate times gamma at each milestone, as PyTorch's MultiStepLR.
 *
 * @param milestones steps at which the rate changes
 * @param gamma the factor, above 0
 */
record MultiStep(ImmutableList<Long> milestones, double gamma) implements Schedule {

  /** Checks the values. */
  public MultiStep {
    check(gamma > 0, "gamma", gamma, "above 0");
    check(
        !milestones.isEmpty()
            && milestones.get(0) > 0
            && Ordering.natural().isStrictlyOrdered(milestones),
        "milestones",
        milestones,
        "rising numbers of steps, at least one");
  }

  @Override
  public double rate(double base, long step, long total) {
    return base * Math.pow(gamma, milestones.stream().filter(m -> m <= step).count());
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of("name", "multi-step", "milestones", milestones, "gamma", gamma);
  }
}
