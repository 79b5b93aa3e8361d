package io.github.facemask.transform;

import io.github.facemask.image.Pixels;
import java.util.random.RandomGenerator;

/** Changes a photo that has the network's input size, and keeps the size. */
public non-sealed interface PixelTransform extends PhotoTransform {

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
