package io.github.facemask.preprocessing;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import java.util.List;

/**
 * The input that a network expects. The fields are those of timm's pretrained configuration.
 *
 * @param height input height in pixels
 * @param width input width in pixels
 * @param mean the value subtracted from each channel, R, G, B, for values in [0, 1]
 * @param std the value that each channel is then divided by
 * @param interpolation how photos are resized
 * @param cropRatio the share of the resized side that evaluation keeps, in (0, 1], timm's {@code
 *     crop_pct}
 * @param cropMode how evaluation crops
 */
public record Preprocessing(
    int height,
    int width,
    List<Double> mean,
    List<Double> std,
    Interpolation interpolation,
    double cropRatio,
    CropMode cropMode) {

  /** Mean of ImageNet's channels. */
  public static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);

  /** Standard deviation of ImageNet's channels. */
  public static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);

  /** Checks the values. */
  public Preprocessing {
    check(
        height >= 1 && width >= 1 && height <= 8192 && width <= 8192,
        "inputSize",
        height + " x " + width,
        "sides of 1 to 8192 pixels");
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    checkThreeNumbers(mean, "mean");
    checkThreeNumbers(std, "std");
    check(std.stream().allMatch(s -> s > 0), "std", std, "three numbers above 0");
    check(cropRatio > 0 && cropRatio <= 1, "cropRatio", cropRatio, "above 0 to 1");
  }

  /**
   * Returns the same preprocessing for another input size.
   *
   * @param newHeight input height in pixels
   * @param newWidth input width in pixels
   * @return the changed value
   */
  public Preprocessing withSize(int newHeight, int newWidth) {
    return new Preprocessing(newHeight, newWidth, mean, std, interpolation, cropRatio, cropMode);
  }

  private static void checkThreeNumbers(List<Double> values, String name) {
    checkArgument(
        values.size() == 3 && values.stream().allMatch(Double::isFinite),
        "%s is %s, expected three finite numbers (R, G, B)",
        name,
        values);
  }

  /** How evaluation fits a photo to the network's input size. */
  public enum CropMode {
    /** The shorter side is resized to size / ratio, then the centre is cut out. */
    CENTER,
    /**
     * Both sides are resized to size / ratio, ignoring the aspect ratio, then the centre is cut
     * out.
     */
    SQUASH
  }

  /** How a photo is resized; both are antialiased when they shrink, as in Pillow. */
  public enum Interpolation {
    BILINEAR,
    BICUBIC
  }
}
