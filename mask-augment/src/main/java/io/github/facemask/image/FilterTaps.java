package io.github.facemask.image;

import com.google.common.primitives.Ints;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;

/**
 * The weights with which source pixels make each target pixel, along one axis; positions and
 * weights as in Pillow's {@code precompute_coeffs}, in fixed point.
 */
final class FilterTaps {

  private final int[] firsts;
  private final int[] weights;
  private final int size;
  private final int end;

  private FilterTaps(int[] firsts, int[] weights, int size, int end) {
    this.firsts = firsts;
    this.weights = weights;
    this.size = size;
    this.end = end;
  }

  static FilterTaps of(
      int length, double from, double to, int target, Interpolation filter, int bits) {
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
    int size = Math.max(3, Ints.max(counts));
    size = size == 4 ? 5 : size; // sizes with unrolled loops
    int[] weights = new int[target * size];
    double[] exact = new double[size];
    for (int i = 0; i < target; i++) {
      double total = 0;
      for (int k = 0; k < counts[i]; k++) {
        double x = (k + firsts[i] - centers[i] + 0.5) / widening;
        exact[k] = bicubic ? bicubic(x) : Math.max(0, 1 - Math.abs(x));
        total += exact[k];
      }
      round(exact, counts[i], total, bits, weights, i * size);
    }
    int end = firsts[target - 1] + counts[target - 1];
    return new FilterTaps(firsts, weights, size, end);
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

  /** The first source of a target's window. */
  int first(int target) {
    return firsts[target];
  }

  /** The end of the last window. */
  int end() {
    return end;
  }

  /** The first source of each target's window; they never decrease. */
  int[] firsts() {
    return firsts;
  }

  /** The weights, {@link #size} for each target; zero behind the true end of its window. */
  int[] weights() {
    return weights;
  }

  /** The number of weights for each target, at least 3. */
  int size() {
    return size;
  }
}
