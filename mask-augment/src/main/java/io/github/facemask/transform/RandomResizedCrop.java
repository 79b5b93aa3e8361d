package io.github.facemask.transform;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.image.Box;
import io.github.facemask.preprocessing.Preprocessing;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Cuts out a part of random area and aspect ratio and resizes it to the network's input; the draw
 * is torchvision's {@code RandomResizedCrop} (Szegedy et al., "Going deeper with convolutions",
 * 2015).
 */
public final class RandomResizedCrop implements CropTransform {

  private static final int ATTEMPTS = 10;

  private final double minArea;
  private final double maxArea;
  private final double minAspect;
  private final double maxAspect;

  private RandomResizedCrop(double minArea, double maxArea, double minAspect, double maxAspect) {
    this.minArea = minArea;
    this.maxArea = maxArea;
    this.minAspect = minAspect;
    this.maxAspect = maxAspect;
  }

  /**
   * Makes the transform with aspect ratios of 3/4 to 4/3.
   *
   * @param minArea the smallest share of the photo's area, above 0
   * @param maxArea the largest share, up to 1
   * @return the transform
   * @throws IllegalArgumentException if the shares are out of range
   */
  public static RandomResizedCrop of(double minArea, double maxArea) {
    check(
        0 < minArea && minArea <= maxArea && maxArea <= 1,
        "area",
        minArea + " to " + maxArea,
        "0 < min <= max <= 1");
    return new RandomResizedCrop(minArea, maxArea, 3.0 / 4, 4.0 / 3);
  }

  /**
   * Returns the same transform with other aspect ratios.
   *
   * @param min the smallest width over height, above 0
   * @param max the largest width over height
   * @return the changed transform
   * @throws IllegalArgumentException if the ratios are out of range
   */
  @CheckReturnValue
  public RandomResizedCrop withAspect(double min, double max) {
    check(
        0 < min && min <= max && Double.isFinite(max),
        "aspect",
        min + " to " + max,
        "0 < min <= max");
    return new RandomResizedCrop(minArea, maxArea, min, max);
  }

  @Override
  public Box draw(RandomGenerator random, int height, int width, Preprocessing preprocessing) {
    double logMin = Math.log(minAspect);
    double logMax = Math.log(maxAspect);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = (double) height * width * Draws.between(random, minArea, maxArea);
      double aspect = Math.exp(Draws.between(random, logMin, logMax));
      int w = (int) Math.rint(Math.sqrt(area * aspect));
      int h = (int) Math.rint(Math.sqrt(area / aspect));
      if (0 < w && w <= width && 0 < h && h <= height) {
        int top = random.nextInt(height - h + 1);
        int left = random.nextInt(width - w + 1);
        return new Box(left, top, left + w, top + h);
      }
    }
    return centre(height, width);
  }

  /** The largest central part whose aspect ratio is in range. */
  private Box centre(int height, int width) {
    double aspect = (double) width / height;
    double w = aspect > maxAspect ? Math.max(1, Math.rint(height * maxAspect)) : width;
    double h = aspect < minAspect ? Math.max(1, Math.rint(width / minAspect)) : height;
    double left = Math.floor((width - w) / 2);
    double top = Math.floor((height - h) / 2);
    return new Box(left, top, left + w, top + h);
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of(
        "name",
        "randomResizedCrop",
        "minArea",
        minArea,
        "maxArea",
        maxArea,
        "minAspect",
        minAspect,
        "maxAspect",
        maxAspect);
  }
}
