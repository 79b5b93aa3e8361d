package io.github.facemask.lab.synthetic;

import java.util.random.RandomGenerator;

/**
 * The traces of age on a face. Each is a smooth function of the apparent age with a random
 * variation.
 *
 * @param forehead the lines on the forehead, 0 to 1
 * @param folds the folds from nose to mouth, 0 to 1
 * @param crowsFeet the lines beside the eyes, 0 to 1
 * @param bags the bags under the eyes, 0 to 1
 * @param sag how far cheeks and lids sink, 0 to 1
 * @param spots the number of spots on the skin
 * @param greyBrow how grey the brows are, 0 to 1
 */
record Aging(
    double forehead,
    double folds,
    double crowsFeet,
    double bags,
    double sag,
    int spots,
    double greyBrow) {

  static Aging draw(RandomGenerator random, double looks) {
    return new Aging(
        Tint.rise(31, 58, looks + 2.5 * random.nextGaussian()),
        Tint.rise(25, 50, looks + 2 * random.nextGaussian()),
        Tint.rise(28, 54, looks + 2 * random.nextGaussian()),
        Tint.rise(25, 48, looks + 2 * random.nextGaussian()),
        Tint.rise(34, 72, looks + 2 * random.nextGaussian()),
        (int) Math.round(14 * Tint.rise(50, 72, looks) * random.nextDouble(0.7, 1.2)),
        Tint.rise(50, 74, looks + 3 * random.nextGaussian()));
  }
}
