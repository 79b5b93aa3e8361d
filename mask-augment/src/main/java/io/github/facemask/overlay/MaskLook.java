package io.github.facemask.overlay;

import io.github.facemask.overlay.MaskOverlay.Kind;
import java.util.random.RandomGenerator;

/** The cloth of a mask: its colour, pattern, folds and seams at each (u, v) of its surface. */
final class MaskLook {

  private static final int[] SURGICAL = {
    0x8fc3e0, 0x9fcde6, 0x7fb8dc, 0xb4d8ea, 0xeef2f5, 0xf5f6f7, 0xf2f4f6, 0x9fd6c4, 0xf0c3cd
  };
  private static final int[] FOLDED = {0xf4f4f2, 0xeeeeec, 0xf6f6f4, 0xd9dbdd, 0xe8dccb};
  private static final int[] DARK = {0x1c1d20, 0x26272b, 0x2c2f36, 0x1f2533, 0x33302f, 0x2a3440};
  private static final int[] CLOTH = {
    0x5a6b86, 0x8a3b42, 0x4d6b57, 0xbfb6a5, 0x8f8f93, 0xd9d4c8, 0x7b6a8d, 0xc98f86, 0x3f5f7f,
    0xe9e6de
  };

  private final Kind kind;
  private final double[] color = new double[3];
  private final double[] second = new double[3];
  private final int pattern; // 0 none, 1 dots, 2 stripes, 3 checks, 4 patches, 5 flowers
  private final double density;
  private final double turn;
  private final double crease;
  private final double weave;
  private final double[] pleats;
  private final boolean seam;
  private final ValueNoise noise;

  private MaskLook(Kind kind, RandomGenerator random) {
    this.kind = kind;
    boolean folded = kind == Kind.FFP2;
    int[] palette =
        switch (kind) {
          case SURGICAL -> SURGICAL;
          case FFP2 -> FOLDED;
          case DARK -> DARK;
          case CLOTH, PATTERNED -> CLOTH;
        };
    set(color, palette[random.nextInt(palette.length)]);
    for (int i = 0; i < 3; i++) {
      color[i] = Math.max(8, Math.min(250, color[i] + 8 * (random.nextDouble() - 0.5)));
    }
    if (kind == Kind.PATTERNED && random.nextDouble() < 0.5) {
      random(color, random);
    }
    random(second, random);
    this.pattern = kind == Kind.PATTERNED ? 1 + random.nextInt(5) : 0;
    this.density = random.nextDouble(5, 12);
    this.turn = random.nextDouble(Math.PI);
    this.crease = folded ? random.nextDouble(0.04, 0.09) : random.nextDouble(0.06, 0.13);
    this.weave =
        kind == Kind.SURGICAL || folded
            ? random.nextDouble(0.004, 0.012)
            : random.nextDouble(0.01, 0.03);
    boolean pleated = kind == Kind.SURGICAL || (kind == Kind.DARK && random.nextBoolean());
    int count = pleated ? 3 + random.nextInt(2) : 0;
    this.pleats = new double[count];
    for (int i = 0; i < count; i++) {
      pleats[i] = 0.24 + 0.55 * (i + 0.5 * random.nextDouble()) / count;
    }
    this.seam = !pleated && (folded || random.nextDouble() < 0.4);
    this.noise = new ValueNoise(random.nextInt());
  }

  static MaskLook draw(Kind kind, RandomGenerator random) {
    return new MaskLook(kind, random);
  }

  private static void set(double[] to, int rgb) {
    to[0] = rgb >> 16 & 255;
    to[1] = rgb >> 8 & 255;
    to[2] = rgb & 255;
  }

  /** A muted colour. */
  private static void random(double[] to, RandomGenerator random) {
    double grey = random.nextDouble(40, 235);
    for (int i = 0; i < 3; i++) {
      to[i] = Math.max(8, Math.min(250, grey + 130 * (random.nextDouble() - 0.5)));
    }
  }

