package io.github.facemask.transform;

import io.github.facemask.image.Pixels;
import java.util.Locale;

/** The operations of RandAugment, TrivialAugment and AugMix, as torchvision does them. */
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

  /**
   * The ranges of the operations at full strength.
   *
   * @param shear columns or rows by a pixel
   * @param shift pixels
   * @param degrees the angle
   * @param factor how far a factor is from 1
   * @param bits the bits that the weakest posterizing keeps
   * @param lostBits how many of them the strongest takes
   */
  record Reach(double shear, double shift, double degrees, double factor, int bits, int lostBits) {}

  /**
   * Returns the magnitude in torchvision's units, and as its floats.
   *
   * @param bin the strength, from 0
   * @param bins the number of strengths
   * @param negative the direction, where there are two
   * @param reach the ranges
   */
  double magnitude(int bin, int bins, boolean negative, Reach reach) {
    double magnitude =
        switch (this) {
          case IDENTITY, AUTO_CONTRAST, EQUALIZE -> 0;
          case SHEAR_X, SHEAR_Y -> spaced(0, reach.shear(), bin, bins);
          case TRANSLATE_X, TRANSLATE_Y -> spaced(0, reach.shift(), bin, bins);
          case ROTATE -> spaced(0, reach.degrees(), bin, bins);
          case BRIGHTNESS, COLOR, CONTRAST, SHARPNESS -> spaced(0, reach.factor(), bin, bins);
          case POSTERIZE -> reach.bits() - Math.rint(bin / ((bins - 1.0) / reach.lostBits()));
          case SOLARIZE -> spaced(255, 0, bin, bins);
        };
    return negative && hasDirections() ? -magnitude : magnitude;
  }

  private boolean hasDirections() {
    return switch (this) {
      case IDENTITY, AUTO_CONTRAST, EQUALIZE, POSTERIZE, SOLARIZE -> false;
      default -> true;
    };
  }

  /** A number of torch.linspace, which counts from the nearer end and rounds once. */
  private static double spaced(double first, double last, int bin, int bins) {
    float step = ((float) last - (float) first) / (bins - 1);
    return bin < bins / 2
        ? Math.fma(step, bin, (float) first)
        : Math.fma(-step, bins - 1 - bin, (float) last);
  }

  /**
   * Makes the effect.
   *
   * @param magnitude as torchvision's operations take it: a shear in columns by a row, pixels,
   *     degrees counterclockwise, a factor less 1, bits or a threshold
   */
  PixelTransform.Sampled effect(double magnitude) {
    double factor = 1 + magnitude;
    return switch (this) {
      case IDENTITY -> PixelTransform.Sampled.NONE;
      // Around the upper left corner.
      case SHEAR_X ->
          drawn(
              magnitude,
              photo ->
                  new Warp(1, -magnitude, 0, 1, -magnitude * photo.height() / 2, 0).applyTo(photo));
      case SHEAR_Y ->
          drawn(
              magnitude,
              photo ->
                  new Warp(1, 0, -magnitude, 1, 0, -magnitude * photo.width() / 2).applyTo(photo));
      case TRANSLATE_X -> drawn((int) magnitude, new Warp(1, 0, 0, 1, (int) magnitude, 0));
      case TRANSLATE_Y -> drawn((int) magnitude, new Warp(1, 0, 0, 1, 0, (int) magnitude));
      case ROTATE -> drawn(magnitude, new RandomAffine.Drawn(-magnitude, 0, 0, 1, 0));
      case BRIGHTNESS -> drawn(factor, photo -> Colors.brightness(photo, factor));
      case COLOR -> drawn(factor, photo -> Colors.saturation(photo, factor));
      case CONTRAST -> drawn(factor, photo -> Colors.contrast(photo, factor));
      case SHARPNESS -> drawn(factor, photo -> Tones.sharpness(photo, factor));
      case POSTERIZE -> drawn(magnitude, photo -> Tones.posterize(photo, (int) magnitude));
      case SOLARIZE -> drawn(magnitude, photo -> Tones.solarize(photo, magnitude));
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
  private record Drawn(String words, PixelTransform.Sampled effect)
      implements PixelTransform.Sampled {

    @Override
    public Pixels applyTo(Pixels photo) {
      return effect.applyTo(photo);
    }
  }
}
