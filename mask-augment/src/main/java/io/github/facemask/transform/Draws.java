package io.github.facemask.transform;

import static io.github.facemask.problem.InvalidArgumentException.check;

import java.util.random.RandomGenerator;

/** Random draws that several transforms share. */
final class Draws {

  private Draws() {}

  /** Draws uniformly; also where both ends are the same. */
  static double between(RandomGenerator random, double min, double max) {
    return min + (max - min) * random.nextDouble();
  }

  /** Draws true with a probability; always takes one number from the stream. */
  static boolean chance(RandomGenerator random, double probability) {
    return random.nextDouble() < probability;
  }

  static double checkedProbability(double probability) {
    check(probability >= 0 && probability <= 1, "probability", probability, "0 to 1");
    return probability;
  }
}
