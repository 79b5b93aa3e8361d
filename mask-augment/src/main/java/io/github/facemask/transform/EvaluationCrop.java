package io.github.facemask.transform;

import io.github.facemask.image.Box;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.CropMode;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The crop of evaluation: resizes to the input size over the crop ratio, then cuts out the centre,
 * as in {@link Preprocessing} and timm's evaluation transform. Not random.
 */
public final class EvaluationCrop implements CropTransform {

  private static final EvaluationCrop INSTANCE = new EvaluationCrop();

  private EvaluationCrop() {}

  /** Returns the crop. */
  public static EvaluationCrop of() {
    return INSTANCE;
  }

  @Override
  public Box draw(RandomGenerator random, int height, int width, Preprocessing preprocessing) {
    return frame(height, width, preprocessing);
  }

  /**
   * Returns the part of a photo that evaluation uses.
   *
   * @param height the photo's height in pixels
   * @param width the photo's width in pixels
   * @param preprocessing the network's input
   * @return the part
   */
  public static Box frame(int height, int width, Preprocessing preprocessing) {
    // Sizes and offsets are whole pixels of the resized photo, rounded as torchvision rounds them.
    int resizedHeight = (int) Math.floor(preprocessing.height() / preprocessing.cropRatio());
    int resizedWidth = (int) Math.floor(preprocessing.width() / preprocessing.cropRatio());
    if (preprocessing.cropMode() == CropMode.CENTER) {
      if ((long) resizedHeight * width >= (long) resizedWidth * height) {
        resizedWidth = (int) ((long) resizedHeight * width / height);
      } else {
        resizedHeight = (int) ((long) resizedWidth * height / width);
      }
    }
    double top = Math.rint((resizedHeight - preprocessing.height()) / 2.0);
    double left = Math.rint((resizedWidth - preprocessing.width()) / 2.0);
    return new Box(left, top, left + preprocessing.width(), top + preprocessing.height())
        .scaled((double) width / resizedWidth, (double) height / resizedHeight);
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("name", "evaluation");
  }
}
