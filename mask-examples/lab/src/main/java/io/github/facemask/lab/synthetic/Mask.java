package io.github.facemask.lab.synthetic;

import java.awt.Color;
import java.util.random.RandomGenerator;

/**
 * A mask on a face.
 *
 * @param fit its position
 * @param color its colour
 * @param cut 0 for a pleated surgical mask, 1 for a folded one with a ridge
 * @param pattern 0 plain, 1 dotted, 2 striped, 3 bordered
 * @param patternColor the colour of the pattern
 */
record Mask(MaskFit fit, Color color, int cut, int pattern, Color patternColor) {

  private static final Color[] COMMON = {
    new Color(0xf2, 0xf3, 0xf4),
    new Color(0xa9, 0xcd, 0xe4),
    new Color(0x25, 0x26, 0x2b),
    new Color(0x8f, 0x95, 0x9c),
    new Color(0xf0, 0xc6, 0xcd),
    new Color(0xb7, 0xd8, 0xc4),
    new Color(0x2f, 0x45, 0x74)
  };

  static Mask draw(RandomGenerator random, MaskFit fit) {
    Color color = Tint.oneOf(random, COMMON);
    if (random.nextDouble() < 0.2) {
      color = Tint.hsb(random.nextDouble(), random.nextDouble(0.2, 0.7), random.nextDouble(0.4, 1));
    }
    int pattern = random.nextDouble() < 0.25 ? 1 + random.nextInt(3) : 0;
    double brightness = (color.getRed() + color.getGreen() + color.getBlue()) / 765.0;
    Color patternColor = Tint.shade(color, brightness > 0.5 ? 0.72 : 1.7);
    return new Mask(fit, color, random.nextInt(2), pattern, patternColor);
  }
}
