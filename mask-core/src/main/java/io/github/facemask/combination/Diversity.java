package io.github.facemask.combination;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PredictionTable;
import java.util.List;

/**
 * How much two members differ. Members that make the same errors gain nothing from each other.
 *
 * @param first the index of the first member
 * @param second the index of the second member, above the first
 * @param agreement the share of photos for which both predict the same class
 * @param errorCorrelation Pearson correlation of the members' errors: 1 if they err on the same
 *     photos, 0 if their errors are independent; NaN if a member is always right or always wrong
 */
public record Diversity(int first, int second, double agreement, double errorCorrelation) {

  /**
   * Compares each pair of members.
   *
   * @param tables one for each member, of at least these photos
   * @param truth the photos with their classes
   * @return a value for each pair, in order
   * @throws IllegalArgumentException if a photo lacks a prediction or there are no photos
   */
  public static ImmutableList<Diversity> of(List<PredictionTable> tables, PhotoSet truth) {
    checkArgument(truth.size() > 0, "there are no photos to compare on, expected one or more");
    int[][] predicted = new int[tables.size()][truth.size()];
    for (int m = 0; m < predicted.length; m++) {
      for (int i = 0; i < truth.size(); i++) {
        float[] row = Vote.rowOf(tables.get(m), truth.get(i).photo().id());
        predicted[m][i] = Combination.argmax(Vote.widened(row), 0);
      }
    }
    ImmutableList.Builder<Diversity> pairs = ImmutableList.builder();
    for (int a = 0; a < predicted.length; a++) {
      for (int b = a + 1; b < predicted.length; b++) {
        pairs.add(pair(a, b, predicted, truth));
      }
    }
    return pairs.build();
  }

  private static Diversity pair(int a, int b, int[][] predicted, PhotoSet truth) {
    double same = 0;
    double wrongA = 0;
    double wrongB = 0;
    double both = 0;
    int n = truth.size();
    for (int i = 0; i < n; i++) {
      FaceLabel label = truth.get(i).label();
      boolean badA = !label.agrees(FaceClass.ofId(predicted[a][i]));
      boolean badB = !label.agrees(FaceClass.ofId(predicted[b][i]));
      same += predicted[a][i] == predicted[b][i] ? 1 : 0;
      wrongA += badA ? 1 : 0;
      wrongB += badB ? 1 : 0;
      both += badA && badB ? 1 : 0;
    }
    double shareA = wrongA / n;
    double shareB = wrongB / n;
    double spread = Math.sqrt(shareA * (1 - shareA) * shareB * (1 - shareB));
    double correlation = spread > 0 ? (both / n - shareA * shareB) / spread : Double.NaN;
    return new Diversity(a, b, same / n, correlation);
  }
}
