package io.github.facemask.dataset;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;

/**
 * A photo with a known person and class.
 *
 * @param photo the photo
 * @param person the person on it; splits keep a person's photos together
 * @param ageYears the person's age in years
 * @param faceClass the class under the competition's age boundaries
 */
public record FacePhoto(Photo photo, String person, int ageYears, FaceClass faceClass) {

  /** The prefix of the person's name of a pseudo-labelled photo. */
  private static final String GUESSED = "pseudo:";

  /**
   * Returns a pseudo-labelled photo. It counts as its own person, and no fold validates on it.
   *
   * @param photo the photo
   * @param guess the predicted class
   */
  public static FacePhoto pseudoLabelled(Photo photo, FaceClass guess) {
    return new FacePhoto(photo, GUESSED + photo.id(), guess.age().firstYear(), guess);
  }

  /** Returns whether the class was predicted by a model. */
  public boolean isPseudoLabelled() {
    return person.startsWith(GUESSED);
  }

  FacePhoto withAge(AgeGroup group) {
    return withClass(new FaceClass(faceClass.mask(), faceClass.gender(), group));
  }

  FacePhoto withClass(FaceClass changed) {
    return new FacePhoto(photo, person, ageYears, changed);
  }
}
