package io.github.facemask.cli.options;

import io.github.facemask.image.PhotoDecoder;

/** The option --max-pixels, which is of groups and of commands, and so cannot be a mixin. */
public final class PixelLimit {

  public static final String HELP_1 =
      "Refuse photos of more pixels by their header (default: 200000000 for JPEG, which is decoded";
  public static final String HELP_2 =
      "at a half, a quarter or an eighth of its sides if it has more than 50000000; 50000000 for";
  public static final String HELP_3 = "PNG, WebP and BMP, which are decoded whole).";

  private PixelLimit() {}

  /** Returns the decoder for a value of the option; {@code null} for the usual limits. */
  public static PhotoDecoder decoder(Long maxPixels) {
    return maxPixels == null
        ? PhotoDecoder.create()
        : PhotoDecoder.builder().optMaxPixels(maxPixels).build();
  }
}
