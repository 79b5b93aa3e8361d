package io.github.facemask.lab.synthetic;

import java.awt.Color;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;

/** Paints eyes, brows, nose, mouth and the traces of age on a bare head. */
final class FeaturePainter {

  private static final double EYE_Y = -0.1;

  private final Brush brush;
  private final Face face;
  private final Aging aging;
  private final Shot shot;
  private final Color hair;
  private final Color crease;

  FeaturePainter(Brush brush, Person person, Shot shot) {
    this.brush = brush;
    this.face = person.face();
    this.aging = person.aging();
    this.shot = shot;
    this.hair = person.hair().color();
    this.crease = Tint.shade(face.skin(), 0.55);
  }

  void paint() {
    brush.glow(-0.52, 0.42, 0.34, new Color(0xe0, 0x6a, 0x62), 0.26 * face.blush());
    brush.glow(0.52, 0.42, 0.34, new Color(0xe0, 0x6a, 0x62), 0.26 * face.blush());
    forehead();
    for (int side = -1; side <= 1; side += 2) {
      socket(side);
      eye(side);
      brow(side);
    }
    nose();
    mouth();
    cheeks();
  }

  private void forehead() {
    for (int i = 0; i < 4; i++) {
      double y = -0.6 - 0.12 * i;
      double half = 0.56 - 0.06 * i;
      Path2D line = Curve.open(-half, y, -half / 2, y - 0.05, half / 2, y - 0.05, half, y + 0.01);
      brush.line(line, 0.042, Tint.clear(crease, 0.72 * aging.forehead()));
    }
    brush.line(
        Curve.open(-0.07, -0.42, -0.05, -0.36, -0.05, -0.3, -0.07, -0.22),
        0.03,
        Tint.clear(crease, 0.55 * aging.forehead()));
    brush.line(
        Curve.open(0.07, -0.42, 0.05, -0.36, 0.05, -0.3, 0.07, -0.22),
        0.03,
        Tint.clear(crease, 0.55 * aging.forehead()));
  }

  private void socket(int side) {
    double x = side * face.eyeSpacing();
    brush.glow(x, EYE_Y, 0.32, crease, 0.2 + 0.25 * aging.bags());
    brush.glow(x, EYE_Y + 0.2, 0.22, crease, 0.55 * aging.bags());
    brush.line(
        Curve.open(
            x - 0.19,
            EYE_Y + 0.16,
            x - 0.1,
            EYE_Y + 0.3,
            x + 0.1,
            EYE_Y + 0.3,
            x + 0.19,
            EYE_Y + 0.16),
        0.035,
        Tint.clear(crease, 0.75 * aging.bags()));
    for (int i = -1; i <= 2; i++) {
      double from = face.eyeSpacing() + 0.28;
      Path2D line =
          Curve.open(
              side * from,
              EYE_Y + 0.03 * i,
              side * (from + 0.08),
              EYE_Y + 0.05 * i,
              side * (from + 0.13),
              EYE_Y + 0.08 * i,
              side * (from + 0.19),
              EYE_Y + 0.1 * i + 0.02);
      brush.line(line, 0.034, Tint.clear(crease, 0.75 * aging.crowsFeet()));
    }
  }

  private void eye(int side) {
    double x = side * face.eyeSpacing();
    double w = 0.215 * face.eyeSize();
    double h = 0.125 * Math.max(0.45, face.eyeOpen()) * face.eyeSize();
    double lift = side * Math.sin(face.eyeTilt()) * w;
    double left = EYE_Y + lift;
    double right = EYE_Y - lift;
    Path2D almond =
        Curve.closed(
            x - w,
            left,
            x - w * 0.5,
            left - h * 1.25,
            x + w * 0.5,
            right - h * 1.25,
            x + w,
            right,
            x + w * 0.5,
            right + h * 0.85,
            x - w * 0.5,
            left + h * 0.85,
            x - w,
            left);
    brush.fill(almond, new Color(0xf6, 0xf2, 0xee));
    double look = x + 0.03 * shot.yaw();
    double iris = 0.102 * face.eyeSize();
    Area inside = new Area(almond);
    inside.intersect(
        new Area(new Ellipse2D.Double(look - iris, EYE_Y - iris - 0.01, 2 * iris, 2 * iris)));
    brush.fill(inside, new Color(0x3a, 0x24, 0x1a));
    brush.ellipse(
        look, EYE_Y - 0.01, Math.min(0.045, h * 0.7), Math.min(0.045, h * 0.7), Color.BLACK);
    brush.ellipse(look - 0.035, EYE_Y - 0.04, 0.022, 0.022, Tint.clear(Color.WHITE, 0.9));
    Path2D lid =
        Curve.open(
            x - w * 1.05,
            left,
            x - w * 0.5,
            left - h * 1.3,
            x + w * 0.5,
            right - h * 1.3,
            x + w * 1.05,
            right);
    brush.line(lid, 0.026 + 0.036 * face.lashes(), new Color(0x24, 0x1a, 0x18));
    lashes(side, side > 0 ? x + w : x - w, side > 0 ? right : left);
    double drop = 0.1 - 0.06 * aging.sag();
    Path2D fold =
        Curve.open(
            x - w,
            left - 0.05,
            x - w * 0.5,
            left - h * 1.3 - drop,
            x + w * 0.5,
            right - h * 1.3 - drop,
            x + w * 1.1,
            right - 0.04);
    brush.line(fold, 0.022 + 0.02 * aging.sag(), Tint.clear(crease, 0.45 + 0.35 * aging.sag()));
    brush.glow(x, EYE_Y - h - 0.07, 0.2, new Color(0xa4, 0x55, 0x60), 0.35 * face.lashes() - 0.12);
  }

