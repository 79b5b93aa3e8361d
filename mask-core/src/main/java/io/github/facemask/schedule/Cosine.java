package io.github.facemask.schedule;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * Half a cosine from the rate down to a floor over the whole run (Loshchilov and Hutter, 2017), as
 * PyTorch's CosineAnnealingLR.
 *
 * @param floor the last rate, as a share of the first, in [0, 1]
 */
record Cosine(double floor) implements Schedule {

  /** Checks the values. */
  public Cosine {
    check(floor >= 0 && floor <= 1, "floor", floor, "0 to 1");
  }

  /** Returns the schedule that ends at zero. */
  static Cosine toZero() {
    return new Cosine(0);
  }

  @Override
  public double rate(double base, long step, long total) {
    double low = base * floor;
    return low + (base - low) * (1 + Math.cos(Math.PI * step / total)) / 2;
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of("name", "cosine", "floor", floor);
  }
}
