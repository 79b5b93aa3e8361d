package io.github.facemask.transform;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Ints;
import io.github.facemask.image.Pixels;
import io.github.facemask.random.RandomStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Changes brightness, contrast, saturation and hue in random order, each by a random factor; with
 * the semantics and ranges of torchvision's {@code ColorJitter}.
 */
public final class ColorJitter implements PixelTransform {

  private final double brightness;
  private final double contrast;
  private final double saturation;
  private final double hue;

  private ColorJitter(double brightness, double contrast, double saturation, double hue) {
    this.brightness = checked("brightness", brightness, 10);
    this.contrast = checked("contrast", contrast, 10);
    this.saturation = checked("saturation", saturation, 10);
    this.hue = checked("hue", hue, 0.5);
  }

  private static double checked(String name, double value, double max) {
    check(value >= 0 && value <= max, name, value, "0 to " + max);
    return value;
  }

  /**
   * Makes the transform.
   *
   * @param brightness factors are drawn from max(0, 1 - brightness) to 1 + brightness; 0 for none
   * @param contrast likewise
   * @param saturation likewise
   * @param hue rotations are drawn from -hue to hue, in circles, at most 0.5
   * @return the transform
   * @throws IllegalArgumentException if a strength is out of range
   */
  public static ColorJitter of(double brightness, double contrast, double saturation, double hue) {
    return new ColorJitter(brightness, contrast, saturation, hue);
  }

  @Override
  public Sampled draw(RandomGenerator random, int height, int width) {
    return new Drawn(
        order(random),
        factor(random, brightness),
        factor(random, contrast),
        factor(random, saturation),
        Draws.between(random, -hue, hue));
  }

  private static double factor(RandomGenerator random, double strength) {
    return Draws.between(random, Math.max(0, 1 - strength), 1 + strength);
  }

  private static List<Integer> order(RandomGenerator random) {
    int[] order = {0, 1, 2, 3};
    RandomStream.of(random.nextLong(), "order").shuffle(order);
    return ImmutableList.copyOf(Ints.asList(order));
  }

  /**
   * The drawn change.
   *
   * @param order the order of the changes: brightness 0, contrast 1, saturation 2, hue 3
   * @param brightness the factor of all values
   * @param contrast the factor of the distance from the mean grey
   * @param saturation the factor of the distance from each pixel's grey
   * @param hue the rotation of the hue, in circles
   */
  public record Drawn(
      List<Integer> order, double brightness, double contrast, double saturation, double hue)
      implements Sampled {

    @Override
    public String words() {
      return String.format(
          Locale.ROOT,
          "brightness times %.2f, contrast %.2f, saturation %.2f, hue by %.2f",
          brightness,
          contrast,
          saturation,
          hue);
    }

    @Override
    public Pixels applyTo(Pixels photo) {
      Pixels result = photo;
      for (int i = 0; i < order.size(); i++) {
        result =
            switch (order.get(i)) {
              case 0 -> brightness == 1 ? result : Colors.brightness(result, brightness);
              case 1 -> contrast == 1 ? result : Colors.contrast(result, contrast);
              case 2 -> saturation == 1 ? result : Colors.saturation(result, saturation);
              default -> hue == 0 ? result : Colors.hue(result, hue);
            };
      }
      return result;
    }
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of(
        "name",
        "colorJitter",
        "brightness",
        brightness,
        "contrast",
        contrast,
        "saturation",
        saturation,
        "hue",
        hue);
  }
}
