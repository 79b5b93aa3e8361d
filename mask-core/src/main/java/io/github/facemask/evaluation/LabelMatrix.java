package io.github.facemask.evaluation;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.common.primitives.Longs;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How often photos of each {@link FaceLabel} were predicted as each class. All scores follow from
 * it. An attribute is scored over the photos whose attribute is known, the 18 classes over the
 * photos whose attributes are all known. Immutable.
 */
public final class LabelMatrix {

  private static final int CLASSES = FaceClass.COUNT;

  private final long[] cells;

  private LabelMatrix(long[] cells) {
    this.cells = cells;
  }

  /** Returns a builder that counts predictions. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns a matrix of counts.
   *
   * @param cells 48 rows of 18 counts: rows are the labels, columns the predicted classes
   * @throws IllegalArgumentException if there are more or fewer counts, or one is negative
   */
  public static LabelMatrix ofCells(long[] cells) {
    checkArgument(
        cells.length == FaceLabel.COUNT * CLASSES,
        "the matrix has %s counts, expected %s",
        cells.length,
        FaceLabel.COUNT * CLASSES);
    for (long cell : cells) {
      checkArgument(cell >= 0, "a count is %s, expected 0 or more", cell);
    }
    return new LabelMatrix(cells.clone());
  }

  /** Returns the confusion matrix of the 18 classes, of the photos with all attributes known. */
  public ConfusionMatrix classes() {
    return matrix(classCells(cells), CLASSES);
  }

  /**
   * Returns the confusion matrix of an attribute, of the photos whose attribute is known.
   *
   * @param attribute the attribute; its values are in the order of their enum
   */
  public ConfusionMatrix attribute(Attribute attribute) {
    return matrix(attributeCells(cells, attribute), attribute.valueNames().size());
  }

  /** Returns the number of photos with a known attribute. */
  public long photos() {
    long sum = 0;
    for (int i = 0; i < FaceLabel.UNKNOWN.id() * CLASSES; i++) {
      sum += cells[i];
    }
    return sum;
  }

  /** Returns the attributes that are known of at least one photo. */
  public ImmutableSet<Attribute> known() {
    Set<Attribute> known = EnumSet.noneOf(Attribute.class);
    for (FaceLabel label : FaceLabel.values()) {
      if (support(cells, label) > 0) {
        known.addAll(label.known());
      }
    }
    return Sets.immutableEnumSet(known);
  }

  /** Returns whether all attributes of all photos are known. */
  public boolean complete() {
    return complete(cells);
  }

  /**
   * Returns the share of photos whose predicted class agrees with all that is known of the photo.
   */
  public double accuracy() {
    long right = 0;
    for (FaceLabel label : FaceLabel.values()) {
      if (!label.known().isEmpty()) {
        for (FaceClass faceClass : label.classes()) {
          right += cells[label.id() * CLASSES + faceClass.id()];
        }
      }
    }
    long photos = photos();
    return photos == 0 ? 0 : right / (double) photos;
  }

  /**
   * Returns the score by which models are compared: the macro F1 of the classes if all attributes
   * of all photos are known, otherwise the mean of the macro F1 of the known attributes.
   */
  public double macroF1() {
    return macroF1(cells);
  }

  /** Returns {@link #macroF1} with its name and what it is the mean of. */
  public Score score() {
    if (complete()) {
      ClassificationScores scores = ClassificationScores.of(classes());
      return new Score(
          "macro F1",
          scores.macroF1(),
          scores.present(),
          CLASSES,
          OptionalDouble.of(scores.competitionMacroF1()));
    }
    ImmutableSet<Attribute> known = known();
    int present = 0;
    int values = 0;
    for (Attribute attribute : known) {
      present += ClassificationScores.of(attribute(attribute)).present();
      values += attribute.valueNames().size();
    }
    String names = known.stream().map(Attribute::word).collect(Collectors.joining(", "));
    return new Score(
        known.size() == 1 ? names + " F1" : "mean F1 of " + names,
        macroF1(),
        present,
        values,
        OptionalDouble.empty());
  }

  /**
   * Returns the score of one attribute, over the photos whose attribute is known.
   *
   * @param attribute the attribute
   */
  public Score score(Attribute attribute) {
    ClassificationScores scores = ClassificationScores.of(attribute(attribute));
    return new Score(
        attribute.word() + " F1",
        scores.macroF1(),
        scores.present(),
        attribute.valueNames().size(),
        OptionalDouble.empty());
  }

  long[] cells() {
    return cells.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LabelMatrix matrix && Arrays.equals(matrix.cells, cells);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(cells);
  }

