package io.github.facemask.combination;

import io.github.facemask.label.FaceClass;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;

/**
 * How members' probabilities become one row. All but {@link #BY_ATTRIBUTE} add up a contribution of
 * each member times its weight, so weights can be fitted to any of them. None looks at other
 * photos: a photo's answer does not depend on what it is asked with.
 */
public enum Combination {
  /** The weighted mean of the probabilities. */
  SOFT_VOTE,
  /**
   * The weighted share of the members whose most probable class it is. Ties go to the class of the
   * higher mean probability, and if these are equal too, to the lower number: a thousandth of each
   * row is the soft vote.
   */
  HARD_VOTE,
  /**
   * The weighted geometric mean, divided by its sum; a probability below 1e-12 counts as 1e-12. A
   * member that holds a class impossible nearly vetoes it.
   */
  GEOMETRIC_MEAN,
  /**
   * The weighted mean of the classes' ranks in each member's row (Borda count; equal probabilities
   * share their mean rank), divided by its sum. Deaf to how sure a member is.
   */
  RANK_MEAN,
  /**
   * The product of P(mask), P(gender) and P(age), each the weighted mean of the members that answer
   * for that attribute.
   */
  BY_ATTRIBUTE;

  private static final double LEAST = 1e-12;
  private static final double TIE_SHARE = 1e-3;

  /** Returns the name for people and manifests, for instance {@code "soft vote"}. */
  public String displayName() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
  }

  /**
   * Returns the combination of a name.
   *
   * @param name what {@link #displayName} gives
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

  /** Turns a member's row into what it adds, in place; the row sums to 1. */
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

  /** Returns the place of the greatest of 18 values, from 0; the first of equals. */
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
