package io.github.facemask.lab.synthetic;

import java.awt.Color;
import java.awt.LinearGradientPaint;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;

/** Paints a mask and glasses over a finished face. */
final class MaskPainter {

  private final Brush brush;
  private final Shot shot;

  MaskPainter(Brush brush, Shot shot) {
    this.brush = brush;
    this.shot = shot;
  }

  void mask(Mask mask) {
    double top = mask.fit().top();
    double low = HeadPainter.CHIN * mask.fit().bottom() + 0.04;
    double wide = mask.fit() == MaskFit.ON_CHIN ? 0.8 : 0.95;
    double sideTop = top + (mask.fit() == MaskFit.ON_CHIN ? -0.08 : 0.2);
    double sideLow = mask.fit() == MaskFit.ON_CHIN ? 1.15 : Math.max(sideTop + 0.3, 0.78);
    double turn = 0.12 * shot.yaw();
    loops(wide, sideTop, sideLow);
    Path2D cloth =
        Curve.closed(
            -wide,
            sideTop,
            -0.6,
            top + 0.12,
            turn - 0.28,
            top,
            turn,
            top - 0.02,
            turn + 0.28,
            top,
            0.6,
            top + 0.12,
            wide,
            sideTop,
            wide + 0.02,
            sideTop + 0.2,
            wide - 0.02,
            sideLow - 0.1,
            wide - 0.08,
            sideLow,
            0.68,
            low - 0.1,
            0.4,
            low,
            turn,
            low,
            -0.4,
            low,
            -0.68,
            low - 0.1,
            -wide + 0.08,
            sideLow,
            -wide + 0.02,
            sideLow - 0.1,
            -wide - 0.02,
            sideTop + 0.2,
            -wide,
            sideTop);
    Color color = mask.color();
    brush
        .graphics()
        .setPaint(
            new LinearGradientPaint(
                -1f,
                (float) top,
                1f,
                (float) low,
                new float[] {0f, 0.45f, 1f},
                new Color[] {Tint.shade(color, 0.88), color, Tint.shade(color, 0.68)}));
    brush.graphics().fill(cloth);
    Shape before = brush.graphics().getClip();
    brush.graphics().clip(cloth);
    pattern(mask, top, low);
    folds(mask, top, low, turn);
    brush.graphics().setClip(before);
    brush.line(cloth, mask.pattern() == 3 ? 0.07 : 0.028, border(mask));
  }

  private static Color border(Mask mask) {
    return mask.pattern() == 3 ? mask.patternColor() : Tint.shade(mask.color(), 0.66);
  }

  private void loops(double wide, double sideTop, double sideLow) {
    Color string = new Color(0xe2, 0xe2, 0xde);
    for (int side = -1; side <= 1; side += 2) {
      double ear = side * 1.06;
      brush.line(
          Curve.open(side * wide, sideTop + 0.03, side * 1.0, sideTop - 0.05, ear, 0.0, ear, -0.12),
          0.032,
          string);
      brush.line(
          Curve.open(
              side * (wide - 0.08),
              sideLow - 0.02,
              side * 0.98,
              sideLow - 0.1,
              ear,
              0.45,
              ear,
              0.3),
          0.032,
          string);
    }
  }

  private void pattern(Mask mask, double top, double low) {
    if (mask.pattern() == 1) {
      for (double y = top; y < low; y += 0.17) {
        for (double x = -1; x <= 1; x += 0.2) {
          brush.ellipse(x + (y - top) * 0.6 % 0.2, y, 0.045, 0.045, mask.patternColor());
        }
      }
    } else if (mask.pattern() == 2) {
      for (double x = -1.6; x < 1.4; x += 0.19) {
        brush.line(
            Curve.open(x, low, x + 0.1, low - 0.3, x + 0.3, top + 0.3, x + 0.4, top),
            0.05,
            mask.patternColor());
      }
    }
  }

  private void folds(Mask mask, double top, double low, double turn) {
    Color shadow = Tint.clear(Tint.shade(mask.color(), 0.5), 0.55);
    if (mask.cut() == 0) {
      for (int i = 1; i <= 3; i++) {
        double y = top + (low - top) * (0.18 + 0.2 * i);
        brush.line(
            Curve.open(-0.95, y - 0.06, -0.5, y + 0.05, 0.5, y + 0.05, 0.95, y - 0.06),
            0.022,
            shadow);
      }
    } else {
      brush.line(
          Curve.open(
              turn,
              top,
              turn * 1.6,
              top + 0.3 * (low - top),
              turn * 1.6,
              top + 0.6 * (low - top),
              turn,
              low),
          0.03,
          shadow);
    }
    brush.glow(turn - 0.15, top + 0.35 * (low - top), 0.45, Color.WHITE, 0.2);
    brush.line(
        Curve.open(-0.22, top + 0.09, -0.1, top + 0.05, 0.1, top + 0.05, 0.22, top + 0.09),
        0.028,
        Tint.clear(Color.WHITE, 0.4));
  }

  void glasses(Person person) {
    boolean round = (person.seed() & 1) == 0;
    Color frame =
        (person.seed() & 6) == 0 ? new Color(0x9a, 0x7a, 0x4a) : new Color(0x22, 0x22, 0x26);
    double width = (person.seed() & 8) == 0 ? 0.045 : 0.028;
    for (int side = -1; side <= 1; side += 2) {
      double x = side * person.face().eyeSpacing();
      Shape lens =
          round
              ? new Ellipse2D.Double(x - 0.31, -0.36, 0.62, 0.56)
              : Curve.closed(
                  x - 0.32, -0.3, x - 0.2, -0.35, x + 0.2, -0.35, x + 0.32, -0.3, x + 0.34, 0.0,
                  x + 0.26, 0.14, x, 0.14, x - 0.26, 0.14, x - 0.34, 0.0, x - 0.32, -0.3);
      brush.fill(lens, Tint.clear(Color.WHITE, 0.1));
      brush.line(lens, width, frame);
      brush.line(
          Curve.open(x - 0.16, 0.02, x - 0.08, -0.1, x, -0.2, x + 0.1, -0.28),
          0.03,
          Tint.clear(Color.WHITE, 0.35));
      brush.line(
          Curve.open(
              side * 0.73, -0.18, side * 0.85, -0.18, side * 0.95, -0.14, side * 1.03, -0.08),
          width,
          frame);
    }
    brush.line(Curve.open(-0.12, -0.14, -0.05, -0.19, 0.05, -0.19, 0.12, -0.14), width, frame);
  }
}
