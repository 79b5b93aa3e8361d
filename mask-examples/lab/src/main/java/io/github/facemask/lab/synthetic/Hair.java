package io.github.facemask.lab.synthetic;

import java.awt.Color;
import java.util.random.RandomGenerator;

/**
 * A person's hair.
 *
 * @param style the style
 * @param color its colour, greyed by age
 * @param hairline how far the forehead is bare, 0 to 1
 * @param volume how far it stands off the head, 0 to 1
 * @param length how long long hair is, 0 to 1
 * @param parting the position of the parting, -1 to 1
 */
record Hair(
    HairStyle style, Color color, double hairline, double volume, double length, double parting) {

  private static final Color[] NATURAL = {
    new Color(0x17, 0x14, 0x14),
    new Color(0x22, 0x1a, 0x17),
    new Color(0x30, 0x22, 0x1b),
    new Color(0x45, 0x2e, 0x21)
  };
  private static final Color[] DYED = {
    new Color(0x6e, 0x42, 0x28), new Color(0x8a, 0x5a, 0x34), new Color(0x74, 0x36, 0x2c)
  };
  private static final Color GREY = new Color(0xc4, 0xc2, 0xbe);

  static Hair draw(RandomGenerator random, double femininity, double looks) {
    boolean dyed = random.nextDouble() < 0.3 * femininity * (1 - Tint.rise(35, 60, looks));
    Color base = dyed ? Tint.oneOf(random, DYED) : Tint.oneOf(random, NATURAL);
    double grey = Tint.rise(47, 65, looks + 3 * random.nextGaussian()) * (0.95 - 0.2 * femininity);
    double hairline =
        Tint.clamp(
            (1 - femininity) * Tint.rise(30, 70, looks) + 0.12 * random.nextGaussian(), 0, 1);
    return new Hair(
        style(random, femininity, looks),
        Tint.between(base, GREY, grey),
        hairline,
        random.nextDouble(),
        random.nextDouble(),
        random.nextDouble(-1, 1));
  }

  private static HairStyle style(RandomGenerator random, double femininity, double looks) {
    double old = Tint.rise(38, 62, looks);
    double chance = random.nextDouble();
    // The overlap gives some short-haired women, and some men with a fringe or a bob.
    if (random.nextDouble() < Tint.rise(0.25, 0.75, femininity)) {
      if (chance < 0.62 * old) {
        return HairStyle.PERMED;
      }
      if (chance < 0.62 * old + 0.4 * (1 - old)) {
        return HairStyle.LONG;
      }
      return chance < 0.86 ? HairStyle.BOB : HairStyle.TIED_BACK;
    }
    if (chance < 0.55 * old) {
      return HairStyle.RECEDING;
    }
    if (chance < 0.55 * old + 0.4 * (1 - old)) {
      return HairStyle.FRINGE;
    }
    return chance < 0.8 ? HairStyle.SIDE_PART : HairStyle.CROP;
  }
}
