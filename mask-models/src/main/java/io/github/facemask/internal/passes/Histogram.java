package io.github.facemask.internal.passes;

import java.util.Arrays;

/**
 * A histogram of a tensor's values between minimum and maximum. It widens as it gets more values.
 * Not thread-safe.
 */
final class Histogram {

  static final int BINS = 2048;
  private static final int CANDIDATES = 80;

  private final double[] counts = new double[BINS];
  private double low;
  private double high;

  /** Widens the histogram to a range. Earlier counts are kept. */
  void widen(double least, double most) {
    double newLow = Math.min(low, least);
    double newHigh = Math.max(high, most);
    if (newLow == low && newHigh == high) {
      return;
    }
    double[] old = counts.clone();
    double oldLow = low;
    double oldWidth = width();
    Arrays.fill(counts, 0);
    low = newLow;
    high = newHigh;
    for (int bin = 0; bin < BINS; bin++) {
      double center = oldLow + (bin + 0.5) * oldWidth;
      int to = (int) ((center - low) / width());
      counts[Math.max(0, Math.min(BINS - 1, to))] += old[bin];
    }
  }

  double low() {
    return low;
  }

  /** Returns the width of the range, above 0. */
  double span() {
    return Math.max(high - low, 1e-12);
  }

  private double width() {
    return span() / BINS;
  }

  /** Adds counts; {@code more} has one number for each bin from index {@code from} on. */
  void add(float[] more, int from) {
    for (int bin = 0; bin < BINS; bin++) {
      counts[bin] += more[from + bin];
    }
  }

  /**
   * Returns the parameters with the lowest mean square error. A narrower range clips outliers and
   * has a finer step for all other values.
   */
  QuantizationParameters best() {
    QuantizationParameters best = QuantizationParameters.between(low, high);
    double least = error(best);
    for (int i = 1; i < CANDIDATES; i++) {
      double cut = Math.max(-low, high) * (1 - (double) i / CANDIDATES);
      QuantizationParameters candidate =
          QuantizationParameters.between(Math.max(low, -cut), Math.min(high, cut));
      double error = error(candidate);
      if (error < least) {
        least = error;
        best = candidate;
      }
    }
    return best;
  }

  private double error(QuantizationParameters parameters) {
    double least = -parameters.scale() * parameters.zeroPoint();
    double most = parameters.scale() * (255 - parameters.zeroPoint());
    double sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
      double value = low + (bin + 0.5) * width();
      double cut = value < least ? least - value : Math.max(0, value - most);
      double step = parameters.scale();
      // A value below half a step is rounded to zero. The others have the uniform rounding error.
      double off = Math.abs(value) < step / 2 ? value * value : step * step / 12;
      sum += counts[bin] * (cut > 0 ? cut * cut : off);
    }
    return sum;
  }
}
