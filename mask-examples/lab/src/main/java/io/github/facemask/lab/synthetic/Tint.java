package io.github.facemask.lab.synthetic;

import java.awt.Color;
import java.util.random.RandomGenerator;

/** Computes colours from colours. */
final class Tint {

  private Tint() {}

  /** Interpolates between two colours: 0 is the first, 1 the second. */
  static Color between(Color from, Color to, double way) {
    double t = clamp(way, 0, 1);
    return new Color(
        (int) Math.round(from.getRed() + t * (to.getRed() - from.getRed())),
        (int) Math.round(from.getGreen() + t * (to.getGreen() - from.getGreen())),
        (int) Math.round(from.getBlue() + t * (to.getBlue() - from.getBlue())));
  }

  /** Returns a darker (factor below 1) or lighter (above 1) colour. */
  static Color shade(Color color, double factor) {
    return new Color(
        channel(color.getRed() * factor),
        channel(color.getGreen() * factor),
        channel(color.getBlue() * factor));
  }

  /** Returns a colour with an opacity from 0 to 1. */
  static Color clear(Color color, double opacity) {
    return new Color(
        color.getRed(), color.getGreen(), color.getBlue(), channel(255 * clamp(opacity, 0, 1)));
  }

  /** Returns a colour of a hue, saturation and brightness, each from 0 to 1. */
  static Color hsb(double hue, double saturation, double brightness) {
    return Color.getHSBColor(
        (float) hue, (float) clamp(saturation, 0, 1), (float) clamp(brightness, 0, 1));
  }

  /** Picks one of some colours at random and varies its brightness a little. */
  static Color oneOf(RandomGenerator random, Color... colors) {
    return shade(colors[random.nextInt(colors.length)], random.nextDouble(0.88, 1.1));
  }

  /** Rises smoothly from 0 at the first bound to 1 at the second. */
  static double rise(double from, double to, double value) {
    double t = clamp((value - from) / (to - from), 0, 1);
    return t * t * (3 - 2 * t);
  }

  static double clamp(double value, double low, double high) {
    return Math.max(low, Math.min(high, value));
  }

  private static int channel(double value) {
    return (int) Math.round(clamp(value, 0, 255));
  }
}
