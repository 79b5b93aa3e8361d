package io.github.facemask.lab.inspection;

/** What makes a photo suspicious. */
public enum Oddity {
  /** The mean brightness is below 40 of 255. */
  DARK("dark"),
  /** The mean brightness is above 225 of 255. */
  BRIGHT("bright"),
  /** The brightness deviates by less than 12 levels: nearly one colour. */
  FLAT("flat"),
  /** Far less sharp than most photos of the set. */
  BLURRED("blurred"),
  /** A side is shorter than 64 pixels. */
  SMALL("small"),
  /** A size that fewer than 1 in 100 photos have, where one size is that of most. */
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
