package io.github.facemask.combination;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.internal.calibration.GoldenSection;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PredictionTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a member votes.
 *
 * @param weight its share, above 0; shares are divided by their sum
 * @param temperature the number that its logits are divided by before it votes: above 1 makes it
 *     less confident, 1 changes nothing
 * @param attribute the attribute that it predicts in {@link Combination#BY_ATTRIBUTE}; empty in all
 *     other combinations
 */
public record Voter(double weight, double temperature, Optional<Attribute> attribute) {

  /** Checks the values. */
  public Voter {
    check(weight > 0 && Double.isFinite(weight), "weight", weight, "a finite number above 0");
    check(
        temperature > 0 && Double.isFinite(temperature),
        "temperature",
        temperature,
        "a finite number above 0");
  }

  /**
   * Returns a voter with temperature 1.
   *
   * @param weight its share, above 0
   */
  public static Voter of(double weight) {
    return new Voter(weight, 1, Optional.empty());
  }

  /**
   * Returns the same voter with another temperature.
   *
   * @param value above 0
   */
  public Voter withTemperature(double value) {
    return new Voter(weight, value, attribute);
  }

  /**
   * Returns the same voter with another weight.
   *
   * @param value above 0
   */
  public Voter withWeight(double value) {
    return new Voter(value, temperature, attribute);
  }

  /** Divides the logits of a row by the temperature, in place; 1 changes nothing. */
  static void temper(double[] row, double temperature) {
    if (temperature == 1) {
      return;
    }
    double highest = 0;
    for (double p : row) {
      highest = Math.max(highest, p);
    }
    double sum = 0;
    for (int c = 0; c < row.length; c++) {
      row[c] = row[c] > 0 ? Math.exp(Math.log(row[c] / highest) / temperature) : 0;
      sum += row[c];
    }
    for (int c = 0; c < row.length; c++) {
      row[c] /= sum;
    }
  }

  /**
   * Temperature scaling: finds the temperature with the lowest cross entropy (Guo et al., "On
   * calibration of modern neural networks", ICML 2017).
   */
  public static final class Temperatures {

    private static final double LOWEST = Math.log(0.05);
    private static final double HIGHEST = Math.log(20);
    private static final double EXACT = 1e-7;

    private Temperatures() {}

    /**
     * Fits a temperature by golden-section search over its logarithm, where the cross entropy has
     * one minimum.
     *
     * @param table predictions of a model that was not trained on these people
     * @param truth the photos with their classes
     * @return the temperature, from 0.05 to 20
     * @throws IllegalArgumentException if a photo lacks a prediction or there are no photos
     */
    public static double fit(PredictionTable table, PhotoSet truth) {
      if (truth.size() == 0) {
        throw new IllegalArgumentException("there are no photos to fit on, expected one or more");
      }
      List<double[]> rows = new ArrayList<>();
      FaceLabel[] labels = new FaceLabel[truth.size()];
      for (FacePhoto photo : truth) {
        labels[rows.size()] = photo.label();
        rows.add(Vote.widened(Vote.rowOf(table, photo.photo().id())));
      }
      return Math.exp(
          GoldenSection.minimum(log -> loss(rows, labels, Math.exp(log)), LOWEST, HIGHEST, EXACT));
    }

    private static double loss(List<double[]> rows, FaceLabel[] labels, double temperature) {
      double loss = 0;
      for (int i = 0; i < labels.length; i++) {
        double[] row = rows.get(i).clone();
        Voter.temper(row, temperature);
        double probability = 0;
        for (FaceClass faceClass : labels[i].classes()) {
          probability += row[faceClass.id()];
        }
        loss -= Math.log(Math.max(probability, 1e-12));
      }
      return loss / labels.length;
    }
  }
}
