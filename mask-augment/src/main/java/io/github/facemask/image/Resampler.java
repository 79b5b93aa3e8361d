package io.github.facemask.image;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.preprocessing.Interpolation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Resizes a rectangle of a photo, antialiased: when it shrinks, the filter widens with the scale.
 * The algorithm is Pillow's ({@code Image.resize} with a box: separable, columns first, rounded to
 * 8 bits between the passes), with results within 1 level of it. Neighbours outside the rectangle
 * take part where the photo has them, as in Pillow; so resizing a part gives the same pixels as
 * cutting it from the resized whole.
 *
 * <p>Safe to call from many threads.
 */
public final class Resampler {

  // The three channels of a pixel are computed in one long, 21 bits each.
  private static final int LANE = 21;
  private static final int GREEN = LANE;
  private static final int BLUE = 2 * LANE;
  private static final long ONES = 1L | (1L << GREEN) | (1L << BLUE);
  private static final long LOW = 0xff * ONES;
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Resampler() {}

  /**
   * Resizes a whole photo.
   *
   * @param photo the photo
   * @param height the new height in pixels, at least 1
   * @param width the new width in pixels, at least 1
   * @param interpolation the filter
   * @return the resized photo
   */
  public static Pixels resize(Pixels photo, int height, int width, Interpolation interpolation) {
    return resize(photo, Box.whole(photo.height(), photo.width()), height, width, interpolation);
  }

  /**
   * Resizes a rectangle of a photo.
   *
   * @param photo the photo
   * @param box what to resize; must lie within the photo
   * @param height the new height in pixels, at least 1
   * @param width the new width in pixels, at least 1
   * @param interpolation the filter
   * @return the resized rectangle
   * @throws IllegalArgumentException if the box does not lie within the photo
   */
  public static Pixels resize(
      Pixels photo, Box box, int height, int width, Interpolation interpolation) {
    checkArgument(
        height >= 1 && width >= 1, "size is %s x %s, expected sides of at least 1", height, width);
    double slack = 1e-6 * Math.max(photo.height(), photo.width());
    checkArgument(
        box.left() >= -slack
            && box.top() >= -slack
            && box.right() <= photo.width() + slack
            && box.bottom() <= photo.height() + slack,
        "%s does not lie within %s",
        box,
        photo);
    FilterTaps columns =
        FilterTaps.of(photo.width(), box.left(), box.right(), width, interpolation);
    FilterTaps rows = FilterTaps.of(photo.height(), box.top(), box.bottom(), height, interpolation);
    return Pixels.wrap(height, width, filter(photo, columns, rows));
  }

  /** Filters the columns of each source row once, and keeps only the rows that are still needed. */
  private static byte[] filter(Pixels photo, FilterTaps columns, FilterTaps rows) {
    int width = columns.count();
    int height = rows.count();
    byte[] result = new byte[height * width * Pixels.CHANNELS];
    int firstColumn = columns.first(0);
    int endColumn = columns.end(width - 1);
    // Windows are as wide as the widest, with zero weights behind their true end.
    long[] source = new long[endColumn + columns.size()];
    long[][] kept = new long[rows.size()][width];
    long[] sums = new long[width];
    int next = rows.first(0);
    for (int y = 0; y < height; y++) {
      for (; next < rows.end(y); next++) {
        spread(photo, next, firstColumn, endColumn, source);
        filterRow(source, columns, kept[next % kept.length]);
      }
      Arrays.fill(sums, rows.start() * ONES);
      for (int row = rows.first(y); row < rows.end(y); row++) {
        addRow(sums, kept[row % kept.length], rows.weight(y, row));
      }
      if (rows.clips()) {
        for (int x = 0; x < width; x++) {
          sums[x] = clip(sums[x], rows) << rows.bits();
        }
      }
      store(sums, rows.bits(), result, y * width * Pixels.CHANNELS);
    }
    return result;
  }

