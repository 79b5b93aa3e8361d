package io.github.facemask.dataset;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A photo with a known person, and what is known about the face.
 *
 * @param photo the photo
 * @param person the person on it; splits keep a person's photos together
 * @param ageYears the person's age in years, or empty if it is unknown
 * @param label the known attributes, the age group under the competition's age boundaries
 * @param set the name of the set that the photo is from, see {@link PhotoSet#concat}; empty for a
 *     photo of a single set
 */
public record FacePhoto(
    Photo photo, String person, OptionalInt ageYears, FaceLabel label, String set) {

  /** The prefix of the person's name of a pseudo-labelled photo. */
  private static final String GUESSED = "pseudo:";

  /**
   * A photo of a single set.
   *
   * @param photo the photo
   * @param person the person on it
   * @param ageYears the person's age in years, or empty if it is unknown
   * @param label the known attributes
   */
  public FacePhoto(Photo photo, String person, OptionalInt ageYears, FaceLabel label) {
    this(photo, person, ageYears, label, "");
  }

  /**
   * A photo of a single set with all attributes known.
   *
   * @param photo the photo
   * @param person the person on it
   * @param ageYears the person's age in years
   * @param faceClass the class
   */
  public FacePhoto(Photo photo, String person, int ageYears, FaceClass faceClass) {
    this(photo, person, OptionalInt.of(ageYears), FaceLabel.of(faceClass), "");
  }

  /**
   * Returns a pseudo-labelled photo. It counts as its own person, and no fold validates on it.
   *
   * @param photo the photo
   * @param guess the predicted label
   */
  public static FacePhoto pseudoLabelled(Photo photo, FaceLabel guess) {
    return new FacePhoto(photo, GUESSED + photo.id(), OptionalInt.empty(), guess, "");
  }

  /** Returns whether the class was predicted by a model. */
  public boolean isPseudoLabelled() {
    return person.startsWith(GUESSED);
  }

  FacePhoto withAge(AgeGroup group) {
    return withLabel(label.withAge(Optional.of(group)));
  }

  FacePhoto withPerson(String name) {
    return new FacePhoto(photo, name, ageYears, label, set);
  }

  /**
   * Returns the photo with another label.
   *
   * @param changed the label
   */
  public FacePhoto withLabel(FaceLabel changed) {
    return new FacePhoto(photo, person, ageYears, changed, set);
  }

  /**
   * Returns the labels in another file, for instance a changed copy of the photo.
   *
   * @param other the other photo
   */
  public FacePhoto withPhoto(Photo other) {
    return new FacePhoto(other, person, ageYears, label, set);
  }
}
