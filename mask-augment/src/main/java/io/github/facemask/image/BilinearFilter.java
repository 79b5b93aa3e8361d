package io.github.facemask.image;

import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Bilinear resizing, the fast path of training. The three channels of a pixel are computed in one
 * long, 21 bits each: a byte times a weight of 13 bits, and its rounding, fit exactly. Rows are
 * filtered before columns, unlike Pillow, because that pass is vectorised; as no weight is
 * negative, either order is within half a level of the unrounded result before the last rounding.
 */
final class BilinearFilter {

  private static final int WEIGHT_BITS = 13;
  private static final int GREEN = 21;
  private static final int BLUE = 42;
  private static final long ONES = 1L | (1L << GREEN) | (1L << BLUE);
  private static final long LOW = 0xff * ONES;
  private static final long HALF = (1L << (WEIGHT_BITS - 1)) * ONES;
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private BilinearFilter() {}

  static byte[] resize(Pixels photo, Box box, int height, int width) {
    FilterTaps columns =
        FilterTaps.of(
            photo.width(), box.left(), box.right(), width, Interpolation.BILINEAR, WEIGHT_BITS);
    FilterTaps rows =
        FilterTaps.of(
            photo.height(), box.top(), box.bottom(), height, Interpolation.BILINEAR, WEIGHT_BITS);
    int from = columns.first(0);
    int to = columns.end();
    long[][] kept = new long[rows.size()][to - from];
    // Windows are as wide as the widest, with zero weights behind their true end.
    long[] sums = new long[to - from + columns.size()];
    byte[] result = new byte[height * width * Pixels.CHANNELS];
    int next = rows.first(0);
    for (int y = 0; y < height; y++) {
      int end = Math.min(rows.first(y) + rows.size(), rows.end());
      for (; next < end; next++) {
        spread(photo, next, from, to, kept[next % kept.length]);
      }
      Arrays.fill(sums, HALF);
      for (int row = rows.first(y), i = y * rows.size(); row < end; row++, i++) {
        addRow(sums, kept[row % kept.length], rows.weights()[i]);
      }
      for (int x = 0; x < sums.length; x++) {
        sums[x] = (sums[x] >>> WEIGHT_BITS) & LOW;
      }
      filterColumns(sums, from, columns, result, y * width * Pixels.CHANNELS);
    }
    return result;
  }

  /** Puts each pixel of a row into the three lanes of a long. */
  private static void spread(Pixels photo, int y, int from, int to, long[] row) {
    byte[] array = photo.array();
    int at = (y * photo.width() + from) * 3;
    int count = to - from;
    // Four bytes are read for three; the photo's very last pixel has no fourth.
    boolean last = at + count * 3 + 1 > array.length;
    int fast = last ? count - 1 : count;
    for (int x = 0; x < fast; x++, at += 3) {
      int p = (int) INTS.get(array, at);
      row[x] = (p & 0xffL) | ((p & 0xff00L) << (GREEN - 8)) | ((p & 0xff0000L) << (BLUE - 16));
    }
    if (last) {
      row[fast] =
          (array[at] & 0xffL)
              | ((array[at + 1] & 0xffL) << GREEN)
              | ((array[at + 2] & 0xffL) << BLUE);
    }
  }

  private static void addRow(long[] sums, long[] row, long weight) {
    for (int x = 0; x < row.length; x++) {
      sums[x] += row[x] * weight;
    }
  }

  // Written out for the usual numbers of taps: a loop of three steps costs more than its steps.
  private static void filterColumns(
      long[] s, int shift, FilterTaps taps, byte[] result, int offset) {
    int[] w = taps.weights();
    int[] firsts = taps.firsts();
    int size = taps.size();
    for (int x = 0, i = 0, at = offset; x < firsts.length; x++, i += size, at += 3) {
      int from = firsts[x] - shift;
      long sum = HALF + s[from] * w[i] + s[from + 1] * w[i + 1] + s[from + 2] * w[i + 2];
      if (size == 5) {
        sum += s[from + 3] * w[i + 3] + s[from + 4] * w[i + 4];
      } else if (size > 5) {
        sum += rest(s, from + 3, w, i + 3, size - 3);
      }
      store(sum, result, at);
    }
  }

  private static long rest(long[] s, int from, int[] w, int first, int count) {
    long sum = 0;
    for (int k = 0; k < count; k++) {
      sum += s[from + k] * w[first + k];
    }
    return sum;
  }

  private static void store(long sum, byte[] result, int at) {
    long lanes = sum >>> WEIGHT_BITS;
    if (at + 4 <= result.length) {
      // Four bytes for three: the fourth is overwritten by the next pixel.
      INTS.set(
          result,
          at,
          (int)
              ((lanes & 0xff)
                  | ((lanes >>> (GREEN - 8)) & 0xff00)
                  | ((lanes >>> (BLUE - 16)) & 0xff0000)));
    } else {
      result[at] = (byte) lanes;
      result[at + 1] = (byte) (lanes >>> GREEN);
      result[at + 2] = (byte) (lanes >>> BLUE);
    }
  }
}
