package io.github.facemask.overlay;

import io.github.facemask.overlay.MaskOverlay.Fit;
import io.github.facemask.overlay.MaskOverlay.Kind;
import java.util.random.RandomGenerator;

/**
 * The surface of a mask on a face: a point of the face, see {@link FacePose}, for each (u, v). u
 * goes from -1 on the photo's left to 1, v from 0 at the upper edge to 1.
 */
final class MaskShape {

  /** The angle between the middle and the edge, around the cheek. */
  private static final double REACH = Math.toRadians(80);

  private static final double SIN = Math.sin(REACH);
  private static final double COS = Math.cos(REACH);

  /** How far the skin of the middle is in front, by its height. */
  private static final double[] HEIGHTS = {0, 0.4, 0.7, 1, 1.3, 1.6, 1.85, 2, 2.3};

  private static final double[] SKIN = {0.02, 0.1, 0.16, 0.2, 0.2, 0.2, 0.14, -0.08, -0.5};

  private final Fit fit;
  private final double topMiddle;
  private final double topSide;
  private final double lowMiddle;
  private final double lowSide;
  private final double upperEdge;
  private final double lowerEdge;
  private final double edgeDepth;
  private final double tent; // how far the cloth stands off below the nose
  private final double ridge; // 0 round, 1 folded in the middle
  private final double tilt;
  private final double shift;
  private final int side;
  private final double bumps;
  private final ValueNoise noise;

  private MaskShape(
      Fit fit,
      double[] heights,
      double[] edges,
      double tent,
      double ridge,
      double tilt,
      double shift,
      int side,
      double bumps,
      ValueNoise noise) {
    this.fit = fit;
    this.topMiddle = heights[0];
    this.topSide = heights[1];
    this.lowMiddle = heights[2];
    this.lowSide = heights[3];
    this.upperEdge = edges[0];
    this.lowerEdge = edges[1];
    this.edgeDepth = edges[2];
    this.tent = tent;
    this.ridge = ridge;
    this.tilt = tilt;
    this.shift = shift;
    this.side = side;
    this.bumps = bumps;
    this.noise = noise;
  }

  /**
   * Draws a shape.
   *
   * @param lower how much lower it sits, in distances between the eyes
   * @param factor its size over the usual one
   */
  static MaskShape draw(Fit fit, Kind kind, double lower, double factor, RandomGenerator random) {
    double size = spread(random, 1);
    boolean folded = kind == Kind.FFP2 || (kind != Kind.SURGICAL && random.nextDouble() < 0.6);
    double[] heights =
        switch (fit) {
          case COVERING ->
              new double[] {
                0.4 + 0.09 * spread(random, 1),
                0.56 + 0.06 * spread(random, 1),
                1.96 + 0.07 * size,
                1.3 + 0.12 * size
              };
          case BELOW_NOSE ->
              new double[] {
                0.89 + 0.05 * spread(random, 1),
                0.74 + 0.08 * spread(random, 1),
                2.02 + 0.07 * size,
                1.4 + 0.1 * size
              };
          case UNDER_CHIN ->
              new double[] {
                1.6 + 0.09 * spread(random, 1),
                1.26 + 0.1 * spread(random, 1),
                2.22 + 0.08 * size,
                1.74 + 0.08 * size
              };
          case ONE_EAR -> new double[] {0.3, 0.3, 2 + 0.15 * size, 2};
        };
    double middle = (heights[0] + heights[2]) / 2;
    for (int i = 0; i < heights.length; i++) {
      heights[i] = lower + middle + factor * (heights[i] - middle);
    }
    double upper = (folded ? 0.99 : 1.03) + 0.04 * size;
    double below = (folded ? 0.84 : 0.9) + 0.04 * size;
    upper *= 0.6 + 0.4 * factor; // a wider mask goes further back, not out
    double[] edges = {upper, fit == Fit.UNDER_CHIN ? 0.78 : below, -0.58 - 0.06 * size};
    return new MaskShape(
        fit,
        heights,
        edges,
        switch (fit) {
          case COVERING -> 0.3 + (folded ? 0.12 : 0.03) + 0.05 * spread(random, 1);
          case BELOW_NOSE -> 0.17 + (folded ? 0.06 : 0) + 0.04 * spread(random, 1);
          case UNDER_CHIN, ONE_EAR -> 0.06;
        },
        folded ? random.nextDouble(0.55, 0.95) : random.nextDouble(0, 0.25),
        fit == Fit.ONE_EAR ? random.nextDouble(-0.25, 0.1) : 0.035 * spread(random, 1),
        0.03 * spread(random, 1),
        random.nextBoolean() ? 1 : -1,
        kind == Kind.FFP2 ? random.nextDouble(0.01, 0.03) : random.nextDouble(0.02, 0.06),
        new ValueNoise(random.nextInt()));
  }

