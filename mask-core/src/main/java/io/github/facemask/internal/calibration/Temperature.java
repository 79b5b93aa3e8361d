package io.github.facemask.internal.calibration;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Temperature scaling (Guo et al., "On Calibration of Modern Neural Networks", 2017) of the
 * probabilities of each attribute.
 */
public final class Temperature {

  /** The least number of photos that know an attribute; fewer say nothing about it. */
  private static final int LEAST_PHOTOS = 20;

  /** Bounds for a set without errors, or without a right answer, whose best temperature is none. */
  private static final double COLDEST = 0.25;

  private static final double HOTTEST = 8;
  private static final double LEAST = 1e-12;
  private static final double EXACT = 1e-7;

  private Temperature() {}

  /**
   * Raises probabilities to 1 / temperature and scales them to a sum of 1.
   *
   * @param probabilities at least one, 0 to 1 each
   * @param temperature above 0; above 1 makes them more even
   * @return a new array
   */
  public static double[] scaled(double[] probabilities, double temperature) {
    double[] scaled = new double[probabilities.length];
    double sum = 0;
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = Math.pow(Math.max(probabilities[i], LEAST), 1 / temperature);
      sum += scaled[i];
    }
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= sum;
    }
    return scaled;
  }

  /**
   * Returns the marginal probabilities of an attribute.
   *
   * @param classes the probabilities of the 18 classes; further values are not read
   * @param attribute the attribute
   * @return a value for each of its values
   */
  public static double[] marginals(float[] classes, Attribute attribute) {
    double[] sums = new double[attribute.valueNames().size()];
    for (FaceClass faceClass : FaceClass.values()) {
      sums[attribute.of(faceClass)] += classes[faceClass.id()];
    }
    return sums;
  }

  /**
   * Finds the temperature of each attribute that makes the known labels most likely.
   *
   * @param probabilities the 18 probabilities of each photo
   * @param labels what is known of each photo, in the same order
   * @return a temperature from 0.25 to 8 for each attribute that at least 20 photos know
   */
  public static ImmutableMap<Attribute, Double> fit(
      float[][] probabilities, List<FaceLabel> labels) {
    ImmutableMap.Builder<Attribute, Double> fitted = ImmutableMap.builder();
    for (Attribute attribute : Attribute.values()) {
      List<double[]> logs = new ArrayList<>();
      List<Integer> truth = new ArrayList<>();
      for (int i = 0; i < probabilities.length; i++) {
        OptionalInt known = labels.get(i).value(attribute);
        if (known.isPresent()) {
          double[] row = marginals(probabilities[i], attribute);
          for (int k = 0; k < row.length; k++) {
            row[k] = Math.log(Math.max(row[k], LEAST));
          }
          logs.add(row);
          truth.add(known.getAsInt());
        }
      }
      if (logs.size() >= LEAST_PHOTOS) {
        fitted.put(attribute, coolest(logs, truth));
      }
    }
    return fitted.buildOrThrow();
  }

  /** Searches over the logarithm; the mean is convex in 1 / temperature. */
  private static double coolest(List<double[]> logs, List<Integer> truth) {
    return Math.exp(
        GoldenSection.minimum(
            log -> loss(logs, truth, Math.exp(log)), Math.log(COLDEST), Math.log(HOTTEST), EXACT));
  }

  private static double loss(List<double[]> logs, List<Integer> truth, double temperature) {
    double sum = 0;
    for (int i = 0; i < logs.size(); i++) {
      double[] row = logs.get(i);
      double most = Double.NEGATIVE_INFINITY;
      for (double value : row) {
        most = Math.max(most, value / temperature);
      }
      double total = 0;
      for (double value : row) {
        total += Math.exp(value / temperature - most);
      }
      sum += most + Math.log(total) - row[truth.get(i)] / temperature;
    }
    return sum / logs.size();
  }
}
