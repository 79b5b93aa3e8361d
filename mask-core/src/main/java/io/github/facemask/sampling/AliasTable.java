package io.github.facemask.sampling;

import java.util.random.RandomGenerator;

/**
 * Draws indices by weight in constant time (Vose, "A linear algorithm for generating random numbers
 * with a given distribution", 1991).
 */
final class AliasTable {

  private final double[] keep;
  private final int[] alias;

  AliasTable(double[] weights) {
    int n = weights.length;
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    keep = new double[n];
    alias = new int[n];
    int[] small = new int[n];
    int[] large = new int[n];
    int smalls = 0;
    int larges = 0;
    for (int i = 0; i < n; i++) {
      keep[i] = weights[i] * n / sum;
      alias[i] = i;
      if (keep[i] < 1) {
        small[smalls++] = i;
      } else {
        large[larges++] = i;
      }
    }
    while (smalls > 0 && larges > 0) {
      int low = small[--smalls];
      int high = large[larges - 1];
      alias[low] = high;
      keep[high] -= 1 - keep[low];
      if (keep[high] < 1) {
        larges--;
        small[smalls++] = high;
      }
    }
    // The rest differs from 1 by rounding; a zero weight must still never be drawn.
    while (smalls > 0) {
      int last = small[--smalls];
      if (weights[last] > 0) {
        keep[last] = 1;
      } else {
        alias[last] = heaviest(weights);
      }
    }
  }

  int draw(RandomGenerator random) {
    int index = random.nextInt(keep.length);
    return random.nextDouble() < keep[index] ? index : alias[index];
  }

  private static int heaviest(double[] weights) {
    int best = 0;
    for (int i = 1; i < weights.length; i++) {
      if (weights[i] > weights[best]) {
        best = i;
      }
    }
    return best;
  }
}
