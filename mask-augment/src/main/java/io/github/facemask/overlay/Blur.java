package io.github.facemask.overlay;

import java.util.Arrays;

/** Gaussian blurs of a plane of numbers, in place. The edge of the plane is repeated beyond it. */
final class Blur {

  private Blur() {}

  /** A blur by its weights, for a small deviation. */
  static void apply(float[] plane, int width, int height, double sigma) {
    int reach = (int) Math.ceil(2.5 * sigma);
    float[] weights = weights(reach, sigma);
    float[] line = new float[width + 2 * reach];
    float[] sums = new float[width];
    for (int y = 0; y < height; y++) {
      pad(plane, y * width, width, reach, line);
      Arrays.fill(sums, 0);
      for (int k = 0; k <= 2 * reach; k++) {
        add(sums, line, k, weights[Math.abs(k - reach)]);
      }
      System.arraycopy(sums, 0, plane, y * width, width);
    }
    float[] copy = plane.clone();
    for (int y = 0; y < height; y++) {
      Arrays.fill(sums, 0);
      for (int k = -reach; k <= reach; k++) {
        int row = Math.max(0, Math.min(height - 1, y + k));
        add(sums, copy, row * width, weights[Math.abs(k)]);
      }
      System.arraycopy(sums, 0, plane, y * width, width);
    }
  }

  private static float[] weights(int reach, double sigma) {
    float[] weights = new float[reach + 1];
    double sum = 0;
    for (int i = 0; i <= reach; i++) {
      weights[i] = (float) Math.exp(-i * i / (2 * sigma * sigma));
      sum += i == 0 ? weights[i] : 2 * weights[i];
    }
    for (int i = 0; i <= reach; i++) {
      weights[i] /= (float) sum;
    }
    return weights;
  }

  private static void pad(float[] plane, int from, int width, int reach, float[] line) {
    Arrays.fill(line, 0, reach, plane[from]);
    System.arraycopy(plane, from, line, reach, width);
    Arrays.fill(line, reach + width, line.length, plane[from + width - 1]);
  }

  /** A loop that the compiler makes vector instructions of. */
  private static void add(float[] sums, float[] values, int from, float weight) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += weight * values[from + x];
    }
  }

  /** About the same for a large deviation: three means of a window, which cost the same for any. */
  static void wide(float[] plane, int width, int height, double sigma) {
    int reach = (int) Math.max(1, Math.rint(sigma * 0.87));
    float share = 1f / (2 * reach + 1);
    float[] line = new float[width + 2 * reach];
    float[] sums = new float[width];
    float[] copy = new float[plane.length];
    for (int pass = 0; pass < 3; pass++) {
      for (int y = 0; y < height; y++) {
        pad(plane, y * width, width, reach, line);
        float sum = 0;
        for (int i = 0; i < 2 * reach; i++) {
          sum += line[i];
        }
        for (int x = 0; x < width; x++) {
          sum += line[x + 2 * reach];
          plane[y * width + x] = sum * share;
          sum -= line[x];
        }
      }
      System.arraycopy(plane, 0, copy, 0, plane.length);
      Arrays.fill(sums, 0);
      for (int y = -reach; y < reach; y++) {
        add(sums, copy, Math.max(0, Math.min(height - 1, y)) * width, 1);
      }
      for (int y = 0; y < height; y++) {
        add(sums, copy, Math.min(height - 1, y + reach) * width, 1);
        for (int x = 0; x < width; x++) {
          plane[y * width + x] = sums[x] * share;
        }
        add(sums, copy, Math.max(0, y - reach) * width, -1);
      }
    }
  }
}
