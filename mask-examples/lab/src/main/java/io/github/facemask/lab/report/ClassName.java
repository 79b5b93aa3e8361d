package io.github.facemask.lab.report;

import io.github.facemask.label.FaceClass;

/** Short class names for tables. */
public final class ClassName {

  private ClassName() {}

  /**
   * Returns a short name, for instance {@code "wrong · female · 30–59"}.
   *
   * @param faceClass the class
   */
  public static String brief(FaceClass faceClass) {
    String mask =
        switch (faceClass.mask()) {
          case WORN -> "mask";
          case WORN_WRONGLY -> "wrong";
          case NOT_WORN -> "none";
        };
    String gender =
        switch (faceClass.gender()) {
          case MALE -> "male";
          case FEMALE -> "female";
        };
    String age =
        switch (faceClass.age()) {
          case UNDER_30 -> "under 30";
          case FROM_30_TO_59 -> "30\u201359";
          case FROM_60 -> "60 and over";
        };
    return mask + " \u00b7 " + gender + " \u00b7 " + age;
  }
}
