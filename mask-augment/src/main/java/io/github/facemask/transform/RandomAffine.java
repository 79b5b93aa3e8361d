package io.github.facemask.transform;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.image.Pixels;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Rotates, moves, scales and shears a photo around its centre by random amounts, as torchvision's
 * {@code RandomAffine}: bilinear, not antialiased; pixels from outside are ImageNet's mean colour.
 */
public final class RandomAffine implements PixelTransform {

  private final double degrees;
  private final double shift;
  private final double minScale;
  private final double maxScale;
  private final double shearDegrees;

  private RandomAffine(
      double degrees, double shift, double minScale, double maxScale, double shearDegrees) {
    check(degrees >= 0 && degrees <= 180, "degrees", degrees, "0 to 180");
    check(shift >= 0 && shift <= 1, "shift", shift, "0 to 1");
    check(
        0 < minScale && minScale <= maxScale && Double.isFinite(maxScale),
        "scale",
        minScale + " to " + maxScale,
        "0 < min <= max");
    check(shearDegrees >= 0 && shearDegrees < 80, "shear", shearDegrees, "0 to 79");
    this.degrees = degrees;
    this.shift = shift;
    this.minScale = minScale;
    this.maxScale = maxScale;
    this.shearDegrees = shearDegrees;
  }

  /**
   * Makes a rotation.
   *
   * @param degrees angles are drawn from -degrees to degrees, 0 to 180
   * @return the transform
   */
  public static RandomAffine rotation(double degrees) {
    return new RandomAffine(degrees, 0, 1, 1, 0);
  }

  /**
   * Returns the same transform with moves.
   *
   * @param share moves are drawn up to this share of the width and of the height, 0 to 1
   * @return the changed transform
   */
  @CheckReturnValue
  public RandomAffine withShift(double share) {
    return new RandomAffine(degrees, share, minScale, maxScale, shearDegrees);
  }

  /**
   * Returns the same transform with scaling.
   *
   * @param min the smallest factor, above 0
   * @param max the largest
   * @return the changed transform
   */
  @CheckReturnValue
  public RandomAffine withScale(double min, double max) {
    return new RandomAffine(degrees, shift, min, max, shearDegrees);
  }

  /**
   * Returns the same transform with horizontal shear.
   *
   * @param maxDegrees angles are drawn from -maxDegrees to maxDegrees, 0 to 79
   * @return the changed transform
   */
  @CheckReturnValue
  public RandomAffine withShear(double maxDegrees) {
    return new RandomAffine(degrees, shift, minScale, maxScale, maxDegrees);
  }

  @Override
  public Sampled draw(RandomGenerator random, int height, int width) {
    return new Drawn(
        Draws.between(random, -degrees, degrees),
        Draws.between(random, -shift, shift) * width,
        Draws.between(random, -shift, shift) * height,
        Draws.between(random, minScale, maxScale),
        Draws.between(random, -shearDegrees, shearDegrees));
  }

  /**
   * The drawn change, around the centre: shear, then scale, then rotate, then move.
   *
   * @param degrees the angle, clockwise
   * @param dx the move to the right in pixels
   * @param dy the move downwards in pixels
   * @param scale the factor of size
   * @param shearDegrees the angle by which columns lean to the right
   */
  public record Drawn(double degrees, double dx, double dy, double scale, double shearDegrees)
      implements Sampled {

    @Override
    public String words() {
      StringBuilder words = new StringBuilder(String.format(Locale.ROOT, "%.0f degrees", degrees));
      if (dx != 0 || dy != 0) {
        words.append(String.format(Locale.ROOT, ", moved by (%.0f, %.0f)", dx, dy));
      }
      if (scale != 1) {
        words.append(String.format(Locale.ROOT, ", times %.2f", scale));
      }
      if (shearDegrees != 0) {
        words.append(String.format(Locale.ROOT, ", shear %.0f degrees", shearDegrees));
      }
      return words.toString();
    }

    @Override
    public Pixels applyTo(Pixels photo) {
      if (degrees == 0 && dx == 0 && dy == 0 && scale == 1 && shearDegrees == 0) {
        return photo;
      }
      double angle = Math.toRadians(degrees);
      double a = scale * Math.cos(angle);
      double c = scale * Math.sin(angle);
      double lean = -Math.tan(Math.toRadians(shearDegrees));
      return new Warp(a, a * lean - c, c, c * lean + a, dx, dy).applyTo(photo);
    }
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of(
        "name",
        "randomAffine",
        "degrees",
        degrees,
        "shift",
        shift,
        "minScale",
        minScale,
        "maxScale",
        maxScale,
        "shearDegrees",
        shearDegrees);
  }
}
