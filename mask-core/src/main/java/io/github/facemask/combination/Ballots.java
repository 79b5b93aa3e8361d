package io.github.facemask.combination;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionTable;
import java.util.List;

/**
 * The contribution of each member to each photo, in the order of the truth, and the score of a sum
 * of contributions.
 */
final class Ballots {

  private final double[][] members;
  private final int[] truth;

  Ballots(Vote vote, List<PredictionTable> tables, PhotoSet photos) {
    checkArgument(
        tables.size() == vote.voters().size(),
        "%s tables for %s members, expected one for each",
        tables.size(),
        vote.voters().size());
    checkArgument(photos.size() > 0, "there are no photos to fit on, expected one or more");
    members = new double[tables.size()][photos.size() * FaceClass.COUNT];
    truth = new int[photos.size()];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = photos.get(i).faceClass().id();
      for (int m = 0; m < members.length; m++) {
        float[] row = Vote.rowOf(tables.get(m), photos.get(i).photo().id());
        double[] added = vote.contribution(Vote.widened(row), m);
        System.arraycopy(added, 0, members[m], i * FaceClass.COUNT, FaceClass.COUNT);
      }
    }
  }

  int size() {
    return members.length;
  }

  double[] empty() {
    return new double[truth.length * FaceClass.COUNT];
  }

  void add(double[] sums, int member, double weight) {
    double[] row = members[member];
    for (int i = 0; i < sums.length; i++) {
      sums[i] += weight * row[i];
    }
  }

  /** The macro F1 of sums with a member added, absent classes counting 0. */
  double scoreWith(double[] sums, int member, double weight) {
    double[] row = members[member];
    long[] predicted = new long[FaceClass.COUNT];
    long[] right = new long[FaceClass.COUNT];
    double[] photo = new double[FaceClass.COUNT];
    for (int i = 0; i < truth.length; i++) {
      int from = i * FaceClass.COUNT;
      for (int c = 0; c < photo.length; c++) {
        photo[c] = sums[from + c] + weight * row[from + c];
      }
      count(photo, 0, truth[i], predicted, right);
    }
    return macroF1(predicted, right);
  }

  double score(double[] weights) {
    double[] sums = empty();
    for (int m = 0; m < weights.length; m++) {
      if (weights[m] > 0) {
        add(sums, m, weights[m]);
      }
    }
    long[] predicted = new long[FaceClass.COUNT];
    long[] right = new long[FaceClass.COUNT];
    for (int i = 0; i < truth.length; i++) {
      count(sums, i * FaceClass.COUNT, truth[i], predicted, right);
    }
    return macroF1(predicted, right);
  }

  private static void count(
      double[] values, int from, int expected, long[] predicted, long[] right) {
    int best = Combination.argmax(values, from);
    predicted[best]++;
    right[expected] += best == expected ? 1 : 0;
  }

  private double macroF1(long[] predicted, long[] right) {
    long[] support = new long[FaceClass.COUNT];
    for (int t : truth) {
      support[t]++;
    }
    double sum = 0;
    for (int c = 0; c < FaceClass.COUNT; c++) {
      long either = predicted[c] + support[c];
      sum += either == 0 ? 0 : 2.0 * right[c] / either;
    }
    return sum / FaceClass.COUNT;
  }
}
