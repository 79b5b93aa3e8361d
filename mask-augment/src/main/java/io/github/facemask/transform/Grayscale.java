package io.github.facemask.transform;

import io.github.facemask.image.Pixels;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Makes a photo grey with a probability; it keeps three equal channels. */
public final class Grayscale implements PixelTransform {

  private final double probability;

  private Grayscale(double probability) {
    this.probability = Draws.checkedProbability(probability);
  }

  /**
   * Makes the transform.
   *
   * @param probability the probability that a photo becomes grey, 0 to 1
   * @return the transform
   */
  public static Grayscale of(double probability) {
    return new Grayscale(probability);
  }

  @Override
  public Sampled draw(RandomGenerator random, int height, int width) {
    return Draws.chance(random, probability) ? new Grey() : Sampled.NONE;
  }

  /** The drawn change. */
  public record Grey() implements Sampled {

    @Override
    public Pixels applyTo(Pixels photo) {
      return Colors.grey(photo);
    }

    @Override
    public String words() {
      return "grey";
    }
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("name", "grayscale", "probability", probability);
  }
}
