package io.github.facemask.lab.cropaudit;

/** Possible problems of a crop. */
public enum Flag {
  /** No face was found; the crop is a fallback. */
  NO_FACE("no face"),
  /** The crop has another position or size than the person's other crops. */
  PERSON_OUTLIER("unlike the person's others"),
  /** Another face was found as well. */
  SECOND_FACE("second face"),
  /** The crop is a small part of the photo. */
  TOO_SMALL("too small"),
  /** The face touches the photo's edge. */
  CUT_OFF("cut off"),
  /** The detector's score is low. */
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