  /** Returns the colour of the straps: light, or dark on dark masks. */
  double strap() {
    return kind == Kind.DARK ? 45 : 226;
  }

  /**
   * Puts the reflected light of a point into an array, 0 to 255 for each channel under white light
   * from the front.
   *
   * @param crease the result of {@link #crease}, which changes slowly
   */
  void at(double u, double v, double crease, double[] to) {
    double mix = pattern == 0 ? 0 : pattern(u, v);
    double light =
        1 + crease + folds(u, v) + weave * (2 * noise.cell((int) (u * 160), (int) (v * 110)) - 1);
    for (int i = 0; i < 3; i++) {
      to[i] = light * (color[i] + mix * (second[i] - color[i]));
    }
  }

  /** Returns how much lighter the creases of the cloth make a point. */
  double crease(double u, double v) {
    double wide = 2 * noise.at(u * 2.6 + 0.7 * v, v * 3.1 - 0.4 * u) - 1;
    double narrow = noise.ridge(u * 4.1 + 31 + 1.5 * v, v * 5.3 + 2 * Math.abs(u)) - 0.4;
    // At the sides, the cloth is gathered by the straps.
    double gathered = u * u * (noise.ridge(u * 1.5 + 7, v * 9.5) - 0.4);
    return crease * (0.8 * wide + 0.9 * narrow + 1.6 * gathered);
  }

  private double folds(double u, double v) {
    double w = Math.abs(u);
    double light = 0;
    for (double pleat : pleats) {
      // The fold below lies in the shadow of the one above. Pleats meet at the sides.
      double d = v - (pleat + (0.5 - pleat) * 0.25 * w * w);
      light -= 0.15 * peak(d, 0.016);
      light += d > 0 ? -0.07 * tail(d, 0.05) : 0.04 * tail(-d, 0.05);
    }
    if (seam) {
      light += 0.02 * peak(w - 0.04, 0.028) - 0.06 * peak(u, 0.016);
    }
    double border = Math.min(Math.min(v, 1 - v) * 1.1, (1 - w) * 1.6);
    if (kind == Kind.FFP2) {
      light -= 0.05 * peak(border - 0.06, 0.011);
    } else {
      light -= 0.08 * peak(border - 0.075, 0.01);
    }
    if (v < 0.1 && w < 0.45 && kind != Kind.CLOTH) {
      light += 0.04 * peak(v - 0.045, 0.016); // the wire over the nose
    }
    return light - 0.06 * tail(border, 0.02);
  }

  /** A peak at 0 of about this half width. */
  private static double peak(double d, double width) {
    double t = d / width;
    return t * t > 16 ? 0 : 1 / (1 + t * t * (1 + t * t));
  }

  /** Falls from 1 at 0 to a third at a distance. */
  private static double tail(double d, double distance) {
    double t = d / distance;
    return t > 6 ? 0 : 1 / (1 + t * (1 + t));
  }

  private double pattern(double u, double v) {
    double a = density * (Math.cos(turn) * u + Math.sin(turn) * v * 0.8);
    double b = density * (-Math.sin(turn) * u + Math.cos(turn) * v * 0.8);
    return switch (pattern) {
      case 1 -> step(0.3 - Math.hypot(a - Math.rint(a), b - Math.rint(b)));
      case 2 -> step(0.25 - Math.abs(a - Math.rint(a)));
      case 3 ->
          0.5 * step(0.25 - Math.abs(a - Math.rint(a)))
              + 0.5 * step(0.25 - Math.abs(b - Math.rint(b)));
      case 4 -> step(noise.at(a * 0.6, b * 0.6) - 0.5);
      default -> {
        double x = a - Math.rint(a);
        double y = b - Math.rint(b);
        double petals = 0.22 + 0.13 * Math.cos(5 * Math.atan2(y, x));
        yield step(petals - Math.hypot(x, y));
      }
    };
  }

  private static double step(double value) {
    double t = Math.max(0, Math.min(1, 0.5 + value * 12));
    return t * t * (3 - 2 * t);
  }
}
