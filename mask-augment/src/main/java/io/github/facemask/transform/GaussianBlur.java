package io.github.facemask.transform;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.matrix.PixelMatrix;
import java.util.Locale;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;

/** Blurs photos with a probability, by a Gaussian with a random standard deviation. */
public final class GaussianBlur implements PixelTransform {

  private final double minSigma;
  private final double maxSigma;
  private final double probability;

  private GaussianBlur(double minSigma, double maxSigma, double probability) {
    this.minSigma = minSigma;
    this.maxSigma = maxSigma;
    this.probability = Draws.checkedProbability(probability);
  }

  /**
   * Makes the transform; every photo is blurred.
   *
   * @param min the smallest standard deviation in pixels, above 0
   * @param max the largest, up to 50
   * @return the transform
   */
  public static GaussianBlur sigma(double min, double max) {
    check(0 < min && min <= max && max <= 50, "sigma", min + " to " + max, "0 < min <= max <= 50");
    return new GaussianBlur(min, max, 1);
  }

  /**
   * Returns the same transform for a share of the photos.
   *
   * @param share the probability that a photo is blurred, 0 to 1
   * @return the changed transform
   */
  @CheckReturnValue
  public GaussianBlur withProbability(double share) {
    return new GaussianBlur(minSigma, maxSigma, share);
  }

  @Override
  public Sampled draw(RandomGenerator random, int height, int width) {
    boolean blurs = Draws.chance(random, probability);
    double sigma = Draws.between(random, minSigma, maxSigma);
    return blurs ? new Drawn(sigma) : Sampled.NONE;
  }

  /**
   * The drawn change.
   *
   * @param sigma the standard deviation in pixels; the kernel ends at three standard deviations
   */
  public record Drawn(double sigma) implements Sampled {

    @Override
    public String words() {
      return String.format(Locale.ROOT, "sigma %.2f pixels", sigma);
    }

    @Override
    public Pixels applyTo(Pixels photo) {
      int side = 2 * (int) Math.ceil(3 * sigma) + 1;
      try (Mat from = PixelMatrix.toMat(photo);
          Mat to = new Mat();
          Size kernel = new Size(side, side)) {
        opencv_imgproc.GaussianBlur(from, to, kernel, sigma);
        return PixelMatrix.fromMat(to);
      }
    }
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of(
        "name",
        "gaussianBlur",
        "minSigma",
        minSigma,
        "maxSigma",
        maxSigma,
        "probability",
        probability);
  }
}
