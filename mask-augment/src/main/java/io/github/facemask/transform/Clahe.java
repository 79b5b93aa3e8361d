package io.github.facemask.transform;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.matrix.PixelMatrix;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.MatVector;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_imgproc.CLAHE;

/**
 * Equalizes the lightness of 8 x 8 tiles (Zuiderveld, "Contrast limited adaptive histogram
 * equalization", 1994), on the L channel of Lab, so that colours do not change.
 */
public final class Clahe implements PixelTransform {

  private static final int TILES = 8;

  private final double minClip;
  private final double maxClip;
  private final double probability;

  private Clahe(double minClip, double maxClip, double probability) {
    this.minClip = minClip;
    this.maxClip = maxClip;
    this.probability = Draws.checkedProbability(probability);
  }

  /**
   * Makes the transform; every photo is changed.
   *
   * @param min the smallest clip limit, at least 1
   * @param max the largest, up to 100; 2 to 4 is usual
   * @return the transform
   */
  public static Clahe clipLimit(double min, double max) {
    check(
        1 <= min && min <= max && max <= 100,
        "clipLimit",
        min + " to " + max,
        "1 <= min <= max <= 100");
    return new Clahe(min, max, 1);
  }

  /**
   * Returns the same transform for a share of the photos.
   *
   * @param share the probability that a photo is changed, 0 to 1
   * @return the changed transform
   */
  @CheckReturnValue
  public Clahe withProbability(double share) {
    return new Clahe(minClip, maxClip, share);
  }

  @Override
  public Sampled draw(RandomGenerator random, int height, int width) {
    boolean changes = Draws.chance(random, probability);
    double clip = Draws.between(random, minClip, maxClip);
    return changes ? new Drawn(clip) : Sampled.NONE;
  }

  /**
   * The drawn change.
   *
   * @param clipLimit the limit of a tile's histogram relative to a uniform one
   */
  public record Drawn(double clipLimit) implements Sampled {

    @Override
    public String words() {
      return String.format(Locale.ROOT, "clip limit %.2f", clipLimit);
    }

    @Override
    public Pixels applyTo(Pixels photo) {
      try (Mat mat = PixelMatrix.toMat(photo);
          MatVector channels = new MatVector();
          Size tiles = new Size(TILES, TILES);
          CLAHE clahe = opencv_imgproc.createCLAHE(clipLimit, tiles)) {
        opencv_imgproc.cvtColor(mat, mat, opencv_imgproc.COLOR_RGB2Lab);
        opencv_core.split(mat, channels);
        try (Mat lightness = channels.get(0)) {
          clahe.apply(lightness, lightness);
        }
        opencv_core.merge(channels, mat);
        opencv_imgproc.cvtColor(mat, mat, opencv_imgproc.COLOR_Lab2RGB);
        return PixelMatrix.fromMat(mat);
      }
    }
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of(
        "name", "clahe", "minClip", minClip, "maxClip", maxClip, "probability", probability);
  }
}
