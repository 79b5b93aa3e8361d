package io.github.facemask.transform;

import java.util.random.RandomGenerator;

/** Changes a photo that has the network's input size, and keeps the size. */
public non-sealed interface PixelTransform extends PhotoTransform {

  /**
   * Draws the change of one photo.
   *
   * @param random the random generator
   * @param height the photo's height in pixels
   * @param width the photo's width in pixels
   * @return the change, {@link SampledTransform#NONE} for none
   */
  SampledTransform draw(RandomGenerator random, int height, int width);
}
