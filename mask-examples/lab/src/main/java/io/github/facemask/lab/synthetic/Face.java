package io.github.facemask.lab.synthetic;

import java.awt.Color;
import java.util.random.RandomGenerator;

/**
 * The constant traits of a person's face, in units of half the face's width.
 *
 * @param skin the colour of the skin in even light
 * @param width the width, about 1
 * @param length the length, about 1
 * @param jaw how square the jaw is, 0 to 1
 * @param eyeSize how large the eyes are, about 1
 * @param eyeOpen how far the eyes open, about 1, less with age
 * @param eyeTilt how far the outer corners rise, in radians
 * @param eyeSpacing half the distance of the pupils
 * @param brow how strong the brows are, 0 to 1
 * @param browArch how far the brows curve, 0 to 1
 * @param noseWidth the width of the nose, about 1
 * @param noseLength the length of the nose, about 1
 * @param lips how full the lips are, about 1
 * @param lipColor the colour of the lips
 * @param lashes how strong lashes and make-up are, 0 to 1
 * @param blush how red the cheeks are, 0 to 1
 * @param stubble how dark the beard is, 0 to 1
 */
record Face(
    Color skin,
    double width,
    double length,
    double jaw,
    double eyeSize,
    double eyeOpen,
    double eyeTilt,
    double eyeSpacing,
    double brow,
    double browArch,
    double noseWidth,
    double noseLength,
    double lips,
    Color lipColor,
    double lashes,
    double blush,
    double stubble) {

  private static final Color[] SKINS = {
    new Color(0xf4, 0xd8, 0xc2),
    new Color(0xee, 0xcb, 0xb0),
    new Color(0xe6, 0xbd, 0x9d),
    new Color(0xd9, 0xaa, 0x86),
    new Color(0xc6, 0x94, 0x6e)
  };

  static Face draw(RandomGenerator random, double femininity, double looks) {
    double masculinity = 1 - femininity;
    Color skin = Tint.oneOf(random, SKINS);
    skin = Tint.between(skin, new Color(0xc9, 0x9c, 0x74), 0.25 * masculinity);
    skin = Tint.between(skin, new Color(0xc2, 0x9a, 0x78), 0.3 * Tint.rise(35, 75, looks));
    double makeUp = Tint.clamp(femininity + 0.15 * random.nextGaussian(), 0, 1);
    Color lipColor =
        Tint.between(
            Tint.between(skin, new Color(0xa8, 0x5a, 0x52), 0.5),
            Tint.hsb(random.nextDouble(0.95, 1.02), 0.68, 0.76),
            makeUp * makeUp);
    return new Face(
        skin,
        1 + 0.04 * random.nextGaussian() + 0.03 * masculinity,
        1 + 0.03 * random.nextGaussian() + 0.03 * masculinity,
        Tint.clamp(0.25 + 0.55 * masculinity + 0.12 * random.nextGaussian(), 0, 1),
        1.02 + 0.06 * random.nextGaussian() + 0.1 * femininity - 0.08 * Tint.rise(30, 65, looks),
        1.1 + 0.07 * random.nextGaussian() - 0.5 * Tint.rise(28, 68, looks),
        0.06 + 0.05 * random.nextGaussian() - 0.16 * Tint.rise(32, 68, looks),
        0.42 + 0.015 * random.nextGaussian(),
        Tint.clamp(0.2 + 0.65 * masculinity + 0.1 * random.nextGaussian(), 0, 1),
        Tint.clamp(0.2 + 0.6 * femininity + 0.15 * random.nextGaussian(), 0, 1),
        1 + 0.08 * random.nextGaussian() + 0.14 * masculinity,
        1 + 0.05 * random.nextGaussian() + 0.04 * masculinity,
        0.85 + 0.3 * femininity + 0.08 * random.nextGaussian(),
        lipColor,
        makeUp,
        Tint.clamp(0.25 + 0.5 * femininity * (1 - Tint.rise(25, 60, looks)), 0, 1),
        Tint.clamp(0.85 * masculinity - 0.25 + 0.2 * random.nextGaussian(), 0, 0.75));
  }
}
