package io.github.facemask.loader;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceLabel;
import java.util.Optional;

/**
 * Targets of the age in years: a normal distribution around the known age, cut off at the ends (Gao
 * et al., "Deep label distribution learning with label ambiguity", 2017).
 */
final class AgeTargets {

  private static final double DEVIATION = 2;

  private AgeTargets() {}

  /** Fills a row of zeros with the target of a photo, with years if the row has room for them. */
  static void fill(float[] target, FacePhoto photo, boolean years) {
    if (!years || photo.ageYears().isEmpty() || photo.label().age().isEmpty()) {
      target[photo.label().id()] = 1;
      return;
    }
    // The years stand for the age, so the label is without it.
    FaceLabel rest = photo.label().withAge(Optional.empty());
    if (!rest.known().isEmpty()) {
      target[rest.id()] = 1;
    }
    int age = Math.min(photo.ageYears().getAsInt(), AgeGroup.YEARS - 1);
    double sum = 0;
    double[] shares = new double[AgeGroup.YEARS];
    for (int year = 0; year < AgeGroup.YEARS; year++) {
      double distance = (year - age) / DEVIATION;
      shares[year] = Math.exp(-distance * distance / 2);
      sum += shares[year];
    }
    for (int year = 0; year < AgeGroup.YEARS; year++) {
      target[FaceLabel.COUNT + year] = (float) (shares[year] / sum);
    }
  }
}
