package io.github.facemask.overlay;

import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import java.util.Arrays;

/**
 * The light and the camera of a photo, as far as the face shows them: how bright white is, the
 * colour of the light, how it falls off over the face, how sharp the photo is and how much noise it
 * has.
 */
final class PhotoLight {

  private static final int GRID = 24;

  private final double exposure;
  private final double[] cast;
  private final double colorfulness;
  private final double[] fall; // a plane over the face: constant, per column, per row
  private final double blur;
  private final double noise;
  private final Box face;

  private PhotoLight(
      double exposure,
      double[] cast,
      double colorfulness,
      double[] fall,
      double blur,
      double noise,
      Box face) {
    this.exposure = exposure;
    this.cast = cast;
    this.colorfulness = colorfulness;
    this.fall = fall;
    this.blur = blur;
    this.noise = noise;
    this.face = face;
  }

  /** Measures a photo at a face. */
  static PhotoLight of(Pixels photo, Box face) {
    double[] cast = new double[3];
    double[] white = white(photo, cast);
    return new PhotoLight(
        exposure(photo, face, white[0]),
        cast,
        white[1],
        fall(photo, face),
        blur(photo, face),
        noise(photo, face),
        face);
  }

  /** Returns the luminance of the brightest pixels and the photo's saturation; fills the cast. */
  private static double[] white(Pixels photo, double[] cast) {
    int[] counts = new int[256];
    int step = Math.max(1, (int) Math.sqrt(photo.height() * (double) photo.width() / 4000));
    int all = 0;
    double saturation = 0;
    for (int y = 0; y < photo.height(); y += step) {
      for (int x = 0; x < photo.width(); x += step) {
        int r = photo.at(y, x, 0);
        int g = photo.at(y, x, 1);
        int b = photo.at(y, x, 2);
        int most = Math.max(r, Math.max(g, b));
        counts[luminance(r, g, b)]++;
        all++;
        saturation += most == 0 ? 0 : (most - Math.min(r, Math.min(g, b))) / (double) most;
      }
    }
    int bright = 255;
    int seen = 0;
    while (bright > 1 && seen + counts[bright] < 0.04 * all) {
      seen += counts[bright--];
    }
    double[] sum = new double[3];
    for (int y = 0; y < photo.height(); y += step) {
      for (int x = 0; x < photo.width(); x += step) {
        int r = photo.at(y, x, 0);
        int g = photo.at(y, x, 1);
        int b = photo.at(y, x, 2);
        if (luminance(r, g, b) >= bright) {
          sum[0] += r;
          sum[1] += g;
          sum[2] += b;
        }
      }
    }
    double grey = 0.299 * sum[0] + 0.587 * sum[1] + 0.114 * sum[2] + 1e-9;
    for (int i = 0; i < 3; i++) {
      // Half of what the brightest pixels say: they may be coloured themselves.
      cast[i] = 0.5 + 0.5 * Math.max(0.7, Math.min(1.3, sum[i] / grey));
    }
    return new double[] {bright, Math.min(1, saturation / all / 0.12)};
  }

  private static int luminance(int r, int g, int b) {
    return (77 * r + 150 * g + 29 * b) >> 8;
  }

  private static double luminance(Pixels photo, int y, int x) {
    return luminance(photo.at(y, x, 0), photo.at(y, x, 1), photo.at(y, x, 2));
  }

  private static double exposure(Pixels photo, Box face, double bright) {
    double[] skin = grid(photo, face);
    Arrays.sort(skin);
    double light = skin[(int) (0.85 * skin.length)];
    double ofPhoto = Math.max(0.35, Math.min(1.1, bright / 214));
    double ofSkin = Math.max(0.3, Math.min(1.15, light / 176));
    return 0.55 * ofPhoto + 0.45 * ofSkin;
  }

  /** Returns the luminance on a grid over the middle of a face, row by row. */
  private static double[] grid(Pixels photo, Box face) {
    double[] grid = new double[GRID * GRID];
    for (int i = 0; i < GRID; i++) {
      int y = within(face.top() + face.height() * (0.2 + 0.65 * i / GRID), photo.height());
      for (int j = 0; j < GRID; j++) {
        int x = within(face.left() + face.width() * (0.18 + 0.64 * j / GRID), photo.width());
        grid[i * GRID + j] = luminance(photo, y, x);
      }
    }
    return grid;
  }

  private static int within(double at, int length) {
    return (int) Math.max(0, Math.min(length - 1, at));
  }

