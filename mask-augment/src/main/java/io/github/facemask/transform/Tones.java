package io.github.facemask.transform;

import io.github.facemask.image.Pixels;

/** Changes of tone for RandAugment and TrivialAugment, as in Pillow's ImageOps. */
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
        double stretched = high == low ? value : (value - low) * 255.0 / (high - low);
        tables[c][value] = (byte) Math.max(0, Math.min(255, stretched));
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
   */
  static Pixels sharpness(Pixels photo, double factor) {
    byte[] array = photo.array();
    byte[] result = array.clone();
    int row = photo.width() * 3;
    for (int y = 1; y < photo.height() - 1; y++) {
      for (int i = y * row + 3; i < (y + 1) * row - 3; i++) {
        int sum = 4 * (array[i] & 0xff);
        for (int up = i - row; up <= i + row; up += row) {
          sum += (array[up - 3] & 0xff) + (array[up] & 0xff) + (array[up + 3] & 0xff);
        }
        double value = factor * (array[i] & 0xff) + (1 - factor) * (sum / 13.0);
        result[i] = (byte) Math.max(0, Math.min(255, value));
      }
    }
    return Pixels.wrap(photo.height(), photo.width(), result);
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
