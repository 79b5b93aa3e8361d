package io.github.facemask.label;

import static io.github.facemask.problem.InvalidArgumentException.check;

/** The three age groups; the order is the competition's. */
public enum AgeGroup {
  UNDER_30,
  FROM_30_TO_59,
  FROM_60;

  /** The number of ages in years that a model tells apart: 0 to 100; older people count as 100. */
  public static final int YEARS = 101;

  /**
   * Returns the group of an age under the competition's boundaries, 30 and 60.
   *
   * @param years the age in whole years, 0 to 150
   * @return the group
   * @throws IllegalArgumentException if the age is out of range
   */
  public static AgeGroup ofYears(int years) {
    check(years >= 0 && years <= 150, "age", years, "0 to 150 years");
    if (years < 30) {
      return UNDER_30;
    }
    return years < 60 ? FROM_30_TO_59 : FROM_60;
  }

  /** Returns the lowest age of the group in years: 0, 30 or 60. */
  public int firstYear() {
    return 30 * ordinal();
  }
}
