package io.github.facemask.lab.inspection;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import io.github.facemask.image.Pixels;

/**
 * Mean and standard deviation of each channel over all pixels. The sums are whole numbers, so the
 * result does not depend on the order of the photos or the number of threads.
 *
 * @param pixels the number of pixels
 * @param sums the sum of the values, 0 to 255 each, of red, green and blue
 * @param squares the sum of their squares
 */
public record ChannelStatistics(long pixels, ImmutableLongArray sums, ImmutableLongArray squares) {

  /** Checks that there are three channels. */
  public ChannelStatistics {
    checkArgument(
        sums.length() == Pixels.CHANNELS && squares.length() == Pixels.CHANNELS,
        "there are sums of %s and squares of %s channels, expected %s",
        (Object) sums.length(),
        squares.length(),
        Pixels.CHANNELS);
  }

  /** Returns the statistics of no pixel. */
  public static ChannelStatistics none() {
    return new ChannelStatistics(0, ImmutableLongArray.of(0, 0, 0), ImmutableLongArray.of(0, 0, 0));
  }

  /**
   * Computes the sums of a photo.
   *
   * @param photo the photo
   */
  public static ChannelStatistics of(Pixels photo) {
    byte[] array = photo.array();
    long[] sums = new long[Pixels.CHANNELS];
    long[] squares = new long[Pixels.CHANNELS];
    for (int i = 0; i < array.length; i += Pixels.CHANNELS) {
      for (int c = 0; c < Pixels.CHANNELS; c++) {
        int value = array[i + c] & 0xff;
        sums[c] += value;
        squares[c] += (long) value * value;
      }
    }
    return new ChannelStatistics(
        array.length / Pixels.CHANNELS,
        ImmutableLongArray.copyOf(sums),
        ImmutableLongArray.copyOf(squares));
  }

  /**
   * Returns the statistics over the pixels of both.
   *
   * @param other the other pixels
   * @throws ArithmeticException above 140 million million pixels
   */
  public ChannelStatistics plus(ChannelStatistics other) {
    return new ChannelStatistics(
        Math.addExact(pixels, other.pixels), sum(sums, other.sums), sum(squares, other.squares));
  }

  /** Returns the mean of each channel, from 0 to 1; 0 without pixels. */
  public ImmutableDoubleArray mean() {
    ImmutableDoubleArray.Builder means = ImmutableDoubleArray.builder();
    sums.forEach(sum -> means.add(sum / (255.0 * Math.max(1, pixels))));
    return means.build();
  }

  /**
   * Returns the standard deviation of each channel from its mean, from 0 to 0.5, in the units of
   * {@link #mean}. Some published pipelines use the root mean square instead.
   */
  public ImmutableDoubleArray deviation() {
    ImmutableDoubleArray.Builder deviations = ImmutableDoubleArray.builder();
    for (int c = 0; c < Pixels.CHANNELS; c++) {
      double mean = sums.get(c) / (double) Math.max(1, pixels);
      double variance = squares.get(c) / (double) Math.max(1, pixels) - mean * mean;
      deviations.add(Math.sqrt(Math.max(0, variance)) / 255);
    }
    return deviations.build();
  }

  private static ImmutableLongArray sum(ImmutableLongArray one, ImmutableLongArray other) {
    ImmutableLongArray.Builder sums = ImmutableLongArray.builder();
    for (int c = 0; c < one.length(); c++) {
      sums.add(Math.addExact(one.get(c), other.get(c)));
    }
    return sums.build();
  }
}