  private void lashes(int side, double x, double y) {
    if (face.lashes() < 0.45) {
      return;
    }
    double reach = 0.09 * face.lashes();
    brush.line(
        Curve.open(
            x - side * 0.05,
            y - 0.04,
            x,
            y - 0.05,
            x + side * reach * 0.6,
            y - 0.06,
            x + side * reach,
            y - 0.09),
        0.032,
        new Color(0x24, 0x1a, 0x18));
  }

  private void brow(int side) {
    double thick = 0.035 + 0.085 * face.brow();
    double y = -0.36 - 0.03 * face.browArch() + 0.02 * face.brow();
    double inner = side * 0.2;
    double outer = side * 0.7;
    double peak = y - 0.04 - 0.09 * face.browArch();
    Path2D shape =
        Curve.closed(
            inner,
            y + thick * 0.5,
            side * 0.36,
            peak,
            side * 0.52,
            peak,
            outer,
            y + 0.04,
            side * 0.52,
            peak + thick,
            side * 0.36,
            peak + thick * 1.3,
            inner,
            y + thick * 0.9);
    Color color = Tint.between(Tint.shade(hair, 0.95), new Color(0x24, 0x1d, 0x1a), 0.45);
    color = Tint.between(color, new Color(0xc0, 0xbc, 0xb6), 0.75 * aging.greyBrow());
    brush.fill(shape, Tint.clear(color, 0.72 + 0.25 * face.brow()));
  }

  private void nose() {
    double wide = 0.17 * face.noseWidth();
    double tip = 0.4 * face.noseLength();
    double turn = 0.06 * shot.yaw();
    brush.glow(turn + wide * 0.7, tip - 0.12, 0.24, crease, 0.28);
    brush.line(
        Curve.open(
            wide * 0.5,
            -0.12,
            wide * 0.55,
            0.05,
            turn + wide * 0.7,
            tip - 0.2,
            turn + wide * 0.8,
            tip - 0.1),
        0.03,
        Tint.clear(crease, 0.28));
    brush.line(
        Curve.open(
            turn - wide,
            tip - 0.08,
            turn - wide * 1.1,
            tip + 0.08,
            turn - wide * 0.3,
            tip + 0.06,
            turn,
            tip + 0.08,
            turn + wide * 0.3,
            tip + 0.06,
            turn + wide * 1.1,
            tip + 0.08,
            turn + wide,
            tip - 0.08),
        0.03,
        Tint.clear(crease, 0.7));
    brush.ellipse(turn - wide * 0.48, tip + 0.035, 0.042, 0.022, Tint.shade(crease, 0.6));
    brush.ellipse(turn + wide * 0.48, tip + 0.035, 0.042, 0.022, Tint.shade(crease, 0.6));
    brush.glow(turn - 0.02, tip - 0.08, 0.12, Color.WHITE, 0.3);
    brush.glow(turn * 0.5, tip - 0.35, 0.1, Color.WHITE, 0.16);
  }

  private void mouth() {
    double half = 0.3 + 0.03 * face.noseWidth() + 0.04 * shot.smile();
    double y = 0.78;
    double corner = y - 0.07 * shot.smile();
    double full = face.lips() * (1 - 0.3 * aging.sag());
    double turn = 0.05 * shot.yaw();
    Path2D lips =
        Curve.closed(
            turn - half,
            corner,
            turn - 0.15,
            y - 0.1 * full,
            turn - 0.06,
            y - 0.09 * full,
            turn,
            y - 0.06 * full,
            turn + 0.06,
            y - 0.09 * full,
            turn + 0.15,
            y - 0.1 * full,
            turn + half,
            corner,
            turn + 0.18,
            y + 0.17 * full,
            turn - 0.18,
            y + 0.17 * full,
            turn - half,
            corner);
    brush.fill(lips, face.lipColor());
    brush.glow(turn, y + 0.07 * full, 0.11, Color.WHITE, 0.08 + 0.2 * face.lashes());
    brush.line(
        Curve.open(
            turn - half, corner, turn - 0.12, y + 0.03, turn + 0.12, y + 0.03, turn + half, corner),
        0.024,
        Tint.shade(Tint.between(face.lipColor(), crease, 0.4), 0.55));
    brush.line(
        Curve.open(turn - 0.14, 1.02, turn - 0.05, 1.06, turn + 0.05, 1.06, turn + 0.14, 1.02),
        0.03,
        Tint.clear(crease, 0.22));
  }

  private void cheeks() {
    for (int side = -1; side <= 1; side += 2) {
      brush.line(
          Curve.open(side * 0.22, 0.4, side * 0.36, 0.5, side * 0.42, 0.62, side * 0.44, 0.8),
          0.042,
          Tint.clear(crease, 0.7 * aging.folds()));
      brush.line(
          Curve.open(side * 0.36, 0.86, side * 0.4, 0.92, side * 0.4, 1.0, side * 0.37, 1.06),
          0.032,
          Tint.clear(crease, 0.6 * aging.sag()));
      brush.glow(side * 0.58, 0.82, 0.24, crease, 0.4 * aging.sag());
      brush.line(
          Curve.open(side * 0.28, 0.24, side * 0.42, 0.32, side * 0.55, 0.34, side * 0.66, 0.3),
          0.03,
          Tint.clear(crease, 0.5 * aging.sag()));
    }
  }
}
