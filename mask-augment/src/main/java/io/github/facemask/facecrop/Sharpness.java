package io.github.facemask.facecrop;

import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;

/**
 * How sharp a part of a photo is: the variance of its Laplacian (Pech-Pacheco et al., "Diatom
 * autofocusing in brightfield microscopy", 2000) over the variance of its grey values, at one size,
 * so that large and small, bright and dark faces are comparable.
 */
final class Sharpness {

  private static final int SIDE = 64;
  private static final double LEAST = 1e-6;

  private Sharpness() {}

  /** Returns the sharpness, above 0. */
  static double of(Pixels photo, Box part) {
    Pixels small = Resampler.resize(photo.crop(part), SIDE, SIDE, Interpolation.BILINEAR);
    double[] grey = new double[SIDE * SIDE];
    for (int i = 0; i < grey.length; i++) {
      int from = 3 * i;
      byte[] rgb = small.array();
      grey[i] =
          0.299 * (rgb[from] & 255) + 0.587 * (rgb[from + 1] & 255) + 0.114 * (rgb[from + 2] & 255);
    }
    double[] laplacian = new double[(SIDE - 2) * (SIDE - 2)];
    int next = 0;
    for (int y = 1; y < SIDE - 1; y++) {
      for (int x = 1; x < SIDE - 1; x++) {
        int i = y * SIDE + x;
        laplacian[next++] =
            grey[i - 1] + grey[i + 1] + grey[i - SIDE] + grey[i + SIDE] - 4 * grey[i];
      }
    }
    return Math.max(LEAST, variance(laplacian) / (variance(grey) + 1));
  }

  private static double variance(double[] values) {
    double sum = 0;
    double squares = 0;
    for (double value : values) {
      sum += value;
      squares += value * value;
    }
    double mean = sum / values.length;
    return squares / values.length - mean * mean;
  }
}
