package io.github.facemask.transform;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.image.Pixels;
import io.github.facemask.random.RandomStream;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;

/** Adds normal noise of a random strength to every value. */
public final class GaussianNoise implements PixelTransform {

  private final double minStd;
  private final double maxStd;

  private GaussianNoise(double minStd, double maxStd) {
    this.minStd = minStd;
    this.maxStd = maxStd;
  }

  /**
   * Makes the transform.
   *
   * @param min the smallest standard deviation, in levels of 255, at least 0
   * @param max the largest, up to 128
   * @return the transform
   */
  public static GaussianNoise std(double min, double max) {
    check(
        0 <= min && min <= max && max <= 128,
        "noise",
        min + " to " + max,
        "0 <= min <= max <= 128");
    return new GaussianNoise(min, max);
  }

  @Override
  public Sampled draw(RandomGenerator random, int height, int width) {
    return new Drawn(Draws.between(random, minStd, maxStd), random.nextLong());
  }

  /**
   * The drawn change.
   *
   * @param std the standard deviation in levels
   * @param seed the seed of the noise
   */
  public record Drawn(double std, long seed) implements Sampled {

    @Override
    public String words() {
      return String.format(Locale.ROOT, "deviation %.1f levels", std);
    }

    @Override
    public Pixels applyTo(Pixels photo) {
      RandomStream noise = RandomStream.of(seed, "noise");
      return added(photo, () -> std * noise.nextGaussian());
    }
  }

  /** Adds the next number to each value; rounded and clipped. */
  static Pixels added(Pixels photo, DoubleSupplier noise) {
    byte[] result = photo.array().clone();
    for (int i = 0; i < result.length; i++) {
      long value = Math.round((result[i] & 0xff) + noise.getAsDouble());
      result[i] = (byte) Math.max(0, Math.min(255, value));
    }
    return Pixels.wrap(photo.height(), photo.width(), result);
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("name", "gaussianNoise", "minStd", minStd, "maxStd", maxStd);
  }
}
