package io.github.facemask.evaluation;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.Evaluation.Interval;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PredictionTable;
import java.util.List;

/**
 * The difference in macro F1 of two predictions of the same photos. The interval is a paired
 * bootstrap over people: both predictions use the same resamples, so common variation does not
 * widen it.
 *
 * @param difference the macro F1 of the second minus that of the first, as {@link
 *     Evaluation#macroF1}
 * @param interval its 95 % interval by person; if it contains 0, the difference may be chance
 */
public record F1Difference(double difference, Interval interval) {

  private static final int RESAMPLES = 1000;

  /**
   * Compares two tables with 1000 bootstrap resamples of people.
   *
   * @param first predictions of at least these photos
   * @param second predictions of at least these photos
   * @param truth the photos with their classes
   * @throws IllegalArgumentException if a photo lacks a prediction
   */
  public static F1Difference between(
      PredictionTable first, PredictionTable second, PhotoSet truth) {
    return betweenMeans(List.of(first), List.of(second), truth);
  }

  /**
   * Compares two ways of training by the mean score of their runs. All runs use the same resamples.
   *
   * @param first predictions of each run of the first way, one or more
   * @param second predictions of each run of the second way, one or more
   * @param truth the photos with their classes
   * @throws IllegalArgumentException if a photo lacks a prediction
   */
  public static F1Difference betweenMeans(
      List<PredictionTable> first, List<PredictionTable> second, PhotoSet truth) {
    PhotoSet labelled =
        truth
            .only(first.get(0).origin().attributes())
            .filter(photo -> !photo.label().known().isEmpty());
    Means better = means(second, labelled);
    Means worse = means(first, labelled);
    double[] draws = better.draws.clone();
    for (int i = 0; i < draws.length; i++) {
      draws[i] -= worse.draws[i];
    }
    return new F1Difference(better.score - worse.score, PersonBootstrap.interval(draws, 0));
  }

  /** The mean score of some tables, on all photos and on each resample. */
  private static final class Means {
    private final double[] draws = new double[RESAMPLES];
    private double score;
  }

  private static Means means(List<PredictionTable> tables, PhotoSet truth) {
    Means means = new Means();
    int[] classes = classes(truth);
    for (PredictionTable table : tables) {
      int[] predicted = predicted(table, truth);
      means.score += macroF1(classes, predicted) / tables.size();
      double[] scores =
          new PersonBootstrap(persons(truth), classes, predicted, RESAMPLES, 0).macroF1Draws();
      for (int i = 0; i < scores.length; i++) {
        means.draws[i] += scores[i] / tables.size();
      }
    }
    return means;
  }

  private static double macroF1(int[] truth, int[] predicted) {
    LabelMatrix.Builder counts = LabelMatrix.builder();
    for (int i = 0; i < truth.length; i++) {
      counts.add(FaceLabel.ofId(truth[i]), predicted[i]);
    }
    return counts.macroF1();
  }

  private static int[] classes(PhotoSet truth) {
    return truth.stream().mapToInt(photo -> photo.label().id()).toArray();
  }

  private static List<String> persons(PhotoSet truth) {
    return truth.stream().map(FacePhoto::person).toList();
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
