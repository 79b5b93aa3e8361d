package io.github.facemask.lab.cropaudit;

/** What may be wrong with a crop. */
public enum Flag {
  /** No face was found; the crop is a fallback. */
  NO_FACE("no face"),
  /** The crop lies elsewhere, or has another size, than the person's other crops. */
  PERSON_OUTLIER("unlike the person's others"),
  /** Another face was found as well. */
  SECOND_FACE("second face"),
  /** The crop is a small part of the photo. */
  TOO_SMALL("too small"),
  /** The face touches the photo's edge. */
  CUT_OFF("cut off"),
  /** The detector is not sure. */
  LOW_SCORE("low score");

  private final String words;

  Flag(String words) {
    this.words = words;
  }

  /** Returns the flag in words. */
  public String words() {
    return words;
  }
}
