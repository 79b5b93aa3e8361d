package io.github.facemask.overlay;

import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.overlay.MaskOverlay.Fit;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Paints a mask into a photo: the surface is projected as triangles with a depth buffer, coloured
 * for each pixel, lit as the photo is, blurred as the photo is, and laid over it with its shadow,
 * its straps and the photo's noise.
 */
final class MaskPainting {

  private static final int COLUMNS = 40;
  private static final int ROWS = 26;

  private final Pixels photo;
  private final FacePose pose;
  private final MaskShape shape;
  private final MaskLook look;
  private final PhotoLight light;

  // The part of the photo that is painted.
  private int left;
  private int top;
  private int width;
  private int height;
  private float[] alpha;
  private float[][] colors;

  private MaskPainting(
      Pixels photo, FacePose pose, MaskShape shape, MaskLook look, PhotoLight light) {
    this.photo = photo;
    this.pose = pose;
    this.shape = shape;
    this.look = look;
    this.light = light;
  }

  static Pixels of(
      Pixels photo,
      Box face,
      FacePose pose,
      MaskShape shape,
      MaskLook look,
      RandomGenerator random) {
    return new MaskPainting(photo, pose, shape, look, PhotoLight.of(photo, face)).paint(random);
  }

  private Pixels paint(RandomGenerator random) {
    Mesh mesh = Mesh.of(shape, look, pose);
    double margin = 0.15 * pose.scale() + 4;
    Straps straps = Straps.of(shape, pose);
    left = (int) Math.max(0, Math.floor(Math.min(mesh.least(0), straps.left()) - margin));
    top = (int) Math.max(0, Math.floor(Math.min(mesh.least(1), straps.top()) - margin));
    int right =
        (int) Math.min(photo.width(), Math.ceil(Math.max(mesh.most(0), straps.right()) + margin));
    int bottom =
        (int) Math.min(photo.height(), Math.ceil(Math.max(mesh.most(1), straps.bottom()) + margin));
    width = right - left;
    height = bottom - top;
    if (width < 2 || height < 2) {
      return photo;
    }
    alpha = new float[width * height];
    colors = new float[3][width * height];
    byte[] result = photo.array().clone();
    double strapWidth = Math.max(0.8, 0.05 * pose.scale());
    straps.draw(result, this, strapWidth);
    fill(mesh);
    float[] shadow = alpha.clone();
    double sigma = light.blur();
    Blur.apply(alpha, width, height, sigma);
    for (float[] channel : colors) {
      Blur.apply(channel, width, height, sigma);
    }
    Blur.wide(shadow, width, height, Math.max(0.8, 0.055 * pose.scale()));
    lay(result, shadow, random);
    return Pixels.wrap(photo.height(), photo.width(), result);
  }

