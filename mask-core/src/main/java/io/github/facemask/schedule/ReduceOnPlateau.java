package io.github.facemask.schedule;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import java.util.List;
import java.util.Map;

/**
 * Multiplies the rate by a factor each time that no epoch was better for a number of epochs, as
 * PyTorch's ReduceLROnPlateau in mode max with a relative threshold. It is a function of the scores
 * so far, so it has no state to save. It scales the rate of the run's {@link Schedule}.
 *
 * @param factor the factor of the rate, above 0 and below 1
 * @param patience the number of epochs in a row that may be no better, 0 or more; the next one
 *     reduces the rate
 * @param threshold the relative improvement that counts as better, 0 or more
 */
public record ReduceOnPlateau(double factor, int patience, double threshold) {

  /** Checks the values. */
  public ReduceOnPlateau {
    check(factor > 0 && factor < 1, "factor", factor, "above 0 and below 1");
    check(patience >= 0, "patience", patience, "0 or more epochs");
    check(threshold >= 0, "threshold", threshold, "0 or more");
  }

  /**
   * Returns the rule with PyTorch's threshold, 1e-4.
   *
   * @param factor the factor of the rate, above 0 and below 1
   * @param patience the number of epochs in a row that may be no better
   * @return the rule
   */
  public static ReduceOnPlateau of(double factor, int patience) {
    return new ReduceOnPlateau(factor, patience, 1e-4);
  }

  /**
   * Returns the factor of the next epoch's rate.
   *
   * @param scores a number for each epoch so far, higher is better
   * @return the factor to the power of the reductions so far
   */
  public double scale(List<Double> scores) {
    double best = Double.NEGATIVE_INFINITY;
    int worse = 0;
    double scale = 1;
    for (double score : scores) {
      // PyTorch's own rule, which is relative to the sign of the best.
      if (Double.isInfinite(best) || score > best * (1 + threshold)) {
        best = score;
        worse = 0;
      } else if (++worse > patience) {
        scale *= factor;
        worse = 0;
      }
    }
    return scale;
  }

  /** Returns the parameters for the run's record; plain JSON values. */
  public Map<String, Object> parameters() {
    return ImmutableMap.of(
        "name", "reduce on plateau",
        "factor", factor,
        "patience", patience,
        "threshold", threshold);
  }
}
