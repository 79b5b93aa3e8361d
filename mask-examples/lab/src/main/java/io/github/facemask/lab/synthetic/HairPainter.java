package io.github.facemask.lab.synthetic;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.util.SplittableRandom;

/** Paints hair: the part behind the head first, the part in front of it after the face. */
final class HairPainter {

  private final Brush brush;
  private final Hair hair;
  private final Color dark;
  private final Color light;
  private final double top;
  private final SplittableRandom random;
  private final boolean fringed;

  HairPainter(Brush brush, Person person) {
    this.brush = brush;
    this.hair = person.hair();
    this.dark = Tint.shade(hair.color(), 0.72);
    this.light = Tint.between(hair.color(), new Color(0xd8, 0xcc, 0xc0), 0.22);
    this.top = -1.56 - 0.16 * hair.volume();
    this.random = new SplittableRandom(person.seed() ^ 0x5eedL);
    this.fringed = random.nextDouble() < 0.45;
  }

  void behind() {
    switch (hair.style()) {
      case LONG -> curtain(1.75 + 1.0 * hair.length(), 1.26);
      case BOB -> curtain(1.05 + 0.35 * hair.length(), 1.28);
      case PERMED -> curls(1.02, 1.3, 0.36, dark);
      case TIED_BACK -> {
        double x = 0.35 * hair.parting();
        brush.ellipse(x, top - 0.18, 0.36, 0.32, dark);
        brush.ellipse(x - 0.06, top - 0.24, 0.22, 0.18, hair.color());
        cap(0.05);
      }
      case RECEDING ->
          brush.fill(
              Curve.symmetric(
                  0, -1.2, 0.6, -1.2, 1.1, -1.05, 1.1, -0.4, 1.1, -0.1, 1.06, 0.2, 0.95, 0.3, 0.5,
                  0.3, 0.3, 0.3, 0, 0.3),
              dark);
      default -> cap(0.2);
    }
  }

  private void cap(double low) {
    brush.fill(
        Curve.symmetric(
            0,
            top,
            0.75,
            top,
            1.12,
            -1.0,
            1.1,
            -0.4,
            1.1,
            -0.1,
            1.06,
            low,
            0.98,
            low + 0.05,
            0.5,
            low,
            0.3,
            low,
            0,
            low),
        dark);
  }

  private void curtain(double low, double wide) {
    brush.fill(
        Curve.symmetric(
            0,
            top,
            0.8,
            top,
            wide,
            -1.1,
            wide,
            -0.2,
            wide,
            0.5,
            wide + 0.08,
            low - 0.4,
            wide - 0.05,
            low,
            0.6,
            low + 0.12,
            0.4,
            low,
            0,
            low),
        dark);
  }

  private void curls(double wide, double high, double size, Color color) {
    Color shine = Tint.between(color, light, 0.5);
    for (int i = 0; i <= 18; i++) {
      double angle = Math.PI * (1.18 - 1.36 * i / 18.0);
      double x = wide * Math.cos(angle);
      double y = -0.25 - high * Math.sin(angle);
      double r = size * random.nextDouble(0.85, 1.15);
      brush.ellipse(x, y, r, r, color);
      brush.line(
          new Ellipse2D.Double(x - r * 0.55, y - r * 0.55, r * 1.1, r * 1.1),
          0.03,
          Tint.clear(shine, 0.5));
    }
  }

  void inFront() {
    switch (hair.style()) {
      case CROP -> shortHair(-1.02, 0.12, 0.35);
      case SIDE_PART -> sweep(-0.9);
      case FRINGE -> fringe(-0.5);
      case RECEDING -> receding();
      case TIED_BACK -> sweep(-1.02);
      case PERMED -> {
        shortHair(-1.0, 0.02, 0.3);
        curls(0.9, 1.02, 0.22, hair.color());
      }
      case BOB, LONG -> {
        if (fringed) {
          fringe(-0.55);
        }
        sides(hair.style() == HairStyle.LONG ? 1.5 + 0.8 * hair.length() : 0.95);
      }
    }
  }

  /** Paints the cap of hair down to a hairline, with strands. */
  private void above(Path2D hairline) {
    Area area =
        new Area(
            Curve.symmetric(
                0, top, 0.78, top, 1.14, -1.05, 1.1, -0.35, 1.09, -0.2, 1.08, -0.1, 1.04, 0.02, 0.5,
                0.02, 0.3, 0.02, 0, 0.02));
    area.subtract(new Area(hairline));
    brush.fill(area, hair.color());
    strands(area);
  }

