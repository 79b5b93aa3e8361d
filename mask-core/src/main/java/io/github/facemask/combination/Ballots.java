package io.github.facemask.combination;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.LabelMatrix;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PredictionTable;
import java.util.List;

/**
 * The contribution of each member to each photo, in the order of the truth, and the score of a sum
 * of contributions.
 */
final class Ballots {

  private final double[][] members;
  private final FaceLabel[] truth;

  Ballots(Vote vote, List<PredictionTable> tables, PhotoSet all) {
    PhotoSet photos = all.filter(photo -> !photo.label().known().isEmpty());
    checkArgument(
        tables.size() == vote.voters().size(),
        "%s tables for %s members, expected one for each",
        tables.size(),
        vote.voters().size());
    checkArgument(
        photos.size() > 0, "no photo has a known attribute, expected one or more to fit on");
    members = new double[tables.size()][photos.size() * FaceClass.COUNT];
    truth = new FaceLabel[photos.size()];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = photos.get(i).label();
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

  /** The macro F1 of sums with a member added. */
  double scoreWith(double[] sums, int member, double weight) {
    double[] row = members[member];
    LabelMatrix.Builder counts = LabelMatrix.builder();
    double[] photo = new double[FaceClass.COUNT];
    for (int i = 0; i < truth.length; i++) {
      int from = i * FaceClass.COUNT;
      for (int c = 0; c < photo.length; c++) {
        photo[c] = sums[from + c] + weight * row[from + c];
      }
      counts.add(truth[i], Combination.argmax(photo, 0));
    }
    return counts.macroF1();
  }

  double score(double[] weights) {
    double[] sums = empty();
    for (int m = 0; m < weights.length; m++) {
      if (weights[m] > 0) {
        add(sums, m, weights[m]);
      }
    }
    LabelMatrix.Builder counts = LabelMatrix.builder();
    for (int i = 0; i < truth.length; i++) {
      counts.add(truth[i], Combination.argmax(sums, i * FaceClass.COUNT));
    }
    return counts.macroF1();
  }
}
