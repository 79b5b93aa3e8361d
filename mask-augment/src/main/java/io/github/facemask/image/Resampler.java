package io.github.facemask.image;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.preprocessing.Preprocessing.Interpolation;

/**
 * Resizes a rectangle of a photo, antialiased: when it shrinks, the filter widens with the scale.
 * The algorithm is Pillow's ({@code Image.resize} with a box: separable, rounded to 8 bits between
 * the passes, bicubic columns first), with results within 1 level of it. As in Pillow, the filter
 * also uses pixels of the photo outside the rectangle, so resizing a part gives the same pixels as
 * cutting it from the resized whole.
 *
 * <p>Thread-safe.
 */
public final class Resampler {

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
   * @param box the rectangle; must lie within the photo
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
    byte[] result =
        interpolation == Interpolation.BILINEAR
            ? BilinearFilter.resize(photo, box, height, width)
            : BicubicFilter.resize(photo, box, height, width);
    return Pixels.wrap(height, width, result);
  }
}