  static double macroF1(long[] cells) {
    if (complete(cells)) {
      return meanF1(cells, CLASSES);
    }
    double sum = 0;
    int known = 0;
    for (Attribute attribute : Attribute.values()) {
      double f1 = meanF1(attributeCells(cells, attribute), attribute.valueNames().size());
      if (Double.isFinite(f1)) {
        sum += f1;
        known++;
      }
    }
    return known == 0 ? Double.NaN : sum / known;
  }

  /** The F1 of a class, not a number if it occurs neither in the truth nor in the prediction. */
  static double f1(long[] square, int size, int id) {
    long either = 0;
    for (int other = 0; other < size; other++) {
      either += square[id * size + other] + square[other * size + id];
    }
    return either == 0 ? Double.NaN : 2.0 * square[id * size + id] / either;
  }

  /** The mean F1 of the classes that occur; not a number if none does. */
  static double meanF1(long[] square, int size) {
    double sum = 0;
    int present = 0;
    for (int id = 0; id < size; id++) {
      double f1 = f1(square, size, id);
      if (Double.isFinite(f1)) {
        sum += f1;
        present++;
      }
    }
    return present == 0 ? Double.NaN : sum / present;
  }

  static long[] attributeCells(long[] cells, Attribute attribute) {
    int values = attribute.valueNames().size();
    long[] square = new long[values * values];
    for (FaceLabel label : FaceLabel.values()) {
      if (label.value(attribute).isPresent()) {
        int truth = label.value(attribute).getAsInt();
        for (FaceClass predicted : FaceClass.values()) {
          square[truth * values + attribute.of(predicted)] +=
              cells[label.id() * CLASSES + predicted.id()];
        }
      }
    }
    return square;
  }

  static long[] classCells(long[] cells) {
    return Arrays.copyOf(cells, CLASSES * CLASSES);
  }

  private static boolean complete(long[] cells) {
    for (int i = CLASSES * CLASSES; i < cells.length; i++) {
      if (cells[i] > 0) {
        return false;
      }
    }
    return true;
  }

  private static long support(long[] cells, FaceLabel label) {
    long sum = 0;
    for (int predicted = 0; predicted < CLASSES; predicted++) {
      sum += cells[label.id() * CLASSES + predicted];
    }
    return sum;
  }

  private static ConfusionMatrix matrix(long[] square, int size) {
    return new ConfusionMatrix(size, ImmutableList.copyOf(Longs.asList(square)));
  }

  /** Counts predictions. Not thread-safe. */
  public static final class Builder {

    private final long[] cells = new long[FaceLabel.COUNT * CLASSES];

    private Builder() {}

    /**
     * Counts one prediction.
     *
     * @param truth what is known of the photo
     * @param predicted the number of the predicted class, 0 to 17
     */
    public Builder add(FaceLabel truth, int predicted) {
      check(predicted >= 0 && predicted < CLASSES, "class", predicted, "0 to 17");
      cells[truth.id() * CLASSES + predicted]++;
      return this;
    }

    /** Returns {@link LabelMatrix#macroF1} of the counts so far. */
    public double macroF1() {
      return LabelMatrix.macroF1(cells);
    }

    /** Returns the counts so far. */
    public LabelMatrix build() {
      return new LabelMatrix(cells.clone());
    }
  }

  /**
   * A macro F1 and what it is the mean of.
   *
   * @param name its name, for instance {@code "macro F1"} or {@code "mask F1"}
   * @param value the mean F1 of the classes or values that occur in truth or prediction, 0 to 1
   * @param present the number of classes or values that occur
   * @param of the number of classes or values that there are
   * @param competition the macro F1 by the competition's rule, where an absent class counts as 0;
   *     empty if the score is not of the 18 classes
   */
  public record Score(String name, double value, int present, int of, OptionalDouble competition) {

    /** Returns how the score reads where values are absent, for instance "12 of 18 present". */
    public String presence() {
      String text = present + " of " + of + " present";
      if (competition.isPresent() && present < of) {
        text +=
            String.format(
                Locale.ROOT, ", %.4f by the competition's rule", competition.getAsDouble());
      }
      return text;
    }

    /** Returns the score as plain JSON values. */
    public Map<String, Object> toJson() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", name);
      json.put("value", value);
      json.put("present", present);
      json.put("of", of);
      competition.ifPresent(value -> json.put("competition", value));
      return json;
    }

    /** Returns name, value, and what is absent, if any, in one line. */
    @Override
    public String toString() {
      String text = String.format(Locale.ROOT, "%s %.4f", name, value);
      return present < of ? text + " (" + presence() + ")" : text;
    }
  }
}
