package io.github.facemask.image;

import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import java.util.Arrays;

/**
 * Bicubic resizing in Pillow's order and precision: columns first, weights of 22 bits, clipped to 8
 * bits between the passes.
 */
final class BicubicFilter {

  private static final int WEIGHT_BITS = 22;
  private static final int HALF = 1 << (WEIGHT_BITS - 1);

  private BicubicFilter() {}

  static byte[] resize(Pixels photo, Box box, int height, int width) {
    FilterTaps columns =
        FilterTaps.of(
            photo.width(), box.left(), box.right(), width, Interpolation.BICUBIC, WEIGHT_BITS);
    FilterTaps rows =
        FilterTaps.of(
            photo.height(), box.top(), box.bottom(), height, Interpolation.BICUBIC, WEIGHT_BITS);
    int[] source = new int[photo.width() * 3];
    int[][] kept = new int[rows.size()][width * 3];
    int[] sums = new int[width * 3];
    byte[] result = new byte[height * width * Pixels.CHANNELS];
    int next = rows.first(0);
    for (int y = 0; y < height; y++) {
      int end = Math.min(rows.first(y) + rows.size(), rows.end());
      for (; next < end; next++) {
        widen(photo, next, columns.first(0), columns.end(), source);
        filterRow(source, columns, kept[next % kept.length]);
      }
      Arrays.fill(sums, HALF);
      for (int row = rows.first(y), i = y * rows.size(); row < end; row++, i++) {
        addRow(sums, kept[row % kept.length], rows.weights()[i]);
      }
      for (int i = 0, at = y * sums.length; i < sums.length; i++, at++) {
        result[at] = (byte) clipped(sums[i]);
      }
    }
    return result;
  }

  private static void widen(Pixels photo, int y, int from, int to, int[] row) {
    byte[] array = photo.array();
    int start = y * photo.width() * 3;
    for (int i = from * 3; i < to * 3; i++) {
      row[i] = array[start + i] & 0xff;
    }
  }

  private static void filterRow(int[] source, FilterTaps taps, int[] target) {
    int[] weights = taps.weights();
    int[] firsts = taps.firsts();
    int size = taps.size();
    for (int x = 0; x < firsts.length; x++) {
      int red = HALF;
      int green = HALF;
      int blue = HALF;
      int at = firsts[x] * 3;
      int end = Math.min(firsts[x] + size, taps.end()) * 3;
      for (int i = x * size; at < end; i++, at += 3) {
        int weight = weights[i];
        red += source[at] * weight;
        green += source[at + 1] * weight;
        blue += source[at + 2] * weight;
      }
      target[x * 3] = clipped(red);
      target[x * 3 + 1] = clipped(green);
      target[x * 3 + 2] = clipped(blue);
    }
  }

  private static void addRow(int[] sums, int[] row, int weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += row[i] * weight;
    }
  }

  private static int clipped(int sum) {
    return Math.max(0, Math.min(255, sum >> WEIGHT_BITS));
  }
}