  /** The plane through the face's luminance, by least squares, without the darkest quarter. */
  private static double[] fall(Pixels photo, Box face) {
    double[] grid = grid(photo, face);
    double[] sorted = grid.clone();
    Arrays.sort(sorted);
    double dark = sorted[sorted.length / 4];
    double[][] normal = new double[3][3];
    double[] side = new double[3];
    for (int i = 0; i < grid.length; i++) {
      if (grid[i] < dark) {
        continue;
      }
      int column = i % GRID;
      int line = i / GRID;
      double[] row = {1, column / (double) GRID - 0.5, line / (double) GRID - 0.5};
      for (int j = 0; j < 3; j++) {
        for (int k = 0; k < 3; k++) {
          normal[j][k] += row[j] * row[k];
        }
        side[j] += row[j] * grid[i];
      }
    }
    double[] plane = LinearSystem.solve(normal, side);
    double mean = Math.max(12, plane[0]);
    return new double[] {
      1,
      Math.max(-0.9, Math.min(0.9, plane[1] / mean)),
      Math.max(-0.5, Math.min(0.4, plane[2] / mean))
    };
  }

  /** The standard deviation of a blur in pixels, by how much neighbours differ at two distances. */
  private static double blur(Pixels photo, Box face) {
    double near = 0;
    double far = 0;
    int step = Math.max(1, (int) (face.width() / 80));
    for (int i = (int) face.top(); i < face.top() + 0.6 * face.height(); i += step) {
      for (int j = (int) face.left(); j < face.right(); j += step) {
        int y = within(i, photo.height());
        int x = within(j, photo.width() - 2);
        double here = luminance(photo, y, x);
        double a = luminance(photo, y, Math.min(photo.width() - 1, x + 1)) - here;
        double b = luminance(photo, y, Math.min(photo.width() - 1, x + 2)) - here;
        near += a * a;
        far += b * b;
      }
    }
    double ratio = near / Math.max(1, far);
    // 0.25 is what a smooth photo gives, 0.45 a sharp one.
    double sharp = Math.max(0, Math.min(1, (ratio - 0.26) / 0.16));
    return 0.55 + 1.4 * (1 - sharp) * (1 - sharp);
  }

  /** The standard deviation of the noise, after J. Immerkaer, "Fast noise variance estimation". */
  private static double noise(Pixels photo, Box face) {
    int step = Math.max(1, (int) (face.width() / 60));
    double[] found = new double[4096];
    int count = 0;
    for (double i = face.top() + 0.3 * face.height(); i < face.bottom(); i += step) {
      for (double j = face.left() + 0.2 * face.width();
          j < face.left() + 0.8 * face.width();
          j += step) {
        int y = (int) i;
        int x = (int) j;
        if (y < 1 || x < 1 || y >= photo.height() - 1 || x >= photo.width() - 1 || count == 4096) {
          continue;
        }
        double corners =
            luminance(photo, y - 1, x - 1)
                + luminance(photo, y - 1, x + 1)
                + luminance(photo, y + 1, x - 1)
                + luminance(photo, y + 1, x + 1);
        double sides =
            luminance(photo, y - 1, x)
                + luminance(photo, y + 1, x)
                + luminance(photo, y, x - 1)
                + luminance(photo, y, x + 1);
        found[count++] = Math.abs(corners - 2 * sides + 4 * luminance(photo, y, x));
      }
    }
    if (count == 0) {
      return 0;
    }
    Arrays.sort(found, 0, count);
    // The median is not moved by eyes and lips; 6 is the norm of the mask, 0.6745 of the median.
    return Math.min(9, found[count / 2] / 6 / 0.6745);
  }

  /** Changes a reflected colour to what the camera sees at a place of the photo. */
  void shine(double[] color, double shade, double x, double y) {
    double column = Math.max(-0.7, Math.min(0.7, (x - face.centerX()) / face.width()));
    double row = Math.max(-0.7, Math.min(0.7, (y - face.centerY()) / face.height()));
    double light =
        exposure * shade * Math.max(0.3, Math.min(1.5, fall[0] + fall[1] * column + fall[2] * row));
    double grey = 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2];
    for (int i = 0; i < 3; i++) {
      double tinted = grey + colorfulness * (color[i] * cast[i] - grey);
      double value = light * tinted;
      // As a camera does, bright values are pressed together.
      double over = (value - 210) / 45;
      color[i] = over > 0 ? 210 + 45 * over / (1 + over) : value;
    }
  }

  double blur() {
    return blur;
  }

  double noise() {
    return noise;
  }

  /** Returns from where light falls: the slope over columns, above 0 from the photo's right. */
  double fromRight() {
    return fall[1];
  }
}
