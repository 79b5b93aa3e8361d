package io.github.facemask.lab.synthetic;

/** The position of a mask on a face. */
enum MaskFit {
  PROPER(-0.02, 1.0),
  BELOW_NOSE(0.5, 1.0),
  ON_CHIN(1.0, 1.25);

  private final double top;
  private final double bottom;

  MaskFit(double top, double bottom) {
    this.top = top;
    this.bottom = bottom;
  }

  /** Returns the height of the upper edge on the middle of the face. */
  double top() {
    return top;
  }

  /** Returns how far down the lower edge lies; 1 covers the chin. */
  double bottom() {
    return bottom;
  }
}
