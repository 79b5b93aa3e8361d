package io.github.facemask.lab.synthetic;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RadialGradientPaint;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Point2D;

/** Paints shapes, lines and soft spots on a picture. */
record Brush(Graphics2D graphics) {

  void fill(Shape shape, Color color) {
    graphics.setPaint(color);
    graphics.fill(shape);
  }

  void ellipse(double x, double y, double radiusX, double radiusY, Color color) {
    fill(new Ellipse2D.Double(x - radiusX, y - radiusY, 2 * radiusX, 2 * radiusY), color);
  }

  void line(Shape shape, double width, Color color) {
    graphics.setPaint(color);
    graphics.setStroke(
        new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(shape);
  }

  /** Paints a round spot that fades to nothing at its edge. */
  void glow(double x, double y, double radius, Color color, double opacity) {
    if (opacity < 0.01) {
      return;
    }
    graphics.setPaint(
        new RadialGradientPaint(
            new Point2D.Double(x, y),
            (float) radius,
            new float[] {0f, 1f},
            new Color[] {Tint.clear(color, opacity), Tint.clear(color, 0)}));
    graphics.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius));
  }
}
