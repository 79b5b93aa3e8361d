package io.github.facemask.random;

import static io.github.facemask.problem.InvalidArgumentException.check;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;

/**
 * A named stream of random numbers. The numbers depend only on the seed and the name, which is a
 * purpose with coordinates. Any thread or resumed run gets the same numbers for the same name. The
 * generator is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
 * OOPSLA 2014).
 *
 * <p>Not thread-safe.
 */
public final class RandomStream implements RandomGenerator {

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long state;

  private RandomStream(long state) {
    this.state = state;
  }

  /**
   * Opens a stream for a purpose and coordinates.
   *
   * @param seed the run's seed
   * @param purpose the purpose of the numbers, for instance {@code "sampler"}
   * @param coordinates where they are used, for instance epoch and item
   * @return the stream, at its beginning
   */
  public static RandomStream of(long seed, String purpose, long... coordinates) {
    long hash = mix(seed + GOLDEN);
    for (byte b : purpose.getBytes(StandardCharsets.UTF_8)) {
      hash = mix(hash ^ (b & 0xff)) + GOLDEN;
    }
    for (long coordinate : coordinates) {
      hash = mix(hash + GOLDEN ^ mix(coordinate + 1));
    }
    return new RandomStream(hash);
  }

  @Override
  public long nextLong() {
    state += GOLDEN;
    return mix(state);
  }

  @Override
  public int nextInt(int bound) {
    check(bound > 0, "bound", bound, "more than 0");
    // Lemire's multiply-shift with rejection: unbiased, and one draw almost always.
    long product = (nextLong() >>> 32) * bound;
    long low = product & 0xFFFFFFFFL;
    if (low < bound) {
      long threshold = (1L << 32) % bound;
      while (low < threshold) {
        product = (nextLong() >>> 32) * bound;
        low = product & 0xFFFFFFFFL;
      }
    }
    return (int) (product >>> 32);
  }

  /**
   * Puts an array in random order; each permutation is equally likely.
   *
   * @param values the array to shuffle in place
   */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int swap = values[i];
      values[i] = values[j];
      values[j] = swap;
    }
  }

  /**
   * Draws the logarithm of a Gamma(shape, 1) number: Marsaglia and Tsang, "A simple method for
   * generating gamma variables", 2000. The logarithm keeps small shapes from becoming zero.
   *
   * @param random the random numbers
   * @param shape above 0
   * @return the logarithm
   */
  public static double logGamma(RandomGenerator random, double shape) {
    if (shape < 1) {
      return logGamma(random, shape + 1) + Math.log(1 - random.nextDouble()) / shape;
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = 1 + c * x;
      if (v > 0) {
        v = v * v * v;
        double u = 1 - random.nextDouble();
        if (Math.log(u) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
          return Math.log(d * v);
        }
      }
    }
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
