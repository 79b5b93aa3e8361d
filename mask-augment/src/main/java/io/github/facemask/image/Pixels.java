package io.github.facemask.image;

import static com.google.common.base.Preconditions.checkArgument;
import static com.google.common.base.Preconditions.checkPositionIndexes;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A decoded photo: uint8 RGB in rows, (H, W, 3). This library never changes it after creation, so
 * it can be shared between threads as long as nobody writes to {@link #array}.
 */
public final class Pixels {

  /** The number of channels: R, G, B. */
  public static final int CHANNELS = 3;

  private final int height;
  private final int width;
  private final byte[] array;

  private Pixels(int height, int width, byte[] array) {
    this.height = height;
    this.width = width;
    this.array = array;
  }

  /**
   * Wraps an array without a copy; the caller must not use the array afterwards.
   *
   * @param height height in pixels, at least 1
   * @param width width in pixels, at least 1
   * @param array the rows, (H, W, 3)
   * @return the pixels
   * @throws IllegalArgumentException if the array's length is not height * width * 3
   */
  public static Pixels wrap(int height, int width, byte[] array) {
    checkArgument(
        height >= 1 && width >= 1, "size is %s x %s, expected sides of at least 1", height, width);
    checkArgument(
        array.length == (long) height * width * CHANNELS,
        "%s bytes for %s x %s pixels, expected %s: three for each",
        array.length,
        height,
        width,
        (long) height * width * CHANNELS);
    return new Pixels(height, width, array);
  }

  /** Returns the height in pixels. */
  public int height() {
    return height;
  }

  /** Returns the width in pixels. */
  public int width() {
    return width;
  }

  /** Returns the live array, (H, W, 3), for reading only. */
  public byte[] array() {
    return array;
  }

  /**
   * Returns one value.
   *
   * @param y row from the top
   * @param x column from the left
   * @param channel 0 red, 1 green, 2 blue
   * @return the value, 0 to 255
   */
  public int at(int y, int x, int channel) {
    return array[(y * width + x) * CHANNELS + channel] & 0xff;
  }

  /**
   * Copies all values into a buffer; its position and limit are neither used nor changed.
   *
   * @param target the buffer
   * @param offset the index of the first byte
   */
  public void copyTo(ByteBuffer target, int offset) {
    checkPositionIndexes(offset, offset + array.length, target.capacity());
    target.put(offset, array);
  }

  /**
   * Returns a copy of a part of the photo, its edges at the nearest whole pixels.
   *
   * @param box the part; it is clipped to the photo, but keeps at least one pixel
   * @return the part
   */
  public Pixels crop(Box box) {
    int left = (int) Math.max(0, Math.min(width - 1, Math.rint(box.left())));
    int top = (int) Math.max(0, Math.min(height - 1, Math.rint(box.top())));
    int right = (int) Math.max(left + 1, Math.min(width, Math.rint(box.right())));
    int bottom = (int) Math.max(top + 1, Math.min(height, Math.rint(box.bottom())));
    return crop(top, left, bottom - top, right - left);
  }

  /**
   * Cuts out a rectangle of whole pixels.
   *
   * @param top first row
   * @param left first column
   * @param cropHeight rows, at least 1
   * @param cropWidth columns, at least 1
   * @return a copy of the rectangle
   * @throws IllegalArgumentException if it does not lie within the photo
   */
  public Pixels crop(int top, int left, int cropHeight, int cropWidth) {
    checkArgument(
        top >= 0
            && left >= 0
            && cropHeight >= 1
            && cropWidth >= 1
            && top + cropHeight <= height
            && left + cropWidth <= width,
        "crop (top %s, left %s, %s x %s) does not lie within %s x %s pixels",
        top,
        left,
        cropHeight,
        cropWidth,
        height,
        width);
    byte[] cut = new byte[cropHeight * cropWidth * CHANNELS];
    int row = cropWidth * CHANNELS;
    for (int y = 0; y < cropHeight; y++) {
      System.arraycopy(array, ((top + y) * width + left) * CHANNELS, cut, y * row, row);
    }
    return new Pixels(cropHeight, cropWidth, cut);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Pixels that
        && height == that.height
        && width == that.width
        && Arrays.equals(array, that.array);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(array) * 31 + width;
  }

  @Override
  public String toString() {
    return "Pixels(" + height + " x " + width + ")";
  }
}
