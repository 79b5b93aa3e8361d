package io.github.facemask.internal.pipeline;

import com.google.common.collect.ImmutableList;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.transform.PixelTransform;

/**
 * The transforms of one photo, with all random parameters sampled.
 *
 * @param box the part that is resized to the network's input
 * @param effects the transforms after the crop, in order
 */
public record SampledPipeline(Box box, ImmutableList<PixelTransform.Sampled> effects) {

  /**
   * Computes the network's input.
   *
   * @param photo the decoded photo, of the size for which the box was sampled
   * @param preprocessing the network's input
   * @return uint8 RGB of the network's input size, not yet normalised
   */
  public Pixels applyTo(Pixels photo, Preprocessing preprocessing) {
    Pixels result =
        Resampler.resize(
            photo,
            box,
            preprocessing.height(),
            preprocessing.width(),
            preprocessing.interpolation());
    for (PixelTransform.Sampled effect : effects) {
      result = effect.applyTo(result);
    }
    return result;
  }
}
