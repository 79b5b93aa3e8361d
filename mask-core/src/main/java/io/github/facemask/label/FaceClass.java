package io.github.facemask.label;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One of the 18 classes: a mask state, a gender and an age group. Its number is {@code mask * 6 +
 * gender * 3 + age}, each attribute by its ordinal.
 *
 * @param mask how the mask is worn
 * @param gender the gender
 * @param age the age group
 */
public record FaceClass(MaskState mask, Gender gender, AgeGroup age) {

  /** The number of classes. */
  public static final int COUNT = 18;

  private static final List<FaceClass> ALL = all();

  /** Returns the 18 classes, each at the index of its id. */
  public static List<FaceClass> values() {
    return ALL;
  }

  /**
   * Returns the class with a number.
   *
   * @param id the class number, 0 to 17
   * @return the class
   * @throws IllegalArgumentException if there is no such class
   */
  public static FaceClass ofId(int id) {
    checkArgument(id >= 0 && id < COUNT, "class is %s, expected 0 to %s", id, COUNT - 1);
    return ALL.get(id);
  }

  /** Returns the number of this class, 0 to 17. */
  public int id() {
    return mask.ordinal() * 6 + gender.ordinal() * 3 + age.ordinal();
  }

  /** Returns the display name, for instance {@code "worn wrongly, female, from 30 to 59"}. */
  public String displayName() {
    return words(mask) + ", " + words(gender) + ", " + words(age);
  }

  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static List<FaceClass> all() {
    List<FaceClass> classes = new ArrayList<>(COUNT);
    for (MaskState mask : MaskState.values()) {
      for (Gender gender : Gender.values()) {
        for (AgeGroup age : AgeGroup.values()) {
          classes.add(new FaceClass(mask, gender, age));
        }
      }
    }
    return List.copyOf(classes);
  }
}
