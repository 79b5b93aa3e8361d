package io.github.facemask.lab.report;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.MaskState;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Short class names for tables. */
public final class ClassName {

  private ClassName() {}

  /**
   * Returns a short name, for instance {@code "wrong \u00b7 female \u00b7 30\u201359"}.
   *
   * @param faceClass the class
   */
  public static String brief(FaceClass faceClass) {
    return brief(FaceLabel.of(faceClass));
  }

  /**
   * Returns a short name of what is known, for instance {@code "wrong \u00b7 female"}.
   *
   * @param label the label
   */
  public static String brief(FaceLabel label) {
    if (label.known().isEmpty()) {
      return "unknown";
    }
    return Stream.of(
            label.mask().map(ClassName::word),
            label.gender().map(gender -> gender.name().toLowerCase(Locale.ROOT)),
            label.age().map(ClassName::word))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(" \u00b7 "));
  }

  private static String word(MaskState mask) {
    return switch (mask) {
      case WORN -> "mask";
      case WORN_WRONGLY -> "wrong";
      case NOT_WORN -> "none";
    };
  }

  private static String word(AgeGroup age) {
    return switch (age) {
      case UNDER_30 -> "under 30";
      case FROM_30_TO_59 -> "30\u201359";
      case FROM_60 -> "60 and over";
    };
  }
}
