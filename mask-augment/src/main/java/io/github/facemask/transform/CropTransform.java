package io.github.facemask.transform;

import io.github.facemask.image.Box;
import io.github.facemask.preprocessing.Preprocessing;
import java.util.random.RandomGenerator;

/**
 * Chooses the part of a photo that the network sees. Cropping and resizing are one resampling of
 * the decoded photo.
 */
public non-sealed interface CropTransform extends PhotoTransform {

  /**
   * Chooses a part.
   *
   * @param random the random generator
   * @param height the photo's height in pixels
   * @param width the photo's width in pixels
   * @param preprocessing the network's input
   * @return the part, within the photo
   */
  Box draw(RandomGenerator random, int height, int width, Preprocessing preprocessing);
}
