package io.github.facemask.dataset;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;

/**
 * A photo whose person and class are known.
 *
 * @param photo the photo
 * @param person who is on it; splits keep a person's photos together
 * @param ageYears the person's age in years
 * @param faceClass the class under the competition's age boundaries
 */
public record FacePhoto(Photo photo, String person, int ageYears, FaceClass faceClass) {

  /** What the person of a photo is called whose class a model guessed. */
  private static final String GUESSED = "pseudo:";

  /**
   * Returns a photo whose class a model guessed; it counts as a person of its own, and no fold
   * validates on it.
   *
   * @param photo the photo
   * @param guess the guessed class
   */
  public static FacePhoto pseudoLabelled(Photo photo, FaceClass guess) {
    return new FacePhoto(photo, GUESSED + photo.id(), guess.age().firstYear(), guess);
  }

  /** Returns whether a model guessed the class. */
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
