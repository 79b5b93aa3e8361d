package io.github.facemask.internal.cards;

/**
 * Temperature scaling of probabilities (Guo et al., "On Calibration of Modern Neural Networks",
 * 2017), of one attribute.
 */
public final class Temperature {

  private static final double LEAST = 1e-12;

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
}
