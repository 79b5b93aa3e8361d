package io.github.facemask.image;

import static com.google.common.base.Preconditions.checkArgument;

/**
 * A rectangle of a photo in pixels, from the top left corner; edges are between pixels, so that a
 * whole photo is (0, 0, width, height). A box may extend beyond the photo.
 *
 * @param left the left edge
 * @param top the upper edge
 * @param right the right edge, above left
 * @param bottom the lower edge, above top
 */
public record Box(double left, double top, double right, double bottom) {

  /** Checks the order of the edges. */
  public Box {
    checkArgument(
        left < right && top < bottom && Double.isFinite(right - left + bottom - top),
        "box is (%s, %s, %s, %s), expected finite left < right and top < bottom",
        left,
        top,
        right,
        bottom);
  }

  /**
   * Returns the box of a whole photo.
   *
   * @param height the photo's height in pixels
   * @param width the photo's width in pixels
   * @return (0, 0, width, height)
   */
  public static Box whole(int height, int width) {
    return new Box(0, 0, width, height);
  }

  /** Returns the width in pixels. */
  public double width() {
    return right - left;
  }

  /** Returns the height in pixels. */
  public double height() {
    return bottom - top;
  }

  /** Returns the area in square pixels. */
  public double area() {
    return width() * height();
  }

  /** Returns the column of the centre. */
  public double centerX() {
    return (left + right) / 2;
  }

  /** Returns the row of the centre. */
  public double centerY() {
    return (top + bottom) / 2;
  }

  /**
   * Returns the box moved.
   *
   * @param dx to the right, in pixels
   * @param dy downwards, in pixels
   * @return the moved box
   */
  public Box moved(double dx, double dy) {
    return new Box(left + dx, top + dy, right + dx, bottom + dy);
  }

  /**
   * Returns the box with all coordinates multiplied.
   *
   * @param x the factor of columns, above 0
   * @param y the factor of rows, above 0
   * @return the scaled box
   */
  public Box scaled(double x, double y) {
    return new Box(left * x, top * y, right * x, bottom * y);
  }

  /**
   * Returns the area that two boxes share, over the area that either covers.
   *
   * @param other the other box
   * @return intersection over union, 0 to 1
   */
  public double overlap(Box other) {
    double shared = sharedArea(other);
    return shared / (area() + other.area() - shared);
  }

  /**
   * Returns the area that two boxes share.
   *
   * @param other the other box
   * @return the area in square pixels, 0 where they do not meet
   */
  public double sharedArea(Box other) {
    double w = Math.min(right, other.right) - Math.max(left, other.left);
    double h = Math.min(bottom, other.bottom) - Math.max(top, other.top);
    return w > 0 && h > 0 ? w * h : 0;
  }
}
