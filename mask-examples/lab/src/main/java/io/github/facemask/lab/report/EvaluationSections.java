package io.github.facemask.lab.report;

import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.ClassificationScores;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.evaluation.Evaluation.Calibration;
import io.github.facemask.evaluation.Evaluation.Interval;
import io.github.facemask.evaluation.Evaluation.WorstPhoto;
import io.github.facemask.evaluation.LabelMatrix.Score;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.Digest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Sections that show an {@link Evaluation}. */
public final class EvaluationSections {

  /** Stands for a score of a class or value without photos. */
  private static final String ABSENT = "absent";

  private EvaluationSections() {}

  /**
   * Returns all sections except the photos: summary, classes, confusion, attributes, calibration
   * and origin.
   *
   * @param evaluation the evaluation
   */
  public static List<Section> of(Evaluation evaluation) {
    List<Section> sections = new ArrayList<>();
    sections.add(summary(evaluation));
    if (evaluation.confusion().total() > 0) {
      sections.add(classes(evaluation));
      sections.add(confusion(evaluation));
    }
    sections.add(attributes(evaluation));
    sections.add(calibration(evaluation));
    sections.add(origin(evaluation));
    return sections;
  }

  /** Returns macro F1 with its interval, accuracy, calibration and size. */
  public static Section summary(Evaluation evaluation) {
    Score score = evaluation.score();
    Interval interval = evaluation.macroF1Interval();
    String range = "95 % between " + three(interval.low()) + " and " + three(interval.high());
    List<Section.Figure> figures =
        new ArrayList<>(
            List.of(
                new Section.Figure(
                    score.name().substring(0, 1).toUpperCase(Locale.ROOT)
                        + score.name().substring(1),
                    three(score.value()),
                    score.present() < score.of() ? range + "; " + score.presence() : range),
                new Section.Figure("Accuracy", percent(evaluation.counts().accuracy()), ""),
                new Section.Figure(
                    "Calibration error",
                    three(evaluation.calibration().expectedError()),
                    "0 is best"),
                new Section.Figure(
                    "Photos",
                    String.valueOf(evaluation.photos()),
                    evaluation.people() + " people")));
    evaluation
        .ageError()
        .ifPresent(
            error ->
                figures.add(
                    new Section.Figure(
                        "Age error",
                        String.format(Locale.ROOT, "%.1f years", error.meanAbsolute()),
                        "mean absolute, " + error.photos() + " photos")));
    return new Section.Numbers("Result", figures);
  }

  /**
   * Returns precision, recall, F1 and support of each class. A class without photos is "absent"; if
   * it was predicted nevertheless, its F1 is 0.
   */
  public static Section classes(Evaluation evaluation) {
    ClassificationScores scores = evaluation.scores();
    List<List<String>> rows = new ArrayList<>();
    for (FaceClass faceClass : FaceClass.values()) {
      int id = faceClass.id();
      boolean there = scores.support().get(id) > 0;
      boolean predicted = evaluation.confusion().predicted(id) > 0;
      rows.add(
          List.of(
              id + "  " + ClassName.brief(faceClass),
              there || predicted ? three(scores.precision().get(id)) : ABSENT,
              there ? three(scores.recall().get(id)) : ABSENT,
              there || predicted ? three(scores.f1().get(id)) : ABSENT,
              there ? range(evaluation.intervals().classes().get(id)) : ABSENT,
              String.valueOf(scores.support().get(id))));
    }
    return new Section.Table(
        "Classes", List.of("Class", "Precision", "Recall", "F1", "95 % of F1", "Photos"), rows);
  }

  /** Returns the confusion matrix. */
  public static Section confusion(Evaluation evaluation) {
    return new Section.Matrix(
        "Confusion",
        FaceClass.values().stream().map(ClassName::brief).toList(),
        evaluation.confusion());
  }

