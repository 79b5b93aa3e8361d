package io.github.facemask.transform;

import io.github.facemask.image.Pixels;
import java.util.Locale;

/** The operations of RandAugment and TrivialAugment, with torchvision's ranges. */
enum AugmentOperation {
  IDENTITY,
  SHEAR_X,
  SHEAR_Y,
  TRANSLATE_X,
  TRANSLATE_Y,
  ROTATE,
  BRIGHTNESS,
  COLOR,
  CONTRAST,
  SHARPNESS,
  POSTERIZE,
  SOLARIZE,
  AUTO_CONTRAST,
  EQUALIZE;

  /** The ranges of the operations at full strength. */
  record Reach(double shear, double shift, double degrees, double factor, int lostBits) {}

  /**
   * Makes the effect.
   *
   * @param strength 0 to 1
   * @param negative the direction, where there are two
   * @param reach the ranges; shift in pixels
   */
  PixelTransform.Sampled effect(double strength, boolean negative, Reach reach) {
    double sign = negative ? -1 : 1;
    double shear = sign * strength * reach.shear();
    double shift = sign * strength * reach.shift();
    double factor = 1 + sign * strength * reach.factor();
    return switch (this) {
      case IDENTITY -> PixelTransform.Sampled.NONE;
      case SHEAR_X -> drawn(shear, new Warp(1, shear, 0, 1, 0, 0));
      case SHEAR_Y -> drawn(shear, new Warp(1, 0, shear, 1, 0, 0));
      case TRANSLATE_X -> drawn(shift, new Warp(1, 0, 0, 1, shift, 0));
      case TRANSLATE_Y -> drawn(shift, new Warp(1, 0, 0, 1, 0, shift));
      case ROTATE -> {
        double degrees = sign * strength * reach.degrees();
        yield drawn(degrees, new RandomAffine.Drawn(degrees, 0, 0, 1, 0));
      }
      case BRIGHTNESS -> drawn(factor, photo -> Colors.brightness(photo, factor));
      case COLOR -> drawn(factor, photo -> Colors.saturation(photo, factor));
      case CONTRAST -> drawn(factor, photo -> Colors.contrast(photo, factor));
      case SHARPNESS -> drawn(factor, photo -> Tones.sharpness(photo, factor));
      case POSTERIZE -> {
        int bits = 8 - (int) Math.rint(strength * reach.lostBits());
        yield drawn(bits, photo -> Tones.posterize(photo, bits));
      }
      case SOLARIZE -> {
        double threshold = 255 * (1 - strength);
        yield drawn(threshold, photo -> Tones.solarize(photo, threshold));
      }
      case AUTO_CONTRAST -> new Drawn(words(), Tones::autoContrast);
      case EQUALIZE -> new Drawn(words(), Tones::equalize);
    };
  }

  private PixelTransform.Sampled drawn(double amount, PixelTransform.Sampled effect) {
    return new Drawn(String.format(Locale.ROOT, "%s %.2f", words(), amount), effect);
  }

  private String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** An effect with its words. */
  private record Drawn(String words, PixelTransform.Sampled effect) implements PixelTransform.Sampled {

    @Override
    public Pixels applyTo(Pixels photo) {
      return effect.applyTo(photo);
    }
  }
}
