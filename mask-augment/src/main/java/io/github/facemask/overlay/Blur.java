package io.github.facemask.overlay;

/** Gaussian blurs of a plane of numbers, in place. */
final class Blur {

  private Blur() {}

  static void apply(float[] plane, int width, int height, double sigma) {
    int reach = (int) Math.ceil(2.5 * sigma);
    float[] weights = new float[reach + 1];
    double sum = 0;
    for (int i = 0; i <= reach; i++) {
      weights[i] = (float) Math.exp(-i * i / (2 * sigma * sigma));
      sum += i == 0 ? weights[i] : 2 * weights[i];
    }
    for (int i = 0; i <= reach; i++) {
      weights[i] /= (float) sum;
    }
    float[] line = new float[Math.max(width, height)];
    for (int y = 0; y < height; y++) {
      System.arraycopy(plane, y * width, line, 0, width);
      for (int x = 0; x < width; x++) {
        float value = weights[0] * line[x];
        for (int k = 1; k <= reach; k++) {
          value += weights[k] * (line[Math.max(0, x - k)] + line[Math.min(width - 1, x + k)]);
        }
        plane[y * width + x] = value;
      }
    }
    float[] copy = plane.clone();
    for (int y = 0; y < height; y++) {
      int to = y * width;
      for (int x = 0; x < width; x++) {
        plane[to + x] = weights[0] * copy[to + x];
      }
      for (int k = 1; k <= reach; k++) {
        int above = Math.max(0, y - k) * width;
        int below = Math.min(height - 1, y + k) * width;
        for (int x = 0; x < width; x++) {
          plane[to + x] += weights[k] * (copy[above + x] + copy[below + x]);
        }
      }
    }
  }

  /** About the same for a large deviation: three means of a window, which cost the same for any. */
  static void wide(float[] plane, int width, int height, double sigma) {
    int reach = (int) Math.max(1, Math.rint(sigma * 0.87));
    float[] line = new float[Math.max(width, height)];
    for (int pass = 0; pass < 3; pass++) {
      for (int y = 0; y < height; y++) {
        mean(plane, y * width, 1, width, reach, line);
      }
      for (int x = 0; x < width; x++) {
        mean(plane, x, width, height, reach, line);
      }
    }
  }

  private static void mean(float[] plane, int from, int step, int count, int reach, float[] line) {
    for (int i = 0; i < count; i++) {
      line[i] = plane[from + i * step];
    }
    double sum = 0;
    for (int i = -reach; i <= reach; i++) {
      sum += line[Math.max(0, Math.min(count - 1, i))];
    }
    float share = 1f / (2 * reach + 1);
    for (int i = 0; i < count; i++) {
      plane[from + i * step] = (float) sum * share;
      sum += line[Math.min(count - 1, i + reach + 1)] - line[Math.max(0, i - reach)];
    }
  }
}