  private void strands(Shape area) {
    Shape before = brush.graphics().getClip();
    brush.graphics().clip(area);
    double x = 0.45 * hair.parting();
    for (int i = 0; i < 16; i++) {
      double to = -1.15 + 2.3 * i / 15.0 + random.nextDouble(-0.05, 0.05);
      Path2D strand =
          Curve.open(
              x + 0.12 * (to - x),
              top,
              x + 0.5 * (to - x),
              top + 0.06,
              to * 0.95,
              top + 0.45,
              to,
              -0.3);
      brush.line(strand, 0.035, Tint.clear(i % 2 == 0 ? light : dark, 0.4));
    }
    brush.graphics().setClip(before);
    brush.glow(-0.35, top + 0.32, 0.5, light, 0.35);
  }

  private void shortHair(double line, double temple, double corner) {
    double y = line - 0.3 * hair.hairline();
    above(
        Curve.symmetric(
            0,
            y,
            corner,
            y - 0.02,
            0.72,
            y + 0.05,
            0.86,
            -0.62 + temple,
            0.9,
            -0.35,
            0.92,
            0.1,
            0.93,
            0.3,
            0.6,
            0.4,
            0.3,
            0.4,
            0,
            0.4));
  }

  private void sweep(double line) {
    double y = line - 0.3 * hair.hairline();
    double part = 0.5 * Math.signum(hair.parting());
    above(
        Curve.closed(
            -0.93,
            0.3,
            -0.95,
            -0.4,
            -0.85,
            -0.6,
            -0.7,
            y + 0.12,
            -0.5,
            y - 0.1,
            part - 0.2,
            y - 0.12,
            part,
            y - 0.16,
            part + 0.3,
            y - 0.05,
            0.7,
            y + 0.05,
            0.84,
            -0.55,
            0.92,
            -0.3,
            0.93,
            0.1,
            0.93,
            0.3,
            0.5,
            0.4,
            -0.5,
            0.4,
            -0.93,
            0.3));
  }

  private void fringe(double line) {
    double y = line - 0.45 * hair.hairline();
    Path2D path = new Path2D.Double();
    path.moveTo(-0.9, 0.35);
    path.lineTo(-0.88, y - 0.05);
    int locks = 7;
    for (int i = 0; i < locks; i++) {
      double to = -0.88 + 1.76 * (i + 1) / locks;
      double peak = y - random.nextDouble(0.04, 0.16);
      path.quadTo(to - 0.2, y + 0.06, to - 0.06, peak);
      path.lineTo(to, y + random.nextDouble(-0.04, 0.04));
    }
    path.lineTo(0.9, 0.35);
    path.closePath();
    above(path);
  }

  private void receding() {
    double y = -1.08 - 0.28 * hair.hairline();
    double corner = -1.06 - 0.14 * hair.hairline();
    above(
        Curve.symmetric(
            0,
            y,
            0.2,
            y,
            0.3,
            corner,
            0.55,
            corner - 0.06,
            0.85,
            corner + 0.15,
            0.9,
            -0.6,
            0.93,
            0.3,
            0.5,
            0.4,
            0.3,
            0.4,
            0,
            0.4));
  }

  private void sides(double low) {
    double part = 0.3 * hair.parting();
    Area area = new Area();
    for (int side = -1; side <= 1; side += 2) {
      area.add(
          new Area(
              Curve.closed(
                  part,
                  top,
                  side * 0.85,
                  top,
                  side * 1.2,
                  -1.1,
                  side * 1.27,
                  -0.2,
                  side * 1.3,
                  0.5,
                  side * 1.34,
                  low - 0.4,
                  side * 1.2,
                  low,
                  side * 1.05,
                  low + 0.1,
                  side * 0.98,
                  low - 0.1,
                  side * 0.92,
                  low - 0.3,
                  side * 0.86,
                  0.3,
                  side * 0.95,
                  -0.1,
                  side * 0.86,
                  -0.5,
                  side * 0.75,
                  -0.9,
                  part + side * 0.25,
                  -1.05,
                  part,
                  -1.22,
                  part,
                  top,
                  part,
                  top,
                  part,
                  top)));
    }
    brush.fill(area, hair.color());
    Shape before = brush.graphics().getClip();
    brush.graphics().clip(area);
    for (int i = 0; i < 9; i++) {
      for (int side = -1; side <= 1; side += 2) {
        double x = side * (0.86 + 0.05 * i);
        Path2D strand =
            Curve.open(part, top, x * 0.8, top + 0.2, x, -0.6, x, 0, x, 0.5, x, 1, x * 1.02, low);
        brush.line(strand, 0.03, Tint.clear(i % 2 == 0 ? light : dark, 0.4));
      }
    }
    brush.graphics().setClip(before);
  }
}
