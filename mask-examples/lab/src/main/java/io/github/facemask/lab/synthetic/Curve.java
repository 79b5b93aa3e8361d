package io.github.facemask.lab.synthetic;

import java.awt.geom.Path2D;

/** Outlines made of curves, in units of half a face's width, y downwards. */
final class Curve {

  private Curve() {}

  /**
   * Returns a closed outline that is the same on both sides of x = 0.
   *
   * @param right the right side from its top to its bottom: x and y of the start, then for each
   *     cubic curve two control points and the end
   */
  static Path2D symmetric(double... right) {
    Path2D path = new Path2D.Double();
    path.moveTo(right[0], right[1]);
    for (int i = 2; i < right.length; i += 6) {
      path.curveTo(right[i], right[i + 1], right[i + 2], right[i + 3], right[i + 4], right[i + 5]);
    }
    int last = right.length - 2;
    path.lineTo(-right[last], right[last + 1]);
    for (int i = last; i > 0; i -= 6) {
      path.curveTo(
          -right[i - 2], right[i - 1], -right[i - 4], right[i - 3], -right[i - 6], right[i - 5]);
    }
    path.closePath();
    return path;
  }

  /** Returns an open curve: x and y of the start, then for each cubic curve three points. */
  static Path2D open(double... points) {
    Path2D path = new Path2D.Double();
    path.moveTo(points[0], points[1]);
    for (int i = 2; i < points.length; i += 6) {
      path.curveTo(
          points[i], points[i + 1], points[i + 2], points[i + 3], points[i + 4], points[i + 5]);
    }
    return path;
  }

  /** Returns a closed outline of cubic curves. */
  static Path2D closed(double... points) {
    Path2D path = open(points);
    path.closePath();
    return path;
  }
}
