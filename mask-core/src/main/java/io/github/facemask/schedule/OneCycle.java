package io.github.facemask.schedule;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * Rises to the rate and falls again over the whole run (Smith and Topin, 2019), along cosines, as
 * PyTorch's OneCycleLR with its defaults: from 1/25 of the peak to 1/250000 of it. If the optimizer
 * has momentum, it moves in the opposite direction.
 *
 * @param rise the share of the run that rises, in (0, 1)
 */
record OneCycle(double rise) implements Schedule {

  /** Checks the values. */
  public OneCycle {
    check(rise > 0 && rise < 1, "rise", rise, "above 0 and below 1");
  }

  private static double between(double from, double to, double share) {
    return to + (from - to) / 2 * (1 + Math.cos(Math.PI * share));
  }

  @Override
  public double rate(double base, long step, long total) {
    double first = base / 25;
    double peakAt = rise * total - 1;
    if (step <= peakAt) {
      return between(first, base, step / peakAt);
    }
    return between(base, first / 1e4, (step - peakAt) / (total - 1 - peakAt));
  }

  /** From 0.95 at the ends to 0.85 at the peak, independent of the optimizer's own momentum. */
  @Override
  public double momentum(double base, long step, long total) {
    double peakAt = rise * total - 1;
    if (step <= peakAt) {
      return between(0.95, 0.85, step / peakAt);
    }
    return between(0.85, 0.95, (step - peakAt) / (total - 1 - peakAt));
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of("name", "one cycle", "rise", rise);
  }
}