  /** Returns the scores of mask, gender and age. */
  public static Section attributes(Evaluation evaluation) {
    List<List<String>> rows = new ArrayList<>();
    for (Attribute attribute : Attribute.values()) {
      if (!evaluation.counts().known().contains(attribute)) {
        rows.add(List.of(attribute.word(), "unknown", "", "", "0"));
        continue;
      }
      ClassificationScores scores = evaluation.scores(attribute);
      Score score = evaluation.counts().score(attribute);
      rows.add(
          List.of(
              score.present() < score.of()
                  ? attribute.word() + " (" + score.presence() + ")"
                  : attribute.word(),
              three(scores.macroF1()),
              range(evaluation.intervals().attributes().get(attribute)),
              percent(scores.accuracy()),
              String.valueOf(evaluation.confusion(attribute).total())));
      List<String> values = attribute.valueNames();
      for (int i = 0; i < values.size(); i++) {
        boolean there = scores.support().get(i) > 0;
        boolean predicted = evaluation.confusion(attribute).predicted(i) > 0;
        rows.add(
            List.of(
                "\u2003" + values.get(i),
                there || predicted ? three(scores.f1().get(i)) : ABSENT,
                "",
                there ? percent(scores.recall().get(i)) : ABSENT,
                String.valueOf(scores.support().get(i))));
      }
    }
    return new Section.Table(
        "Attributes", List.of("", "F1", "95 % of F1", "Accuracy", "Photos"), rows);
  }

  /**
   * Returns the score of each of several joined sets; empty for a single set.
   *
   * @param predictions predictions of the photos
   * @param photos the evaluated photos
   */
  public static List<Section> sets(PredictionTable predictions, PhotoSet photos) {
    if (photos.sets().size() < 2) {
      return List.of();
    }
    List<List<String>> rows = new ArrayList<>();
    for (String set : photos.sets()) {
      PhotoSet own =
          photos
              .only(set)
              .filter(
                  photo ->
                      !photo.label().only(predictions.origin().attributes()).known().isEmpty());
      if (own.size() > 0) {
        Evaluation evaluation = Evaluation.builder(predictions, own).optResamples(1).build();
        Score score = evaluation.score();
        rows.add(
            List.of(
                set,
                String.valueOf(evaluation.photos()),
                score.name(),
                three(score.value()),
                score.present() < score.of() ? score.presence() : ""));
      }
    }
    return List.of(
        new Section.Table("Sets", List.of("set", "photos", "score", "value", "present"), rows));
  }

  /** Returns how often predictions of each confidence are right. */
  public static Section calibration(Evaluation evaluation) {
    List<Section.Bar> bars = new ArrayList<>();
    for (Calibration.Bin bin : evaluation.calibration().bins()) {
      if (bin.photos() > 0) {
        bars.add(
            new Section.Bar(
                percent(bin.low()) + " to " + percent(bin.high()),
                bin.accuracy(),
                percent(bin.accuracy()) + " of " + bin.photos(),
                Optional.of(bin.confidence())));
      }
    }
    return new Section.Bars(
        "Calibration",
        "How often predictions are right, by their confidence; the mark is the mean confidence.",
        bars);
  }

  /** Returns the digests of models and data and the runs. */
  public static Section origin(Evaluation evaluation) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("Photos' labels", evaluation.data().hex());
    List<Digest> models = evaluation.origin().models();
    for (int i = 0; i < models.size(); i++) {
      facts.put(models.size() == 1 ? "Model" : "Model " + (i + 1), models.get(i).hex());
    }
    List<String> runs = evaluation.origin().runs();
    if (!runs.isEmpty()) {
      facts.put(runs.size() == 1 ? "Run" : "Runs", String.join(", ", runs));
    }
    return new Section.Facts("Origin", facts);
  }

  /**
   * Returns the worst photos with their true and predicted classes.
   *
   * @param evaluation the evaluation
   * @param photos the evaluated photos
   */
  public static Section worst(Evaluation evaluation, PhotoSet photos) {
    Map<String, Path> files = new HashMap<>();
    for (Photo photo : photos.photos()) {
      files.put(photo.id(), photo.file());
    }
    List<PhotoCard> cards = new ArrayList<>();
    for (WorstPhoto worst : evaluation.worst()) {
      PhotoCard.Tone tone =
          worst.predicted().only(worst.truth().known()).equals(worst.truth())
              ? PhotoCard.Tone.PLAIN
              : PhotoCard.Tone.BAD;
      String[] caption = {
        "is " + ClassName.brief(worst.truth()),
        "predicted " + ClassName.brief(worst.predicted()),
        worst.photo(),
        percent(worst.probability()) + " for the truth"
      };
      Path file = files.get(worst.photo());
      cards.add(
          file == null
              ? PhotoCard.placeholder(
                  worst.photo() + ": the file is not known", tone, List.of(caption))
              : PhotoCard.of(file, tone, caption));
    }
    return new Section.Photos("Worst photos", cards);
  }

  private static String range(Interval interval) {
    return three(interval.low()) + " to " + three(interval.high());
  }

  static String three(double value) {
    return String.format(Locale.ROOT, "%.3f", value);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }
}
