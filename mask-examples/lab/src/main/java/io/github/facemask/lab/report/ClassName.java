package io.github.facemask.lab.report;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Short class names for tables and charts. They have the words of {@link FaceClass#displayName},
 * which is the long name, with a shorter age group.
 */
public final class ClassName {

  private ClassName() {}

  /**
   * Returns a short name, for instance {@code "worn wrongly \u00b7 female \u00b7 30\u201359"}.
   *
   * @param faceClass the class
   */
  public static String brief(FaceClass faceClass) {
    return brief(FaceLabel.of(faceClass));
  }

  /**
   * Returns a short name of what is known, for instance {@code "worn wrongly \u00b7 female"}.
   *
   * @param label the label
   */
  public static String brief(FaceLabel label) {
    if (label.known().isEmpty()) {
      return label.displayName();
    }
    return Stream.of(label.mask(), label.gender(), label.age())
        .flatMap(Optional::stream)
        .map(ClassName::brief)
        .collect(Collectors.joining(" \u00b7 "));
  }

  /**
   * Returns the long name of a mask state, gender or age group, as in {@link
   * FaceClass#displayName}.
   *
   * @param value the value of an attribute
   */
  public static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String brief(Enum<?> value) {
    return value == AgeGroup.FROM_30_TO_59 ? "30\u201359" : words(value);
  }
}
