package io.github.facemask.schedule;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * A linear warm-up before another schedule, which gets the rest of the run.
 *
 * @param steps steps of the warm-up, 1 or more
 * @param then the schedule after it
 */
record WarmUp(long steps, Schedule then) implements Schedule {

  /** Checks the values. */
  public WarmUp {
    check(steps >= 1, "steps", steps, "1 or more");
  }

  @Override
  public double rate(double base, long step, long total) {
    if (step < steps) {
      return then.rate(base, 0, Math.max(1, total - steps)) * (step + 1) / (steps + 1);
    }
    return then.rate(base, step - steps, Math.max(1, total - steps));
  }

  @Override
  public double momentum(double base, long step, long total) {
    return then.momentum(base, Math.max(0, step - steps), Math.max(1, total - steps));
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of("name", "warm-up", "steps", steps, "then", then.parameters());
  }
}
