package io.github.facemask.lab.synthetic;

import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.random.RandomGenerator;

/** Paints blurred backgrounds: rooms, shelves, windows, streets and greenery. */
final class Backdrop {

  private Backdrop() {}

  static void paint(Graphics2D graphics, RandomGenerator random) {
    Brush brush = new Brush(graphics);
    Color wall =
        Tint.hsb(random.nextDouble(), random.nextDouble(0.03, 0.3), random.nextDouble(0.5, 0.95));
    graphics.setPaint(
        new GradientPaint(
            0,
            0,
            Tint.shade(wall, 1.08),
            random.nextInt(Portrait.WIDTH),
            Portrait.HEIGHT,
            Tint.shade(wall, random.nextDouble(0.6, 0.9))));
    graphics.fillRect(0, 0, Portrait.WIDTH, Portrait.HEIGHT);
    switch (random.nextInt(6)) {
      case 0 -> window(brush, random);
      case 1 -> shelf(brush, random, wall);
      case 2 -> lights(brush, random, 12, 14, 46, 0.5);
      case 3 -> greenery(brush, random);
      case 4 -> panels(brush, random, wall);
      default -> lights(brush, random, 4, 60, 160, 0.25);
    }
  }

  private static void window(Brush brush, RandomGenerator random) {
    double x = random.nextDouble(-60, 240);
    double width = random.nextDouble(110, 220);
    Color sky = Tint.hsb(random.nextDouble(0.52, 0.62), 0.2, random.nextDouble(0.85, 1));
    brush.fill(new Rectangle2D.Double(x - 8, 12, width + 16, 326), new Color(0xe8, 0xe4, 0xdc));
    brush.fill(new Rectangle2D.Double(x, 20, width, 310), sky);
    brush.fill(
        new Rectangle2D.Double(x, 200, width, 130),
        Tint.between(sky, new Color(0x6f, 0x86, 0x66), 0.5));
    brush.fill(new Rectangle2D.Double(x + width / 2 - 4, 20, 8, 310), new Color(0xe8, 0xe4, 0xdc));
  }

  private static void shelf(Brush brush, RandomGenerator random, Color wall) {
    Color wood = Tint.between(wall, new Color(0x6b, 0x4b, 0x34), 0.6);
    for (int row = 0; row < 4; row++) {
      double y = 20 + row * 118;
      for (double x = random.nextDouble(-10, 0); x < Portrait.WIDTH; ) {
        double wide = random.nextDouble(9, 24);
        double high = random.nextDouble(62, 100);
        Color book = Tint.hsb(random.nextDouble(), random.nextDouble(0.1, 0.45), 0.6);
        brush.fill(
            new Rectangle2D.Double(x, y + 102 - high, wide - 1, high),
            Tint.between(book, wall, 0.45));
        x += wide + (random.nextDouble() < 0.12 ? 20 : 0);
      }
      brush.fill(new Rectangle2D.Double(0, y + 102, Portrait.WIDTH, 12), wood);
    }
  }

  private static void lights(
      Brush brush, RandomGenerator random, int count, double small, double large, double opacity) {
    for (int i = 0; i < count; i++) {
      Color light = Tint.hsb(random.nextDouble(), random.nextDouble(0.1, 0.5), 1);
      brush.glow(
          random.nextDouble(Portrait.WIDTH),
          random.nextDouble(Portrait.HEIGHT * 0.8),
          random.nextDouble(small, large),
          light,
          opacity);
    }
  }

  private static void greenery(Brush brush, RandomGenerator random) {
    for (int i = 0; i < 26; i++) {
      Color leaf =
          Tint.hsb(
              random.nextDouble(0.22, 0.4),
              random.nextDouble(0.2, 0.5),
              random.nextDouble(0.3, 0.8));
      brush.ellipse(
          random.nextDouble(Portrait.WIDTH),
          random.nextDouble(120, Portrait.HEIGHT),
          random.nextDouble(20, 60),
          random.nextDouble(20, 50),
          Tint.clear(leaf, 0.55));
    }
  }

  private static void panels(Brush brush, RandomGenerator random, Color wall) {
    double step = random.nextDouble(40, 110);
    for (double x = random.nextDouble(-40, 0); x < Portrait.WIDTH; x += step) {
      brush.fill(
          new Rectangle2D.Double(x, 0, step * 0.5, Portrait.HEIGHT),
          Tint.clear(Tint.shade(wall, 0.82), 0.6));
    }
    double y = random.nextDouble(250, 380);
    brush.fill(
        new Rectangle2D.Double(0, y, Portrait.WIDTH, Portrait.HEIGHT - y), Tint.shade(wall, 0.7));
  }
}
