package io.github.facemask.evaluation;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import io.github.facemask.metric.ClassificationScores;
import io.github.facemask.metric.ConfusionMatrix;
import io.github.facemask.prediction.PredictionTable;
import java.util.ArrayList;
import java.util.List;

/**
 * How much better one prediction is than another, on the same photos. The interval draws the same
 * people for both, so what is common to them does not widen it.
 *
 * @param difference the second's macro F1 less the first's
 * @param interval its 95 % interval by person; one that holds 0 may be chance
 */
public record F1Difference(double difference, Interval interval) {

  private static final int RESAMPLES = 1000;

  /**
   * Compares two tables with 1000 draws of people.
   *
   * @param first predictions of at least these photos
   * @param second predictions of at least these photos
   * @param truth the photos with their classes
   * @throws IllegalArgumentException if a photo lacks a prediction
   */
  public static F1Difference between(
      PredictionTable first, PredictionTable second, PhotoSet truth) {
    int[] classes = new int[truth.size()];
    List<String> persons = new ArrayList<>();
    for (FacePhoto photo : truth) {
      classes[persons.size()] = photo.faceClass().id();
      persons.add(photo.person());
    }
    int[] a = predicted(first, truth);
    int[] b = predicted(second, truth);
    return new F1Difference(
        macroF1(classes, b) - macroF1(classes, a),
        new PersonBootstrap(persons, classes, b, RESAMPLES, 0)
            .differenceFrom(new PersonBootstrap(persons, classes, a, RESAMPLES, 0)));
  }

  private static double macroF1(int[] truth, int[] predicted) {
    return ClassificationScores.of(ConfusionMatrix.of(truth, predicted, FaceClass.COUNT)).macroF1();
  }

  private static int[] predicted(PredictionTable table, PhotoSet truth) {
    int[] predicted = new int[truth.size()];
    for (int i = 0; i < predicted.length; i++) {
      String id = truth.get(i).photo().id();
      predicted[i] =
          table.argmax(
              table
                  .row(id)
                  .orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              "photo '" + id + "' has no prediction; predict them all")));
    }
    return predicted;
  }
}
