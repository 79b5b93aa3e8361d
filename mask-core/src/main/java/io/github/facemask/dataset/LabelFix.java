package io.github.facemask.dataset;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import java.util.Locale;

/**
 * One corrected label.
 *
 * @param id what it is about: a photo's id, a person, the {@code id} of a row of train.csv (all
 *     photos of the person), or that id and a photo's name, for instance {@code 000020/normal}
 * @param field which label
 * @param old the label as the data has it; the fix does nothing where the data has another
 * @param corrected the right label
 * @param source who says so
 */
public record LabelFix(String id, Field field, String old, String corrected, String source) {

  /** The labels that can be corrected. */
  public enum Field {
    GENDER,
    MASK,
    /** Whole years. */
    AGE,
    /** Where the years are not known: under_30, from_30_to_59 or from_60. */
    AGE_GROUP
  }

  /** Checks the labels. */
  public LabelFix {
    check(!id.isBlank(), "id", id, "a photo, a person or an id of train.csv");
    checkLabel(field, old);
    checkLabel(field, corrected);
  }

  private static void checkLabel(Field field, String label) {
    switch (field) {
      case GENDER -> check(LabelText.gender(label).isPresent(), "gender", label, "male or female");
      case MASK ->
          check(LabelText.mask(label).isPresent(), "mask", label, "worn, worn_wrongly or not_worn");
      case AGE ->
          check(LabelText.years(label).isPresent(), "age", label, "whole years from 0 to 150");
      case AGE_GROUP ->
          check(
              LabelText.ageGroup(label).isPresent(),
              "ageGroup",
              label,
              "under_30, from_30_to_59 or from_60");
    }
  }

  boolean fits(FacePhoto photo) {
    FaceClass is = photo.faceClass();
    return switch (field) {
      case GENDER -> LabelText.gender(old).orElseThrow() == is.gender();
      case MASK -> LabelText.mask(old).orElseThrow() == is.mask();
      case AGE -> LabelText.years(old).orElseThrow() == photo.ageYears();
      case AGE_GROUP -> LabelText.ageGroup(old).orElseThrow() == is.age();
    };
  }

  FacePhoto apply(FacePhoto photo) {
    FaceClass is = photo.faceClass();
    return switch (field) {
      case GENDER ->
          photo.withClass(
              new FaceClass(is.mask(), LabelText.gender(corrected).orElseThrow(), is.age()));
      case MASK ->
          photo.withClass(
              new FaceClass(LabelText.mask(corrected).orElseThrow(), is.gender(), is.age()));
      case AGE -> {
        int years = LabelText.years(corrected).orElseThrow();
        yield new FacePhoto(
            photo.photo(),
            photo.person(),
            years,
            new FaceClass(is.mask(), is.gender(), AgeGroup.ofYears(years)));
      }
      case AGE_GROUP -> {
        AgeGroup group = LabelText.ageGroup(corrected).orElseThrow();
        yield new FacePhoto(
            photo.photo(),
            photo.person(),
            nearest(photo.ageYears(), group),
            new FaceClass(is.mask(), is.gender(), group));
      }
    };
  }

  /** Returns the age of a group that is nearest to the age as labelled. */
  private static int nearest(int years, AgeGroup group) {
    return switch (group) {
      case UNDER_30 -> Math.min(years, 29);
      case FROM_30_TO_59 -> Math.min(Math.max(years, 30), 59);
      case FROM_60 -> Math.max(years, 60);
    };
  }

  String line() {
    return String.join("\t", id, field.name().toLowerCase(Locale.ROOT), old, corrected, source);
  }
}
