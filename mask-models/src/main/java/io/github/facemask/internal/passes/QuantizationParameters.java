package io.github.facemask.internal.passes;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * Maps 8-bit values q of 0 to 255 to real values: {@code scale * (q - zeroPoint)}.
 *
 * @param scale the step, above 0
 * @param zeroPoint the value of q that means zero, 0 to 255
 */
public record QuantizationParameters(double scale, int zeroPoint) {

  /** Checks the values. */
  public QuantizationParameters {
    checkArgument(scale > 0 && scale < 1e30, "scale is %s, expected a number above 0", scale);
    checkArgument(
        zeroPoint >= 0 && zeroPoint <= 255, "zero point is %s, expected 0 to 255", zeroPoint);
  }

  /** Returns the parameters with the smallest step that cover a range and zero. */
  static QuantizationParameters between(double low, double high) {
    double least = Math.min(0, low);
    double most = Math.max(0, high);
    double scale = Math.max((most - least) / 255, 1e-12);
    return new QuantizationParameters(scale, (int) Math.round(-least / scale));
  }
}
