package io.github.facemask.combination;

import io.github.facemask.label.FaceClass;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;

/**
 * How the probabilities of the members are combined into one row. All but {@link #BY_ATTRIBUTE} are
 * a weighted sum of the members' contributions, so weights can be fitted for any of them. The
 * result of a photo does not depend on the other photos of its batch.
 */
public enum Combination {
  /** The weighted mean of the probabilities. */
  SOFT_VOTE,
  /**
   * The weighted share of the members that predict the class. Ties go to the class with the higher
   * mean probability, then to the lower class number: a thousandth of each row is the soft vote.
   */
  HARD_VOTE,
  /**
   * The weighted geometric mean, divided by its sum; a probability below 1e-12 counts as 1e-12. A
   * probability near 0 from one member nearly excludes the class.
   */
  GEOMETRIC_MEAN,
  /**
   * The weighted mean of the classes' ranks in each member's row (Borda count; equal probabilities
   * share their mean rank), divided by its sum. Ignores how confident a member is.
   */
  RANK_MEAN,
  /**
   * The product of P(mask), P(gender) and P(age), each the weighted mean of the members that
   * predict that attribute.
   */
  BY_ATTRIBUTE;

  private static final double LEAST = 1e-12;
  private static final double TIE_SHARE = 1e-3;

  /** Returns the display name, also used in manifests, for instance {@code "soft vote"}. */
  public String displayName() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }

  /**
   * Returns the combination with a name.
   *
   * @param name a name that {@link #displayName} returns
   * @throws IllegalArgumentException if there is none
   */
  public static Combination named(String name) {
    for (Combination combination : values()) {
      if (combination.displayName().equals(name)) {
        return combination;
      }
    }
    throw new InvalidArgumentException(
        Problem.of(
            "combination",
            name,
            "soft vote, hard vote, geometric mean, rank mean or by attribute"));
  }

  /** Replaces a member's row by its contribution, in place; the row sums to 1. */
  void contribute(double[] row) {
    switch (this) {
      case SOFT_VOTE, BY_ATTRIBUTE -> {}
      case HARD_VOTE -> {
        int best = argmax(row, 0);
        for (int c = 0; c < row.length; c++) {
          row[c] *= TIE_SHARE;
        }
        row[best] += 1 - TIE_SHARE;
      }
      case GEOMETRIC_MEAN -> {
        for (int c = 0; c < row.length; c++) {
          row[c] = Math.log(Math.max(row[c], LEAST));
        }
      }
      case RANK_MEAN -> rank(row);
    }
  }

  /** Turns the weighted mean of contributions into probabilities, in place. */
  void finish(double[] row) {
    if (this == GEOMETRIC_MEAN) {
      double highest = row[argmax(row, 0)];
      for (int c = 0; c < row.length; c++) {
        row[c] = Math.exp(row[c] - highest);
      }
    }
    double sum = 0;
    for (double value : row) {
      sum += value;
    }
    for (int c = 0; c < row.length; c++) {
      row[c] /= sum;
    }
  }

  /** Returns the index of the largest of 18 values, from 0; the first one on ties. */
  static int argmax(double[] values, int from) {
    int best = 0;
    for (int c = 1; c < FaceClass.COUNT; c++) {
      if (values[from + c] > values[from + best]) {
        best = c;
      }
    }
    return best;
  }

  private static void rank(double[] row) {
    double[] values = row.clone();
    double all = values.length * (values.length + 1) / 2.0;
    for (int c = 0; c < values.length; c++) {
      int below = 0;
      int equal = 0;
      for (double other : values) {
        below += other < values[c] ? 1 : 0;
        equal += other == values[c] ? 1 : 0;
      }
      row[c] = (below + (equal + 1) / 2.0) / all;
    }
  }
}
