package io.github.facemask.schedule;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * Half cosines to zero in sequence, each longer by a factor, as PyTorch's
 * CosineAnnealingWarmRestarts.
 *
 * @param first steps of the first half cosine, 1 or more
 * @param factor the length of each cosine over that of the one before, 1 or more
 */
record CosineRestarts(long first, int factor) implements Schedule {

  /** Checks the values. */
  public CosineRestarts {
    check(first >= 1, "first", first, "1 step or more");
    check(factor >= 1, "factor", factor, "1 or more");
  }

  @Override
  public double rate(double base, long step, long total) {
    long length = first;
    long at = step;
    while (at >= length) {
      at -= length;
      length *= factor;
    }
    return base * (1 + Math.cos(Math.PI * at / length)) / 2;
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of("name", "cosine restarts", "first", first, "factor", factor);
  }
}
