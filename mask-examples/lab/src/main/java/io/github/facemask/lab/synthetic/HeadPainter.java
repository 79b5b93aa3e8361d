package io.github.facemask.lab.synthetic;

import java.awt.Color;
import java.awt.RadialGradientPaint;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.util.SplittableRandom;

/** Paints shoulders, neck, ears and the bare head. */
final class HeadPainter {

  /** The position of the chin's lower end. */
  static final double CHIN = 1.36;

  private final Brush brush;
  private final Person person;
  private final Shot shot;

  HeadPainter(Brush brush, Person person, Shot shot) {
    this.brush = brush;
    this.person = person;
    this.shot = shot;
  }

  static Path2D outline(Face face) {
    double jaw = 0.7 + 0.17 * face.jaw();
    double chin = 0.2 + 0.22 * face.jaw();
    return Curve.symmetric(
        0,
        -1.42,
        0.66,
        -1.42,
        1.0,
        -0.98,
        1.0,
        -0.2,
        1.0,
        0.3,
        jaw + 0.1,
        0.62,
        jaw,
        0.82,
        jaw - 0.12,
        1.1,
        chin + 0.12,
        CHIN,
        0,
        CHIN);
  }

  void shoulders() {
    double wide = person.shoulders();
    Color cloth = shot.clothes();
    Color skin = person.face().skin();
    double neck = 0.5 + 0.16 * person.face().jaw();
    Path2D throat =
        Curve.symmetric(
            0,
            0.7,
            neck,
            0.7,
            neck,
            1.0,
            neck,
            1.5,
            neck,
            1.75,
            neck + 0.35,
            1.85,
            neck + 0.6,
            1.95,
            neck + 0.6,
            2.6,
            0.4,
            2.7,
            0,
            2.7);
    brush.fill(throat, Tint.shade(skin, 0.86));
    brush.glow(0, 1.35, 0.95, Tint.shade(skin, 0.5), 0.55);
    Path2D body =
        Curve.symmetric(
            0,
            neckline(),
            0.3,
            neckline(),
            neck + 0.05,
            1.95,
            neck + 0.12,
            1.72,
            neck + 0.5,
            1.95,
            wide - 0.2,
            1.95,
            wide,
            2.75,
            wide + 0.2,
            3.4,
            wide + 0.2,
            4.2,
            wide + 0.2,
            5,
            1,
            5,
            1,
            5,
            0,
            5);
    brush.fill(body, cloth);
    brush.glow(wide * 0.75, 3.4, 1.7, Tint.shade(cloth, 0.45), 0.35);
    brush.glow(-wide * 0.75, 3.4, 1.7, Tint.shade(cloth, 0.45), 0.35);
    collar(neck, cloth);
  }

  private double neckline() {
    return shot.collar() == 1 ? 2.75 : 2.15;
  }

  private void collar(double neck, Color cloth) {
    Color dark = Tint.shade(cloth, 0.72);
    switch (shot.collar()) {
      case 0, 1 ->
          brush.line(
              Curve.open(
                  -neck - 0.12,
                  1.72,
                  -neck - 0.05,
                  1.95,
                  -0.3,
                  neckline(),
                  0,
                  neckline(),
                  0.3,
                  neckline(),
                  neck + 0.05,
                  1.95,
                  neck + 0.12,
                  1.72),
              0.08,
              dark);
      case 2 -> {
        for (int side = -1; side <= 1; side += 2) {
          Path2D flap = new Path2D.Double();
          flap.moveTo(side * (neck + 0.14), 1.62);
          flap.lineTo(side * 0.06, 2.2);
          flap.lineTo(side * 0.42, 2.5);
          flap.lineTo(side * (neck + 0.34), 1.9);
          flap.closePath();
          brush.fill(flap, Tint.shade(cloth, 1.14));
          brush.line(flap, 0.025, dark);
        }
        brush.line(Curve.open(0, 2.25, 0, 3, 0, 4, 0, 5), 0.03, dark);
      }
      default -> {
        brush.line(
            Curve.open(-neck - 0.25, 1.75, -0.7, 2.4, 0.7, 2.4, neck + 0.25, 1.75), 0.26, dark);
        brush.line(Curve.open(-0.25, 2.3, -0.25, 2.6, -0.3, 2.8, -0.3, 3.1), 0.05, Color.WHITE);
        brush.line(Curve.open(0.25, 2.3, 0.25, 2.6, 0.3, 2.8, 0.3, 3.1), 0.05, Color.WHITE);
      }
    }
  }

  void head() {
    Color skin = person.face().skin();
    for (int side = -1; side <= 1; side += 2) {
      double x = side * (1.02 - 0.05 * side * shot.yaw());
      brush.ellipse(x, 0.06, 0.13, 0.27, Tint.shade(skin, 0.88));
      brush.ellipse(x + side * 0.01, 0.07, 0.07, 0.17, Tint.shade(skin, 0.76));
    }
    brush
        .graphics()
        .setPaint(
            new RadialGradientPaint(
                new Point2D.Double(0.22 * shot.yaw(), -0.2),
                1.75f,
                new float[] {0f, 0.5f, 0.78f, 1f},
                new Color[] {
                  Tint.shade(skin, 1.05), skin, Tint.shade(skin, 0.86), Tint.shade(skin, 0.7)
                }));
    brush.graphics().fill(outline(person.face()));
    if (person.face().stubble() > 0.05) {
      Color beard = Tint.between(new Color(0x3a, 0x36, 0x36), skin, 0.15);
      double dark = 0.42 * person.face().stubble();
      brush.glow(0.05 * shot.yaw(), 0.98, 0.62, beard, dark);
      brush.glow(-0.45, 0.78, 0.36, beard, 0.7 * dark);
      brush.glow(0.45, 0.78, 0.36, beard, 0.7 * dark);
    }
    spots(skin);
  }

  private void spots(Color skin) {
    SplittableRandom random = new SplittableRandom(person.seed());
    Color spot = Tint.between(skin, new Color(0x6e, 0x44, 0x2a), 0.6);
    for (int i = 0; i < person.aging().spots(); i++) {
      double angle = random.nextDouble(2 * Math.PI);
      double far = 0.35 + 0.5 * random.nextDouble();
      double size = random.nextDouble(0.025, 0.06);
      brush.ellipse(
          far * Math.cos(angle) * 0.95,
          -0.15 + far * Math.sin(angle) * 1.1,
          size,
          size * 0.8,
          Tint.clear(spot, 0.55));
    }
  }
}
