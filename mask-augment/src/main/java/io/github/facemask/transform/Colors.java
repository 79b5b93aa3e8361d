package io.github.facemask.transform;

import io.github.facemask.image.Pixels;
import java.util.function.IntUnaryOperator;

/**
 * Changes of colour, value by value; results are clipped to 0..255 and truncated. Numbers are
 * floats, as in torchvision, so that the results are torchvision's to the last level.
 */
final class Colors {

  private Colors() {}

  static Pixels brightness(Pixels photo, double factor) {
    float own = (float) factor;
    return mapped(photo, value -> cut(own * value));
  }

  static Pixels contrast(Pixels photo, double factor) {
    byte[] array = photo.array();
    long sum = 0;
    for (int i = 0; i < array.length; i += 3) {
      sum += grey(array, i);
    }
    float own = (float) factor;
    float rest = (float) (1 - factor) * (float) (sum * 3.0 / array.length);
    return mapped(photo, value -> cut(own * value + rest));
  }

  static Pixels saturation(Pixels photo, double factor) {
    byte[] array = photo.array();
    byte[] result = new byte[array.length];
    float own = (float) factor;
    float other = (float) (1 - factor);
    for (int i = 0; i < array.length; i += 3) {
      float rest = other * grey(array, i);
      for (int c = i; c < i + 3; c++) {
        result[c] = (byte) cut(own * (array[c] & 0xff) + rest);
      }
    }
    return Pixels.wrap(photo.height(), photo.width(), result);
  }

  static Pixels grey(Pixels photo) {
    byte[] array = photo.array();
    byte[] result = new byte[array.length];
    for (int i = 0; i < array.length; i += 3) {
      byte grey = (byte) grey(array, i);
      result[i] = grey;
      result[i + 1] = grey;
      result[i + 2] = grey;
    }
    return Pixels.wrap(photo.height(), photo.width(), result);
  }

  /** Rotates the hue in HSV, by a fraction of the circle. */
  static Pixels hue(Pixels photo, double turn) {
    byte[] array = photo.array();
    byte[] result = new byte[array.length];
    for (int i = 0; i < array.length; i += 3) {
      turn(array, result, i, turn);
    }
    return Pixels.wrap(photo.height(), photo.width(), result);
  }

  private static void turn(byte[] from, byte[] to, int i, double turn) {
    int r = from[i] & 0xff;
    int g = from[i + 1] & 0xff;
    int b = from[i + 2] & 0xff;
    int max = Math.max(r, Math.max(g, b));
    int range = max - Math.min(r, Math.min(g, b));
    double sextant = 0;
    if (range > 0) {
      if (max == r) {
        sextant = (double) (g - b) / range;
      } else {
        sextant = max == g ? 2 + (double) (b - r) / range : 4 + (double) (r - g) / range;
      }
    }
    sextant += 6 * turn;
    to[i] = (byte) channel(sextant + 5, max, range);
    to[i + 1] = (byte) channel(sextant + 3, max, range);
    to[i + 2] = (byte) channel(sextant + 1, max, range);
  }

  /** One channel from hue, value and chroma: max - range * clamp(min(k, 4 - k), 0, 1). */
  private static int channel(double k, int max, int range) {
    double sextant = k - 6 * Math.floor(k / 6);
    double share = Math.max(0, Math.min(1, Math.min(sextant, 4 - sextant)));
    return (int) Math.rint(max - range * share);
  }

  static Pixels mapped(Pixels photo, IntUnaryOperator map) {
    byte[] table = new byte[256];
    for (int value = 0; value < 256; value++) {
      table[value] = (byte) map.applyAsInt(value);
    }
    byte[] array = photo.array();
    byte[] result = new byte[array.length];
    for (int i = 0; i < array.length; i++) {
      result[i] = table[array[i] & 0xff];
    }
    return Pixels.wrap(photo.height(), photo.width(), result);
  }

  private static int grey(byte[] array, int i) {
    return (int)
        (0.2989f * (array[i] & 0xff)
            + 0.587f * (array[i + 1] & 0xff)
            + 0.114f * (array[i + 2] & 0xff));
  }

  /** Clips and truncates. */
  static int cut(float value) {
    return (int) Math.max(0, Math.min(255, value));
  }
}
