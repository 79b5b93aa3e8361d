package io.github.facemask.transform;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.image.Pixels;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Fills a random rectangle with ImageNet's mean colour, which is nearly zero after normalisation
 * (Zhong et al., "Random erasing data augmentation", 2017; the draw is torchvision's). {@link
 * #cutout} is the variant with a square of fixed size that may extend beyond the edge (DeVries and
 * Taylor, 2017).
 */
public final class RandomErasing implements PixelTransform {

  private static final int ATTEMPTS = 10;

  private final double probability;
  private final double minArea;
  private final double maxArea;
  private final double side;

  private RandomErasing(double probability, double minArea, double maxArea, double side) {
    this.probability = Draws.checkedProbability(probability);
    this.minArea = minArea;
    this.maxArea = maxArea;
    this.side = side;
  }

  /**
   * Makes the transform with 2 to 33 % of the area and aspect ratios of 0.3 to 3.3.
   *
   * @param probability the probability that a rectangle is erased, 0 to 1
   * @return the transform
   */
  public static RandomErasing of(double probability) {
    return new RandomErasing(probability, 0.02, 0.33, 0);
  }

  /**
   * Makes the transform that fills a square around a random point of every photo.
   *
   * @param side the side of the square as a share of the photo's shorter side, above 0 to 1
   * @return the transform
   */
  public static RandomErasing cutout(double side) {
    check(side > 0 && side <= 1, "side", side, "above 0 to 1");
    return new RandomErasing(1, 0, 0, side);
  }

  /**
   * Returns the same transform with other areas; not for {@link #cutout}.
   *
   * @param min the smallest share of the area, above 0
   * @param max the largest, up to 1
   * @return the changed transform
   */
  @CheckReturnValue
  public RandomErasing withArea(double min, double max) {
    checkArgument(side == 0, "cutout has a side, expected RandomErasing.of for areas");
    check(0 < min && min <= max && max <= 1, "area", min + " to " + max, "0 < min <= max <= 1");
    return new RandomErasing(probability, min, max, 0);
  }

  @Override
  public Sampled draw(RandomGenerator random, int height, int width) {
    if (!Draws.chance(random, probability)) {
      return Sampled.NONE;
    }
    if (side > 0) {
      int half = (int) Math.rint(side * Math.min(height, width) / 2);
      int y = random.nextInt(height);
      int x = random.nextInt(width);
      return new Filled(
          Math.max(0, y - half),
          Math.max(0, x - half),
          Math.min(height, y + half),
          Math.min(width, x + half));
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = (double) height * width * Draws.between(random, minArea, maxArea);
      double aspect = Math.exp(Draws.between(random, Math.log(0.3), Math.log(3.3)));
      int h = (int) Math.rint(Math.sqrt(area * aspect));
      int w = (int) Math.rint(Math.sqrt(area / aspect));
      if (h < height && w < width) {
        int top = random.nextInt(height - h + 1);
        int left = random.nextInt(width - w + 1);
        return new Filled(top, left, top + h, left + w);
      }
    }
    return Sampled.NONE;
  }

  /**
   * The drawn change: a rectangle to fill.
   *
   * @param top first row
   * @param left first column
   * @param bottom the row behind the last
   * @param right the column behind the last
   */
  public record Filled(int top, int left, int bottom, int right) implements Sampled {

    @Override
    public String words() {
      return String.format(
          Locale.ROOT, "rows %d to %d, columns %d to %d", top, bottom, left, right);
    }

    @Override
    public Pixels applyTo(Pixels photo) {
      byte[] result = photo.array().clone();
      for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
          int at = (y * photo.width() + x) * 3;
          result[at] = (byte) Fill.RED;
          result[at + 1] = (byte) Fill.GREEN;
          result[at + 2] = (byte) Fill.BLUE;
        }
      }
      return Pixels.wrap(photo.height(), photo.width(), result);
    }
  }

  @Override
  public Map<String, Object> parameters() {
    return side > 0
        ? Map.of("name", "cutout", "side", side)
        : Map.of(
            "name",
            "randomErasing",
            "probability",
            probability,
            "minArea",
            minArea,
            "maxArea",
            maxArea);
  }
}