  private void fill(Mesh mesh) {
    float[] depth = new float[width * height];
    Arrays.fill(depth, Float.NEGATIVE_INFINITY);
    double[] color = new double[3];
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < COLUMNS; column++) {
        int a = row * (COLUMNS + 1) + column;
        triangle(mesh, a, a + 1, a + COLUMNS + 1, depth, color);
        triangle(mesh, a + 1, a + COLUMNS + 2, a + COLUMNS + 1, depth, color);
      }
    }
  }

  private void triangle(Mesh mesh, int a, int b, int c, float[] depth, double[] color) {
    double ax = mesh.x[a] - left;
    double ay = mesh.y[a] - top;
    double bx = mesh.x[b] - left;
    double by = mesh.y[b] - top;
    double cx = mesh.x[c] - left;
    double cy = mesh.y[c] - top;
    double area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (Math.abs(area) < 1e-9) {
      return;
    }
    int y0 = (int) Math.max(0, Math.ceil(Math.min(ay, Math.min(by, cy)) - 0.5));
    int y1 = (int) Math.min(height - 1, Math.floor(Math.max(ay, Math.max(by, cy)) - 0.5));
    int x0 = (int) Math.max(0, Math.ceil(Math.min(ax, Math.min(bx, cx)) - 0.5));
    int x1 = (int) Math.min(width - 1, Math.floor(Math.max(ax, Math.max(bx, cx)) - 0.5));
    if (y0 > y1 || x0 > x1) {
      return;
    }
    double shadeA = mesh.shade(a, light);
    double shadeB = mesh.shade(b, light);
    double shadeC = mesh.shade(c, light);
    // Barycentric coordinates are linear in x: p of corner a, q of corner b.
    double stepP = (by - cy) / area;
    double stepQ = (cy - ay) / area;
    for (int y = y0; y <= y1; y++) {
      double py = y + 0.5;
      double px = x0 + 0.5;
      double p = ((bx - px) * (cy - py) - (by - py) * (cx - px)) / area;
      double q = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) / area;
      for (int x = x0; x <= x1; x++, p += stepP, q += stepQ) {
        double r = 1 - p - q;
        if (p < -1e-9 || q < -1e-9 || r < -1e-9) {
          continue;
        }
        int i = y * width + x;
        float z = (float) (p * mesh.z[a] + q * mesh.z[b] + r * mesh.z[c]);
        if (z <= depth[i]) {
          continue;
        }
        depth[i] = z;
        look.at(
            p * mesh.u[a] + q * mesh.u[b] + r * mesh.u[c],
            p * mesh.v[a] + q * mesh.v[b] + r * mesh.v[c],
            p * mesh.creases[a] + q * mesh.creases[b] + r * mesh.creases[c],
            color);
        light.shine(color, p * shadeA + q * shadeB + r * shadeC, x + 0.5 + left, py + top);
        alpha[i] = 1;
        colors[0][i] = (float) color[0];
        colors[1][i] = (float) color[1];
        colors[2][i] = (float) color[2];
      }
    }
  }

  private void lay(byte[] result, float[] shadow, RandomGenerator random) {
    double grain = light.noise();
    int down = (int) Math.rint(0.03 * pose.scale());
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int i = y * width + x;
        double cover = alpha[i];
        double dark = shadow[Math.max(0, y - down) * width + x];
        if (cover <= 0.002 && dark <= 0.002) {
          continue;
        }
        double under = 1 - 0.46 * dark;
        double noise = cover > 0.5 && grain > 0.2 ? grain * normal(random) : 0;
        int at = ((y + top) * photo.width() + x + left) * 3;
        for (int channel = 0; channel < 3; channel++) {
          double value =
              (result[at + channel] & 255) * under * (1 - cover)
                  + colors[channel][i]
                  + noise * cover;
          result[at + channel] = (byte) Math.max(0, Math.min(255, Math.rint(value)));
        }
      }
    }
  }

  /** The sum of four uniform numbers is near enough to a normal one. */
  private static double normal(RandomGenerator random) {
    long bits = random.nextLong();
    double sum = (bits & 0xffff) + (bits >>> 16 & 0xffff) + (bits >>> 32 & 0xffff) + (bits >>> 48);
    return (sum / 65536 - 2) * Math.sqrt(3);
  }

  /** Draws a line of a strap into the photo, that fades along its length. */
  void strap(byte[] result, double[] xs, double[] ys, double thick) {
    double sigma = Math.max(0.5, light.blur() * 0.8);
    double reach = thick / 2 + 2 * sigma;
    double[] color = new double[3];
    int count = xs.length;
    int x0 = (int) Math.max(left, Math.floor(Arrays.stream(xs).min().orElse(0) - reach));
    int x1 = (int) Math.min(left + width - 1, Math.ceil(Arrays.stream(xs).max().orElse(0) + reach));
    int y0 = (int) Math.max(top, Math.floor(Arrays.stream(ys).min().orElse(0) - reach));
    int y1 = (int) Math.min(top + height - 1, Math.ceil(Arrays.stream(ys).max().orElse(0) + reach));
    for (int y = y0; y <= y1; y++) {
      for (int x = x0; x <= x1; x++) {
        double best = Double.MAX_VALUE;
        double along = 0;
        for (int i = 0; i + 1 < count; i++) {
          double dx = xs[i + 1] - xs[i];
          double dy = ys[i + 1] - ys[i];
          double t =
              ((x + 0.5 - xs[i]) * dx + (y + 0.5 - ys[i]) * dy) / Math.max(1e-9, dx * dx + dy * dy);
          t = Math.max(0, Math.min(1, t));
          double offX = x + 0.5 - xs[i] - t * dx;
          double offY = y + 0.5 - ys[i] - t * dy;
          double d = offX * offX + offY * offY; // squared: the root is slow
          if (d < best) {
            best = d;
            along = (i + t) / (count - 1);
          }
        }
        if (best > reach * reach) {
          continue;
        }
        best = Math.sqrt(best);
        double cover = Math.max(0, Math.min(1, 0.5 + (thick / 2 - best) / (2 * sigma)));
        cover *= 0.9 * Math.min(1, 1.6 * (1 - along));
        color[0] = look.strap();
        color[1] = look.strap();
        color[2] = look.strap();
        light.shine(color, 0.78, x, y);
        int at = (y * photo.width() + x) * 3;
        for (int channel = 0; channel < 3; channel++) {
          double value = (result[at + channel] & 255) * (1 - cover) + color[channel] * cover;
          result[at + channel] = (byte) Math.max(0, Math.min(255, Math.rint(value)));
        }
      }
    }
  }

  /** The corners of the triangles. */
  private static final class Mesh {
    final double[] u = new double[(COLUMNS + 1) * (ROWS + 1)];
    final double[] v = new double[u.length];
    final double[] x = new double[u.length];
    final double[] y = new double[u.length];
    final double[] z = new double[u.length];
    final double[] creases = new double[u.length];
    final double[] shades = new double[u.length];

    static Mesh of(MaskShape shape, MaskLook look, FacePose pose) {
      Mesh mesh = new Mesh();
      double[] point = new double[3];
      for (int row = 0; row <= ROWS; row++) {
        for (int column = 0; column <= COLUMNS; column++) {
          int i = row * (COLUMNS + 1) + column;
          mesh.u[i] = 2.0 * column / COLUMNS - 1;
          mesh.v[i] = row / (double) ROWS;
          mesh.creases[i] = look.crease(mesh.u[i], mesh.v[i]);
          shape.point(mesh.u[i], mesh.v[i], point);
          mesh.x[i] = pose.x(point[0], point[1], point[2]);
          mesh.y[i] = pose.y(point[0], point[1], point[2]);
          mesh.z[i] = pose.depth(point[0], point[1], point[2]);
        }
      }
      Arrays.fill(mesh.shades, Double.NaN);
      return mesh;
    }

    double least(int axis) {
      return Arrays.stream(axis == 0 ? x : y).min().orElseThrow();
    }

    double most(int axis) {
      return Arrays.stream(axis == 0 ? x : y).max().orElseThrow();
    }

    /**
     * How much light a corner gets, by the direction of the surface; 1 where it faces the viewer.
     */
    double shade(int i, PhotoLight light) {
      if (Double.isNaN(shades[i])) {
        int row = i / (COLUMNS + 1);
        int column = i % (COLUMNS + 1);
        int a = row * (COLUMNS + 1) + Math.max(0, column - 1);
        int b = row * (COLUMNS + 1) + Math.min(COLUMNS, column + 1);
        int c = Math.max(0, row - 1) * (COLUMNS + 1) + column;
        int d = Math.min(ROWS, row + 1) * (COLUMNS + 1) + column;
        double ux = x[b] - x[a];
        double uy = y[b] - y[a];
        double uz = z[b] - z[a];
        double vx = x[d] - x[c];
        double vy = y[d] - y[c];
        double vz = z[d] - z[c];
        double nx = uy * vz - uz * vy;
        double ny = uz * vx - ux * vz;
        double nz = ux * vy - uy * vx;
        double norm = Math.max(1e-9, Math.sqrt(nx * nx + ny * ny + nz * nz));
        double sign = nz < 0 ? -1 : 1;
        double right = Math.max(-0.6, Math.min(0.6, 0.8 * light.fromRight()));
        double toward = sign * (right * nx - 0.42 * ny + 0.85 * nz) / norm / 0.95;
        shades[i] = 0.38 + 0.65 * Math.max(0, toward);
      }
      return shades[i];
    }
  }

  /** The straps to the ears. */
  private static final class Straps {
    private final double[][] xs;
    private final double[][] ys;

    private Straps(double[][] xs, double[][] ys) {
      this.xs = xs;
      this.ys = ys;
    }

    static Straps of(MaskShape shape, FacePose pose) {
      double[][] xs = new double[shape.fit() == Fit.ONE_EAR ? 1 : 4][];
      double[][] ys = new double[xs.length][];
      double[] corner = new double[3];
      for (int i = 0; i < xs.length; i++) {
        int side = shape.fit() == Fit.ONE_EAR ? shape.side() : i < 2 ? -1 : 1;
        boolean upper = i % 2 == 0;
        double[] ear =
            upper
                ? new double[] {side * 1.15, 0.08, -1.15}
                : new double[] {side * 1.1, 0.62, -1.05};
        shape.point(shape.fit() == Fit.ONE_EAR ? -1 : side * 0.97, upper ? 0.06 : 0.94, corner);
        xs[i] = new double[8];
        ys[i] = new double[8];
        for (int j = 0; j < 8; j++) {
          double t = j / 7.0;
          double bow = 0.04 * Math.sin(Math.PI * t);
          double px = corner[0] + (ear[0] - corner[0]) * t + side * bow;
          double py = corner[1] + (ear[1] - corner[1]) * t;
          double pz = corner[2] + (ear[2] - corner[2]) * t + bow;
          xs[i][j] = pose.x(px, py, pz);
          ys[i][j] = pose.y(px, py, pz);
        }
      }
      return new Straps(xs, ys);
    }

    double left() {
      return Arrays.stream(xs).flatMapToDouble(Arrays::stream).min().orElseThrow();
    }

    double right() {
      return Arrays.stream(xs).flatMapToDouble(Arrays::stream).max().orElseThrow();
    }

    double top() {
      return Arrays.stream(ys).flatMapToDouble(Arrays::stream).min().orElseThrow();
    }

    double bottom() {
      return Arrays.stream(ys).flatMapToDouble(Arrays::stream).max().orElseThrow();
    }

    void draw(byte[] result, MaskPainting painting, double thick) {
      for (int i = 0; i < xs.length; i++) {
        painting.strap(result, xs[i], ys[i], thick);
      }
    }
  }
}
