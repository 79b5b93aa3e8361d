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

  FacePhoto withAge(AgeGroup group) {
    return withClass(new FaceClass(faceClass.mask(), faceClass.gender(), group));
  }

  FacePhoto withClass(FaceClass changed) {
    return new FacePhoto(photo, person, ageYears, changed);
  }
}