  /** Puts each pixel of a row into the three lanes of a long. */
  private static void spread(Pixels photo, int y, int from, int end, long[] row) {
    byte[] array = photo.array();
    int at = (y * photo.width() + from) * 3;
    // Four bytes are read for three; the photo's very last pixel has no fourth.
    boolean last = (y * photo.width() + end) * 3 + 1 > array.length;
    int fast = last ? end - 1 : end;
    for (int x = from; x < fast; x++, at += 3) {
      int p = (int) INTS.get(array, at);
      row[x] = (p & 0xffL) | ((p & 0xff00L) << (GREEN - 8)) | ((p & 0xff0000L) << (BLUE - 16));
    }
    if (last) {
      row[end - 1] =
          (array[at] & 0xffL)
              | ((array[at + 1] & 0xffL) << GREEN)
              | ((array[at + 2] & 0xffL) << BLUE);
    }
  }

  private static void filterRow(long[] source, FilterTaps taps, long[] target) {
    switch (taps.size()) {
      case 3 -> sumThree(source, taps, target);
      case 5 -> sumFive(source, taps, target);
      default -> sumFours(source, taps, target);
    }
    if (taps.clips()) {
      for (int x = 0; x < target.length; x++) {
        target[x] = clip(target[x], taps);
      }
    } else {
      int bits = taps.bits();
      for (int x = 0; x < target.length; x++) {
        target[x] = (target[x] >>> bits) & LOW;
      }
    }
  }

  // Written out for the usual numbers of taps: a loop of three steps costs more than its steps.

  private static void sumThree(long[] s, FilterTaps taps, long[] target) {
    int[] w = taps.weights();
    int[] firsts = taps.firsts();
    long start = taps.start() * ONES;
    for (int x = 0, i = 0; x < target.length; x++, i += 3) {
      int from = firsts[x];
      target[x] = start + s[from] * w[i] + s[from + 1] * w[i + 1] + s[from + 2] * w[i + 2];
    }
  }

  private static void sumFive(long[] s, FilterTaps taps, long[] target) {
    int[] w = taps.weights();
    int[] firsts = taps.firsts();
    long start = taps.start() * ONES;
    for (int x = 0, i = 0; x < target.length; x++, i += 5) {
      int from = firsts[x];
      long three = start + s[from] * w[i] + s[from + 1] * w[i + 1] + s[from + 2] * w[i + 2];
      target[x] = three + s[from + 3] * w[i + 3] + s[from + 4] * w[i + 4];
    }
  }

  private static void sumFours(long[] s, FilterTaps taps, long[] target) {
    int[] w = taps.weights();
    int[] firsts = taps.firsts();
    int size = taps.size();
    long start = taps.start() * ONES;
    for (int x = 0, i = 0; x < target.length; x++) {
      long sum = start;
      int from = firsts[x];
      for (int end = i + size; i < end; i += 4, from += 4) {
        long two = s[from] * w[i] + s[from + 1] * w[i + 1];
        sum += two + s[from + 2] * w[i + 2] + s[from + 3] * w[i + 3];
      }
      target[x] = sum;
    }
  }

  private static void addRow(long[] sums, long[] row, long weight) {
    for (int x = 0; x < sums.length; x++) {
      sums[x] += row[x] * weight;
    }
  }

  private static void store(long[] sums, int bits, byte[] result, int offset) {
    int at = offset;
    for (int x = 0; x < sums.length - 1; x++, at += 3) {
      // Four bytes for three: the fourth is overwritten by the next pixel.
      INTS.set(result, at, packed(sums[x] >>> bits));
    }
    int last = packed(sums[sums.length - 1] >>> bits);
    result[at] = (byte) last;
    result[at + 1] = (byte) (last >>> 8);
    result[at + 2] = (byte) (last >>> 16);
  }

  private static int packed(long lanes) {
    return (int)
        ((lanes & 0xff)
            | ((lanes >>> (GREEN - 8)) & 0xff00)
            | ((lanes >>> (BLUE - 16)) & 0xff0000));
  }

  /** Takes the bias away and cuts each lane to 0..255. */
  private static long clip(long sum, FilterTaps taps) {
    long result = 0;
    for (int shift = 0; shift <= BLUE; shift += LANE) {
      int value = (int) (sum >>> (shift + taps.bits())) & ((1 << (LANE - taps.bits())) - 1);
      value -= taps.bias();
      result |= (long) Math.max(0, Math.min(255, value)) << shift;
    }
    return result;
  }
}
