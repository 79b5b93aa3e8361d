package io.github.facemask.schedule;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * A linear warm-up for a share of the run before another schedule, which gets the rest.
 *
 * @param share the share of the run's steps, above 0 and below 1
 * @param then the schedule after it
 */
record WarmUpShare(double share, Schedule then) implements Schedule {

  /** Checks the values. */
  public WarmUpShare {
    check(share > 0 && share < 1, "warmupShare", share, "above 0 and below 1");
  }

  private WarmUp of(long total) {
    return new WarmUp(Math.max(1, Math.round(share * total)), then);
  }

  @Override
  public double rate(double base, long step, long total) {
    return of(total).rate(base, step, total);
  }

  @Override
  public double momentum(double base, long step, long total) {
    return of(total).momentum(base, step, total);
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of("name", "warm-up", "share", share, "then", then.parameters());
  }
}
