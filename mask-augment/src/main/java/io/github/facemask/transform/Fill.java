package io.github.facemask.transform;

/** ImageNet's mean colour, for pixels outside a photo. */
final class Fill {

  static final int RED = 124;
  static final int GREEN = 116;
  static final int BLUE = 104;

  private Fill() {}
}
