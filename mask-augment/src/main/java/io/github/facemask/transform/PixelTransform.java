package io.github.facemask.transform;

import java.util.random.RandomGenerator;

/** Changes a photo that already has the network's input size, and keeps that size. */
public non-sealed interface PixelTransform extends PhotoTransform {

  /**
   * Draws what is done to one photo.
   *
   * @param random where draws come from
   * @param height the photo's height in pixels
   * @param width the photo's width in pixels
   * @return what to do, {@link SampledTransform#NONE} for nothing
   */
  SampledTransform draw(RandomGenerator random, int height, int width);
}
