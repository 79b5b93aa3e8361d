package io.github.facemask.lab.inspection;

/** Reasons why a photo is suspicious. */
public enum Oddity {
  /** The mean brightness is below 40 of 255. */
  DARK("dark"),
  /** The mean brightness is above 225 of 255. */
  BRIGHT("bright"),
  /** The standard deviation of the brightness is below 12 levels: nearly one colour. */
  FLAT("flat"),
  /** The photo is far less sharp than most photos of the data set. */
  BLURRED("blurred"),
  /** A side is shorter than 64 pixels. */
  SMALL("small"),
  /** The size is rarer than 1 in 100 photos, and most photos have the same size. */
  ODD_SIZE("odd size");

  private final String words;

  Oddity(String words) {
    this.words = words;
  }

  /** Returns the oddity in words. */
  public String words() {
    return words;
  }
}
