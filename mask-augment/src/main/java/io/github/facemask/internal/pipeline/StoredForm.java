package io.github.facemask.internal.pipeline;

import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.preprocessing.Preprocessing;

/** The size in which a cache keeps decoded photos, and in which training then sees them. */
public final class StoredForm {

  private static final double MARGIN = 1.3;

  private StoredForm() {}

  /** Returns the shorter side in pixels: 1.3 times the longer side of a network's input. */
  public static int side(Preprocessing input) {
    return (int) Math.ceil(Math.max(input.height(), input.width()) * MARGIN);
  }

  /**
   * Shrinks a photo so that its shorter side is the stored side; never enlarges it.
   *
   * @param photo the decoded photo
   * @param input the network's input
   * @return the shrunk photo, or the same
   */
  public static Pixels of(Pixels photo, Preprocessing input) {
    int shorter = Math.min(photo.height(), photo.width());
    int side = side(input);
    if (shorter <= side) {
      return photo;
    }
    double scale = (double) side / shorter;
    int height = (int) Math.rint(photo.height() * scale);
    int width = (int) Math.rint(photo.width() * scale);
    return Resampler.resize(photo, height, width, input.interpolation());
  }
}
