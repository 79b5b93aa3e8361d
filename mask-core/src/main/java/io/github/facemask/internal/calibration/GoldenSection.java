package io.github.facemask.internal.calibration;

import java.util.function.DoubleUnaryOperator;

/** Finds the minimum of a function with one minimum, by golden-section search (Kiefer, 1953). */
public final class GoldenSection {

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private GoldenSection() {}

  /**
   * Finds where a function is lowest.
   *
   * @param function falls, then rises
   * @param from the lower end
   * @param to the upper end
   * @param exact the search ends when the minimum is known to lie within this distance
   * @return the place of the minimum
   */
  public static double minimum(DoubleUnaryOperator function, double from, double to, double exact) {
    double low = from;
    double high = to;
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = function.applyAsDouble(left);
    double atRight = function.applyAsDouble(right);
    while (high - low > exact) {
      if (atLeft <= atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = function.applyAsDouble(left);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = function.applyAsDouble(right);
      }
    }
    return (low + high) / 2;
  }
}
