package io.github.facemask.evaluation;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Longs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Scores of a confusion matrix, as in scikit-learn with {@code zero_division=0}: a ratio with
 * denominator 0 is 0, for instance the precision of a class that is never predicted.
 *
 * @param macroF1 the mean F1 over the classes that occur in the truth or the prediction, as
 *     scikit-learn's {@code f1_score(average="macro")}
 * @param competitionMacroF1 the mean F1 over all classes, 0 for an absent class; the leaderboard's
 *     metric
 * @param present the number of classes that occur in the truth or the prediction
 * @param weightedF1 the mean F1 weighted by how often each class occurs
 * @param accuracy the share of correct predictions
 * @param precision of each class: the share of its predictions that are correct
 * @param recall of each class: the share of its members that were predicted as it
 * @param f1 the harmonic mean of precision and recall of each class
 * @param support how often each class occurs
 */
public record ClassificationScores(
    double macroF1,
    double competitionMacroF1,
    int present,
    double weightedF1,
    double accuracy,
    List<Double> precision,
    List<Double> recall,
    List<Double> f1,
    List<Long> support) {

  /**
   * Returns the scores of a confusion matrix.
   *
   * @param matrix the counts
   */
  public static ClassificationScores of(ConfusionMatrix matrix) {
    int classes = matrix.classes();
    double[] precision = new double[classes];
    double[] recall = new double[classes];
    double[] f1 = new double[classes];
    long[] support = new long[classes];
    int present = 0;
    double sum = 0;
    double weighted = 0;
    for (int id = 0; id < classes; id++) {
      long right = matrix.count(id, id);
      long predicted = matrix.predicted(id);
      support[id] = matrix.support(id);
      precision[id] = ratio(right, predicted);
      recall[id] = ratio(right, support[id]);
      f1[id] = ratio(2 * right, predicted + support[id]);
      present += predicted + support[id] > 0 ? 1 : 0;
      sum += f1[id];
      weighted += f1[id] * support[id];
    }
    long total = matrix.total();
    return new ClassificationScores(
        present == 0 ? 0 : sum / present,
        sum / classes,
        present,
        total == 0 ? 0 : weighted / total,
        ratio(matrix.correct(), total),
        ImmutableList.copyOf(Doubles.asList(precision)),
        ImmutableList.copyOf(Doubles.asList(recall)),
        ImmutableList.copyOf(Doubles.asList(f1)),
        ImmutableList.copyOf(Longs.asList(support)));
  }

  /** Returns the scores as plain JSON values. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("macroF1", macroF1);
    json.put("competitionMacroF1", competitionMacroF1);
    json.put("present", present);
    json.put("weightedF1", weightedF1);
    json.put("accuracy", accuracy);
    json.put("precision", precision);
    json.put("recall", recall);
    json.put("f1", f1);
    json.put("support", support);
    return json;
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : part / (double) whole;
  }
}
