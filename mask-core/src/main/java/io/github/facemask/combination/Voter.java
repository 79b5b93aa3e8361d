package io.github.facemask.combination;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.evaluation.Attribute;
import java.util.Optional;

/**
 * How a member votes.
 *
 * @param weight its share, above 0; shares are divided by their sum
 * @param temperature what its logits are divided by before it votes: above 1 makes it less sure, 1
 *     leaves it as it is
 * @param attribute the attribute that it answers for in {@link Combination#BY_ATTRIBUTE}, nothing
 *     in every other combination
 */
public record Voter(double weight, double temperature, Optional<Attribute> attribute) {

  /** Checks the numbers. */
  public Voter {
    check(weight > 0 && Double.isFinite(weight), "weight", weight, "a finite number above 0");
    check(
        temperature > 0 && Double.isFinite(temperature),
        "temperature",
        temperature,
        "a finite number above 0");
  }

  /**
   * Returns a voter with its probabilities as they are.
   *
   * @param weight its share, above 0
   */
  public static Voter of(double weight) {
    return new Voter(weight, 1, Optional.empty());
  }

  /**
   * Returns the same voter with another temperature.
   *
   * @param value above 0
   */
  public Voter withTemperature(double value) {
    return new Voter(weight, value, attribute);
  }

  /**
   * Returns the same voter with another weight.
   *
   * @param value above 0
   */
  public Voter withWeight(double value) {
    return new Voter(value, temperature, attribute);
  }

  /** Divides the logits of a row by the temperature, in place; 1 changes nothing. */
  static void temper(double[] row, double temperature) {
    if (temperature == 1) {
      return;
    }
    double highest = 0;
    for (double p : row) {
      highest = Math.max(highest, p);
    }
    double sum = 0;
    for (int c = 0; c < row.length; c++) {
      row[c] = row[c] > 0 ? Math.exp(Math.log(row[c] / highest) / temperature) : 0;
      sum += row[c];
    }
    for (int c = 0; c < row.length; c++) {
      row[c] /= sum;
    }
  }
}
