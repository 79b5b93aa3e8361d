package io.github.facemask.image;

import com.google.common.primitives.Ints;
import io.github.facemask.preprocessing.Interpolation;

/**
 * The weights with which source pixels make each target pixel, along one axis; positions and
 * weights as in Pillow's {@code precompute_coeffs}, in fixed point with fewer bits, so that three
 * channels fit into a long.
 */
final class FilterTaps {

  // A lane of 21 bits holds 255 * 2^13 and its rounding. Bicubic weights overshoot by up to an
  // eighth on both sides: one bit less, and a bias that keeps the sums above zero.
  private static final int BILINEAR_BITS = 13;
  private static final int BICUBIC_BITS = 12;
  private static final int BICUBIC_BIAS = 64;

  private final int[] firsts;
  private final int[] weights;
  private final int size;
  private final int end;
  private final boolean bicubic;

  private FilterTaps(int[] firsts, int[] weights, int size, int end, boolean bicubic) {
    this.firsts = firsts;
    this.weights = weights;
    this.size = size;
    this.end = end;
    this.bicubic = bicubic;
  }

  static FilterTaps of(int length, double from, double to, int target, Interpolation filter) {
    boolean bicubic = filter == Interpolation.BICUBIC;
    double scale = (to - from) / target;
    double widening = Math.max(scale, 1);
    double support = (bicubic ? 2 : 1) * widening;
    int[] firsts = new int[target];
    int[] counts = new int[target];
    double[] centers = new double[target];
    for (int i = 0; i < target; i++) {
      double center = from + (i + 0.5) * scale;
      centers[i] = center;
      firsts[i] = Math.max(0, Math.min(length - 1, (int) (center - support + 0.5)));
      counts[i] = Math.max(1, Math.min(length, (int) (center + support + 0.5)) - firsts[i]);
    }
    int size = paddedSize(Ints.max(counts));
    int[] weights = new int[target * size];
    double[] exact = new double[size];
    for (int i = 0; i < target; i++) {
      double total = 0;
      for (int k = 0; k < counts[i]; k++) {
        double x = (k + firsts[i] - centers[i] + 0.5) / widening;
        exact[k] = bicubic ? bicubic(x) : Math.max(0, 1 - Math.abs(x));
        total += exact[k];
      }
      round(exact, counts[i], total, bicubic ? BICUBIC_BITS : BILINEAR_BITS, weights, i * size);
    }
    int end = firsts[target - 1] + counts[target - 1];
    return new FilterTaps(firsts, weights, size, end, bicubic);
  }

  /** The window sizes for which the resampler has loops. */
  private static int paddedSize(int count) {
    if (count <= 3) {
      return 3;
    }
    return count == 5 ? 5 : (count + 3) / 4 * 4;
  }

  /** Rounds so that the weights' sum is exactly one: a plain area stays as it is. */
  private static void round(
      double[] exact, int count, double total, int bits, int[] weights, int offset) {
    int missing = 1 << bits;
    int largest = 0;
    for (int k = 0; k < count; k++) {
      weights[offset + k] = (int) Math.rint(exact[k] / total * (1 << bits));
      missing -= weights[offset + k];
      largest = exact[k] > exact[largest] ? k : largest;
    }
    weights[offset + largest] += missing;
  }

  /** Keys' cubic convolution with a = -0.5, as Pillow's. */
  private static double bicubic(double signed) {
    double x = Math.abs(signed);
    if (x < 1) {
      return (1.5 * x - 2.5) * x * x + 1;
    }
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
  }

  int first(int target) {
    return firsts[target];
  }

  /** The end of a target's window; weights behind its true end are zero. */
  int end(int target) {
    return Math.min(firsts[target] + size, end);
  }

  int weight(int target, int source) {
    return weights[target * size + source - firsts[target]];
  }

  int[] firsts() {
    return firsts;
  }

  int[] weights() {
    return weights;
  }

  /** The number of targets. */
  int count() {
    return firsts.length;
  }

  /** The number of weights for each target. */
  int size() {
    return size;
  }

  int bits() {
    return bicubic ? BICUBIC_BITS : BILINEAR_BITS;
  }

  int bias() {
    return bicubic ? BICUBIC_BIAS : 0;
  }

  /** What each sum begins with: a half, for rounding, and the bias. */
  long start() {
    return (1L << (bits() - 1)) + ((long) bias() << bits());
  }

  boolean clips() {
    return bicubic;
  }
}
