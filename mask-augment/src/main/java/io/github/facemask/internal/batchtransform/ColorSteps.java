package io.github.facemask.internal.batchtransform;

import io.github.facemask.internal.pipeline.SampledPipeline;
import io.github.facemask.transform.ColorJitter;
import io.github.facemask.transform.Grayscale;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.PixelTransform;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether a photo is flipped, and its colour changes in order as (kind, factor). The kinds are
 * brightness 0, contrast 1, saturation 2 and hue 3; the factors are those of {@link
 * ColorJitter.Drawn}.
 */
record ColorSteps(boolean mirrored, List<Step> steps) {

  /** A brightness factor of 1, which changes nothing. */
  static final Step NOTHING = new Step(0, 1);

  record Step(int kind, double factor) {}

  /** Returns whether the device can do all effects of a photo. */
  static boolean cover(SampledPipeline photo) {
    return photo.effects().stream()
        .allMatch(
            effect ->
                effect == PixelTransform.Sampled.NONE
                    || effect instanceof HorizontalFlip.Mirrored
                    || effect instanceof Grayscale.Grey
                    || effect instanceof ColorJitter.Drawn);
  }

  static ColorSteps of(SampledPipeline photo) {
    boolean mirrored = false;
    List<Step> steps = new ArrayList<>();
    for (PixelTransform.Sampled effect : photo.effects()) {
      if (effect instanceof HorizontalFlip.Mirrored) {
        mirrored = !mirrored;
      } else if (effect instanceof Grayscale.Grey) {
        steps.add(new Step(2, 0));
      } else if (effect instanceof ColorJitter.Drawn jitter) {
        for (int i = 0; i < jitter.order().size(); i++) {
          int kind = jitter.order().get(i);
          double factor =
              switch (kind) {
                case 0 -> jitter.brightness();
                case 1 -> jitter.contrast();
                case 2 -> jitter.saturation();
                default -> jitter.hue();
              };
          if (factor != (kind == 3 ? 0 : 1)) {
            steps.add(new Step(kind, factor));
          }
        }
      } else if (effect != PixelTransform.Sampled.NONE) {
        throw new IllegalArgumentException(
            "the effect '"
                + effect.words()
                + "' is not one of the device's, expected framings, flips, grey and colour jitter;"
                + " do the others on the host");
      }
    }
    return new ColorSteps(mirrored, steps);
  }

  Step step(int index) {
    return index < steps.size() ? steps.get(index) : NOTHING;
  }
}
