package io.github.facemask.overlay;

/** Smooth random numbers over a plane, the same for the same seed. */
record ValueNoise(int seed) {

  /** Returns a number from 0 to 1 that changes over about one unit. */
  double at(double x, double y) {
    int column = (int) Math.floor(x);
    int row = (int) Math.floor(y);
    double s = x - column;
    double t = y - row;
    s = s * s * (3 - 2 * s);
    t = t * t * (3 - 2 * t);
    double above = cell(column, row) * (1 - s) + cell(column + 1, row) * s;
    double below = cell(column, row + 1) * (1 - s) + cell(column + 1, row + 1) * s;
    return above + (below - above) * t;
  }

  /** Returns a number from 0 to 1 with narrow ridges near 1, as the folds of cloth have them. */
  double ridge(double x, double y) {
    double fold = 1 - Math.abs(2 * at(x, y) - 1);
    return fold * fold;
  }

  /** Returns a number from 0 to 1 that differs from cell to cell. */
  double cell(int x, int y) {
    int h = x * 0x27d4eb2d + y * 0x165667b1 + seed;
    h = (h ^ h >>> 15) * 0x85ebca6b;
    h = (h ^ h >>> 13) * 0xc2b2ae35;
    return (h >>> 8) * 0x1p-24;
  }
}
