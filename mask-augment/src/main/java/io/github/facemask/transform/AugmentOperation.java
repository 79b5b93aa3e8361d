package io.github.facemask.transform;

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

  /** How far the operations reach at full strength. */
  record Reach(double shear, double shift, double degrees, double factor, int lostBits) {}

  /**
   * Makes the effect.
   *
   * @param strength 0 to 1
   * @param negative the direction, where there are two
   * @param reach the ranges; shift in pixels
   */
  Effect effect(double strength, boolean negative, Reach reach) {
    double sign = negative ? -1 : 1;
    double shear = sign * strength * reach.shear();
    double shift = sign * strength * reach.shift();
    double factor = 1 + sign * strength * reach.factor();
    return switch (this) {
      case IDENTITY -> Effect.NONE;
      case SHEAR_X -> new Warp(1, shear, 0, 1, 0, 0);
      case SHEAR_Y -> new Warp(1, 0, shear, 1, 0, 0);
      case TRANSLATE_X -> new Warp(1, 0, 0, 1, shift, 0);
      case TRANSLATE_Y -> new Warp(1, 0, 0, 1, 0, shift);
      case ROTATE -> new RandomAffine.Drawn(sign * strength * reach.degrees(), 0, 0, 1, 0);
      case BRIGHTNESS -> photo -> Colors.brightness(photo, factor);
      case COLOR -> photo -> Colors.saturation(photo, factor);
      case CONTRAST -> photo -> Colors.contrast(photo, factor);
      case SHARPNESS -> photo -> Tones.sharpness(photo, factor);
      case POSTERIZE -> {
        int bits = 8 - (int) Math.rint(strength * reach.lostBits());
        yield photo -> Tones.posterize(photo, bits);
      }
      case SOLARIZE -> photo -> Tones.solarize(photo, 255 * (1 - strength));
      case AUTO_CONTRAST -> Tones::autoContrast;
      case EQUALIZE -> Tones::equalize;
    };
  }
}
