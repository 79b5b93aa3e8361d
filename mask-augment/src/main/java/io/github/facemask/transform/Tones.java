package io.github.facemask.transform;

import io.github.facemask.image.Pixels;

/** Changes of tone for RandAugment, TrivialAugment and AugMix, as in torchvision. */
final class Tones {

  private Tones() {}

  /** Keeps the upper bits of each value. */
  static Pixels posterize(Pixels photo, int bits) {
    int mask = 0xff << (8 - bits);
    return Colors.mapped(photo, value -> value & mask);
  }

  /** Inverts values from a threshold on. */
  static Pixels solarize(Pixels photo, double threshold) {
    return Colors.mapped(photo, value -> value >= threshold ? 255 - value : value);
  }

  /** Stretches each channel to the whole range. */
  static Pixels autoContrast(Pixels photo) {
    byte[][] tables = new byte[3][256];
    for (int c = 0; c < 3; c++) {
      int[] counts = histogram(photo, c);
      int low = 0;
      int high = 255;
      while (counts[low] == 0) {
        low++;
      }
      while (counts[high] == 0) {
        high--;
      }
      for (int value = 0; value < 256; value++) {
        float stretched = high == low ? value : (value - low) * (1f / (high - low) * 255);
        tables[c][value] = (byte) Colors.cut(stretched);
      }
    }
    return mapped(photo, tables);
  }

  /** Equalizes each channel's histogram. */
  static Pixels equalize(Pixels photo) {
    byte[][] tables = new byte[3][256];
    for (int c = 0; c < 3; c++) {
      int[] counts = histogram(photo, c);
      int last = 255;
      while (counts[last] == 0) {
        last--;
      }
      int step = (photo.height() * photo.width() - counts[last]) / 255;
      int sum = step / 2;
      for (int value = 0; value < 256; value++) {
        tables[c][value] = (byte) (step == 0 ? value : Math.min(255, sum / step));
        sum += counts[value];
      }
    }
    return mapped(photo, tables);
  }

  /**
   * Blends with a smoothed photo: factor 0 gives the smoothed photo, 1 the photo, 2 a sharper one.
   * The outermost pixels are not smoothed.
   */
  static Pixels sharpness(Pixels photo, double factor) {
    if (photo.height() <= 2 || photo.width() <= 2) {
      return photo;
    }
    byte[] array = photo.array();
    byte[] result = new byte[array.length];
    float own = (float) factor;
    float other = (float) (1 - factor);
    byte[] unsmoothed = new byte[256];
    for (int value = 0; value < 256; value++) {
      unsmoothed[value] = (byte) Colors.cut(own * value + other * value);
    }
    int row = photo.width() * 3;
    for (int y = 0; y < photo.height(); y++) {
      boolean edge = y == 0 || y == photo.height() - 1;
      for (int i = y * row; i < (y + 1) * row; i++) {
        boolean inside = !edge && i >= y * row + 3 && i < (y + 1) * row - 3;
        result[i] = inside ? sharpened(array, i, row, own, other) : unsmoothed[array[i] & 0xff];
      }
    }
    return Pixels.wrap(photo.height(), photo.width(), result);
  }

  private static byte sharpened(byte[] array, int i, int row, float own, float other) {
    int sum = 4 * (array[i] & 0xff);
    for (int up = i - row; up <= i + row; up += row) {
      sum += (array[up - 3] & 0xff) + (array[up] & 0xff) + (array[up + 3] & 0xff);
    }
    // The nearest whole number of sum / 13.
    int smooth = (2 * sum + 13) / 26;
    return (byte) Colors.cut(own * (array[i] & 0xff) + other * smooth);
  }

  private static int[] histogram(Pixels photo, int channel) {
    int[] counts = new int[256];
    byte[] array = photo.array();
    for (int i = channel; i < array.length; i += 3) {
      counts[array[i] & 0xff]++;
    }
    return counts;
  }

  private static Pixels mapped(Pixels photo, byte[][] tables) {
    byte[] array = photo.array();
    byte[] result = new byte[array.length];
    for (int i = 0; i < array.length; i++) {
      result[i] = tables[i % 3][array[i] & 0xff];
    }
    return Pixels.wrap(photo.height(), photo.width(), result);
  }
}
