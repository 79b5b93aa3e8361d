package io.github.facemask.schedule;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * The rate times gamma after every fixed number of steps, as PyTorch's StepLR.
 *
 * @param size steps between two changes, 1 or more
 * @param gamma the factor, above 0
 */
record StepDecay(long size, double gamma) implements Schedule {

  /** Checks the values. */
  public StepDecay {
    check(size >= 1, "size", size, "1 step or more");
    check(gamma > 0, "gamma", gamma, "above 0");
  }

  @Override
  public double rate(double base, long step, long total) {
    long changes = step / size;
    return base * Math.pow(gamma, changes);
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of("name", "step", "size", size, "gamma", gamma);
  }
}
