package io.github.facemask.lab.synthetic;

import java.awt.Color;
import java.util.random.RandomGenerator;

/**
 * The random parameters of one photo.
 *
 * @param x the middle of the face, in pixels from the left
 * @param y the middle of the face, in pixels from the top
 * @param scale half the face's width in pixels
 * @param roll how far the head leans, in radians
 * @param yaw how far the head turns, -1 to 1
 * @param glasses whether the person wears glasses
 * @param smile how far the mouth curves, -1 to 1
 * @param clothes the colour of the clothes
 * @param collar 0 round neck, 1 V-neck, 2 shirt collar, 3 hood
 * @param seed the seed of small details
 */
record Shot(
    double x,
    double y,
    double scale,
    double roll,
    double yaw,
    boolean glasses,
    double smile,
    Color clothes,
    int collar,
    long seed) {

  /** Samples the parameters of a portrait. */
  static Shot portrait(RandomGenerator random, Person person) {
    return draw(
        random,
        person,
        192 + 14 * random.nextGaussian(),
        232 + 14 * random.nextGaussian(),
        random.nextDouble(76, 97));
  }

  /** Samples the parameters of a person in the background, beside the portrait. */
  static Shot behind(RandomGenerator random, Person person, Shot portrait) {
    double scale = random.nextDouble(26, 40);
    boolean left = portrait.x() > 192;
    double x = portrait.x() + (left ? -1 : 1) * (portrait.scale() * 1.25 + scale);
    x = Tint.clamp(x, 0.6 * scale, Portrait.WIDTH - 0.6 * scale);
    return draw(random, person, x, random.nextDouble(120, 230), scale);
  }

  private static Shot draw(
      RandomGenerator random, Person person, double x, double y, double scale) {
    Color other = Tint.hsb(random.nextDouble(), random.nextDouble(0.5), random.nextDouble(0.2, 1));
    return new Shot(
        Tint.clamp(x, 0, Portrait.WIDTH),
        Tint.clamp(y, 100, 290),
        scale,
        0.06 * random.nextGaussian(),
        Tint.clamp(0.35 * random.nextGaussian(), -1, 1),
        random.nextDouble() < person.glasses(),
        Tint.clamp(0.25 + 0.4 * random.nextGaussian(), -0.5, 1),
        random.nextDouble() < 0.6 ? person.clothes() : other,
        random.nextInt(4),
        random.nextLong());
  }
}
