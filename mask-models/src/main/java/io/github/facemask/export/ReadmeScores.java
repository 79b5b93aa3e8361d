package io.github.facemask.export;

import io.github.facemask.evaluation.ConfusionMatrix;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.evaluation.Evaluation.Interval;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The scores of a model as tables: by attribute, by class and by group.
 *
 * @param to receives the lines
 */
record ReadmeScores(ModelReadme.Lines to) {

  void write(Evaluation evaluation) {
    to.add(
        "Measured on %d photos of %d people, whose labels have the digest `%s`.",
        evaluation.photos(), evaluation.people(), evaluation.data().hex());
    to.add("Intervals hold 95 %% of %d draws of people.", evaluation.macroF1Interval().resamples());
    to.add("");
    to.add("| what | macro F1 | interval | accuracy | photos |");
    to.add("|---|---|---|---|---|");
    to.add(
        "| all | %.4f | %s | %.4f | %d |",
        evaluation.macroF1(),
        text(evaluation.macroF1Interval()),
        evaluation.counts().accuracy(),
        evaluation.photos());
    Set<Attribute> known = evaluation.counts().known();
    for (Attribute attribute : known) {
      to.add(
          "| %s | %.4f | %s | %.4f | %d |",
          attribute.word(),
          evaluation.counts().score(attribute).value(),
          text(evaluation.intervals().attributes().get(attribute)),
          evaluation.scores(attribute).accuracy(),
          evaluation.confusion(attribute).total());
    }
    evaluation
        .ageError()
        .ifPresent(
            error ->
                to.add(
                    "| age in years | mean absolute error %.2f years | | | %d |",
                    error.meanAbsolute(), error.photos()));
    if (evaluation.confusion().total() > 0
        && evaluation.origin().attributes().size() == Attribute.values().length) {
      groups(evaluation.confusion(), known);
      classes(evaluation);
    }
  }

  /** The share of right answers among the photos of each value of each attribute. */
  private void groups(ConfusionMatrix classes, Set<Attribute> known) {
    to.add("");
    to.add("Share of right answers by group, of the photos with all attributes known:");
    to.add("");
    to.add("| group | photos | mask | gender | age |");
    to.add("|---|---|---|---|---|");
    for (Attribute attribute : known) {
      List<String> values = attribute.valueNames();
      for (int value = 0; value < values.size(); value++) {
        Object[] row = new Object[5];
        row[0] = attribute.word() + ": " + values.get(value);
        for (Attribute answered : Attribute.values()) {
          long[] counts = counts(classes, attribute, value, answered);
          row[1] = counts[0];
          row[2 + answered.ordinal()] =
              counts[0] == 0
                  ? "-"
                  : String.format(Locale.ROOT, "%.4f", (double) counts[1] / counts[0]);
        }
        to.add("| %s | %d | %s | %s | %s |", row);
      }
    }
  }

  /** The photos of a group, and how many of them have the right value of an attribute. */
  private static long[] counts(
      ConfusionMatrix classes, Attribute of, int value, Attribute answered) {
    long[] counts = new long[2];
    for (FaceClass truth : FaceClass.values()) {
      for (FaceClass predicted : FaceClass.values()) {
        if (of.of(truth) == value) {
          long cell = classes.count(truth.id(), predicted.id());
          counts[0] += cell;
          counts[1] += answered.of(truth) == answered.of(predicted) ? cell : 0;
        }
      }
    }
    return counts;
  }

  private void classes(Evaluation evaluation) {
    to.add("");
    to.add("| class | F1 | interval | photos |");
    to.add("|---|---|---|---|");
    List<Double> f1 = evaluation.scores().f1();
    List<FaceLabel> labels = FaceLabel.knowing(Set.of(Attribute.values()));
    for (FaceClass faceClass : FaceClass.values()) {
      long photos = evaluation.confusion().support(faceClass.id());
      to.add(
          "| %s | %s | %s | %d |",
          labels.get(faceClass.id()).displayName(),
          photos == 0 ? "-" : String.format(Locale.ROOT, "%.4f", f1.get(faceClass.id())),
          text(evaluation.intervals().classes().get(faceClass.id())),
          photos);
    }
  }

  private static String text(Interval interval) {
    return Double.isFinite(interval.low()) && Double.isFinite(interval.high())
        ? String.format(Locale.ROOT, "%.4f to %.4f", interval.low(), interval.high())
        : "-";
  }
}
