package io.github.facemask.combination;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.prediction.PredictionTable;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the temperature at which a member is as sure as it is right: the one of the least cross
 * entropy (Guo et al., "On calibration of modern neural networks", ICML 2017).
 */
public final class Temperatures {

  private static final double LOWEST = Math.log(0.05);
  private static final double HIGHEST = Math.log(20);
  private static final double EXACT = 1e-7;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private Temperatures() {}

  /**
   * Fits a temperature by golden section; the cross entropy has one valley over the logarithm.
   *
   * @param table predictions by a model that did not learn from these people
   * @param truth the photos with their classes
   * @return the temperature, from 0.05 to 20
   * @throws IllegalArgumentException if a photo lacks a prediction or there are no photos
   */
  public static double fit(PredictionTable table, PhotoSet truth) {
    if (truth.size() == 0) {
      throw new IllegalArgumentException("there are no photos to fit on, expected one or more");
    }
    List<double[]> rows = new ArrayList<>();
    int[] classes = new int[truth.size()];
    for (FacePhoto photo : truth) {
      classes[rows.size()] = photo.faceClass().id();
      rows.add(Vote.widened(Vote.rowOf(table, photo.photo().id())));
    }
    double low = LOWEST;
    double high = HIGHEST;
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = loss(rows, classes, Math.exp(left));
    double atRight = loss(rows, classes, Math.exp(right));
    while (high - low > EXACT) {
      if (atLeft <= atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = loss(rows, classes, Math.exp(left));
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = loss(rows, classes, Math.exp(right));
      }
    }
    return Math.exp((low + high) / 2);
  }

  private static double loss(List<double[]> rows, int[] classes, double temperature) {
    double loss = 0;
    for (int i = 0; i < classes.length; i++) {
      double[] row = rows.get(i).clone();
      Voter.temper(row, temperature);
      loss -= Math.log(Math.max(row[classes[i]], 1e-12));
    }
    return loss / classes.length;
  }
}