  /** Returns a number from -1 to 1, near 0 more often. */
  private static double spread(RandomGenerator random, double most) {
    double first = random.nextDouble();
    return most * (first - random.nextDouble());
  }

  /** Returns the side of the ear that the mask hangs from, -1 or 1. */
  int side() {
    return side;
  }

  Fit fit() {
    return fit;
  }

  /** Puts x, y and z of a point into the first three places of an array. */
  void point(double u, double v, double[] to) {
    if (fit == Fit.ONE_EAR) {
      hanging(u, v, to);
      return;
    }
    double w = Math.abs(u);
    double bowed = w * w * (1.6 - 0.6 * w);
    double high = topMiddle + (topSide - topMiddle) * bowed;
    double low = lowMiddle + (lowSide - lowMiddle) * Math.pow(w, 2.2);
    double y = high + (low - high) * v;
    double around = Math.sin(u * REACH) / SIN;
    double round = (Math.cos(u * REACH) - COS) / (1 - COS);
    double front = round + ridge * (1 - w - round) * 0.55;
    double edge = upperEdge + (lowerEdge - upperEdge) * v * v * (3 - 2 * v);
    double off = standsOff(y, w);
    double depth = edgeDepth + 0.16 * v + (skin(y) - edgeDepth - 0.16 * v) * front;
    double x = edge * around;
    // Cloth is not smooth: its surface and its edges wave.
    double wave = bumps * (noise.at(2.2 * u + 5, 3 * v) - 0.5);
    double fold = bumps * (noise.ridge(3.2 * u + 1.1 * v, 4.4 * v + 1.3 * w) - 0.35);
    to[0] = x + shift * (1 - w) - tilt * (y - 1) + 0.8 * wave * u;
    to[1] = y + tilt * x + 1.2 * bumps * (noise.at(2.6 * u + 17, 0.8 * v) - 0.5);
    to[2] = depth + off + 0.03 + wave + 0.7 * fold;
  }

  /** How far the cloth stands off the face: over the nose, and like a tent below it. */
  private double standsOff(double y, double w) {
    double nose =
        fit == Fit.COVERING ? 0.3 * bump(y, 0.2, 0.68, 1.05) * Math.exp(-w * w / 0.05) : 0;
    double below = tent * bump(y, topMiddle - 0.25, fit == Fit.COVERING ? 0.95 : 1.2, 2.02);
    double narrow = ridge * Math.exp(-w * w / 0.12) + (1 - ridge) * Math.exp(-w * w / 0.22);
    return Math.max(nose, below * narrow);
  }

  /** 0 at both ends, 1 at the peak, smooth. */
  private static double bump(double y, double from, double peak, double to) {
    if (y <= from || y >= to) {
      return 0;
    }
    double t = y < peak ? (y - from) / (peak - from) : (to - y) / (to - peak);
    return t * t * (3 - 2 * t);
  }

  private static double skin(double y) {
    for (int i = 1; i < HEIGHTS.length; i++) {
      if (y <= HEIGHTS[i]) {
        double t = Math.max(0, (y - HEIGHTS[i - 1]) / (HEIGHTS[i] - HEIGHTS[i - 1]));
        return SKIN[i - 1] + (SKIN[i] - SKIN[i - 1]) * t;
      }
    }
    return SKIN[SKIN.length - 1];
  }

  /** A mask that hangs from one ear, with its long side down the cheek. */
  private void hanging(double u, double v, double[] to) {
    double along = (u + 1) / 2;
    double across = side * (v - 0.5);
    double open = 0.62 + 0.1 * Math.sin(Math.PI * along);
    to[0] = side * (1 - 0.1 * along) + across * open - tilt * side * along;
    to[1] = topMiddle + (lowMiddle - topMiddle) * along + 0.12 * across * side;
    to[2] = -0.6 + 0.45 * along - 0.25 * Math.abs(v - 0.5) + 0.08 * Math.sin(3 * along);
  }
}
