package io.github.facemask.transform;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.random.RandomGenerator;

/** Draws that several transforms share. */
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
    checkArgument(
        probability >= 0 && probability <= 1, "probability is %s, expected 0 to 1", probability);
    return probability;
  }
}
