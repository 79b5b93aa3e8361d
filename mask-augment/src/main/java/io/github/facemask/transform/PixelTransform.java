package io.github.facemask.transform;

import io.github.facemask.image.Pixels;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/** Changes a photo that has the network's input size, and keeps the size. */
public non-sealed interface PixelTransform extends PhotoTransform {

  /**
   * Returns the transform that applies one of several, each equally likely; torchvision's {@code
   * RandomChoice}.
   *
   * @param transforms at least one
   * @return the transform
   */
  static PixelTransform oneOf(List<? extends PixelTransform> transforms) {
    return oneOf(1, transforms, Collections.nCopies(transforms.size(), 1.0));
  }

  /**
   * Returns the transform that applies one of several to a share of the photos; albumentations'
   * {@code OneOf}.
   *
   * @param probability the probability that a photo is changed, 0 to 1
   * @param transforms at least one
   * @param weights how often each is chosen, relative to the others; 0 or more, and not all 0
   * @return the transform
   */
  static PixelTransform oneOf(
      double probability, List<? extends PixelTransform> transforms, List<Double> weights) {
    return new RandomChoice(probability, transforms, weights);
  }

  /**
   * Returns the transform that applies several in order, all of them or none; torchvision's {@code
   * RandomApply}.
   *
   * @param probability the probability that a photo is changed, 0 to 1
   * @param transforms at least one
   * @return the transform
   */
  static PixelTransform randomApply(double probability, List<? extends PixelTransform> transforms) {
    return new RandomApply(probability, transforms);
  }

  /**
   * Draws the change of one photo.
   *
   * @param random the random generator
   * @param height the photo's height in pixels
   * @param width the photo's width in pixels
   * @return the change, {@link Sampled#NONE} for none
   */
  Sampled draw(RandomGenerator random, int height, int width);

  /**
   * A change of a photo with all random parameters drawn: an immutable value, usually a record.
   * {@link #applyTo} is deterministic.
   */
  @FunctionalInterface
  interface Sampled {

    /** Does not change a photo. */
    Sampled NONE =
        new Sampled() {
          @Override
          public Pixels applyTo(Pixels photo) {
            return photo;
          }

          @Override
          public String words() {
            return "unchanged";
          }
        };

    /**
     * Returns the changed photo.
     *
     * @param photo the photo, which is not changed
     * @return the changed photo, or the same instance if nothing changes
     */
    Pixels applyTo(Pixels photo);

    /** Returns a short description of the drawn parameters. */
    default String words() {
      return "changed";
    }
  }
}
