package io.github.facemask.label;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The three attributes of a class. */
public enum Attribute {
  MASK,
  GENDER,
  AGE;

  /**
   * Returns a class's value of this attribute.
   *
   * @param faceClass the class
   * @return its place among {@link #valueNames}
   */
  public int of(FaceClass faceClass) {
    return switch (this) {
      case MASK -> faceClass.mask().ordinal();
      case GENDER -> faceClass.gender().ordinal();
      case AGE -> faceClass.age().ordinal();
    };
  }

  /** Returns the names of the attribute's values for people, in the order of their numbers. */
  public List<String> valueNames() {
    Enum<?>[] values =
        switch (this) {
          case MASK -> MaskState.values();
          case GENDER -> Gender.values();
          case AGE -> AgeGroup.values();
        };
    return Stream.of(values).map(v -> v.name().toLowerCase(Locale.ROOT).replace('_', ' ')).toList();
  }

  /** Returns the attribute's name in lower case, as options and files spell it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
