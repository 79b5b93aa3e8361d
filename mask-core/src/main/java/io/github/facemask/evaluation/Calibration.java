package io.github.facemask.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import java.util.ArrayList;
import java.util.List;

/**
 * Whether predictions are right as often as they claim (Guo et al., "On calibration of modern
 * neural networks", ICML 2017).
 *
 * @param expectedError the expected calibration error: the mean distance of confidence and accuracy
 * @param bins the photos by the probability of their predicted class, in 15 bins of equal width
 */
public record Calibration(double expectedError, List<Bin> bins) {

  private static final int BINS = 15;

  /** Copies the list. */
  public Calibration {
    bins = List.copyOf(bins);
  }

  /**
   * Photos of about the same confidence.
   *
   * @param low the least confidence, not included
   * @param high the greatest confidence, included
   * @param photos how many there are
   * @param confidence their mean confidence, 0 without photos
   * @param accuracy the share predicted rightly, 0 without photos
   */
  public record Bin(double low, double high, long photos, double confidence, double accuracy) {}

  static Calibration of(double[] confidence, boolean[] right) {
    checkArgument(confidence.length == right.length, "expected as many answers as confidences");
    long[] photos = new long[BINS];
    double[] sums = new double[BINS];
    long[] rights = new long[BINS];
    for (int i = 0; i < confidence.length; i++) {
      int bin = (int) Math.ceil(confidence[i] * BINS) - 1;
      bin = Math.max(0, Math.min(BINS - 1, bin));
      photos[bin]++;
      sums[bin] += confidence[i];
      rights[bin] += right[i] ? 1 : 0;
    }
    List<Bin> bins = new ArrayList<>();
    double error = 0;
    for (int b = 0; b < BINS; b++) {
      double mean = photos[b] == 0 ? 0 : sums[b] / photos[b];
      double accuracy = photos[b] == 0 ? 0 : rights[b] / (double) photos[b];
      error += photos[b] * Math.abs(mean - accuracy);
      bins.add(new Bin(b / (double) BINS, (b + 1) / (double) BINS, photos[b], mean, accuracy));
    }
    return new Calibration(confidence.length == 0 ? 0 : error / confidence.length, bins);
  }
}
