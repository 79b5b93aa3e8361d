package io.github.facemask.prediction;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.common.primitives.Doubles;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The shares of labels among the photos that a model meets. A model that was trained with other
 * shares is corrected for it: each probability is multiplied by the new share and divided by the
 * training's, and all are scaled to a sum of 1 (Saerens, Latinne and Decaestecker, "Adjusting the
 * outputs of a classifier to new a priori probabilities", 2002). That is right if the photos of
 * each label look as in training, and only how many there are of each differs.
 *
 * @param attributes the attributes that the labels know; the correction keeps the shares of all
 *     others as they are given these
 * @param shares a share of each label of {@link FaceLabel#knowing}, 0 or more, with a sum of 1
 */
public record Prior(ImmutableSet<Attribute> attributes, ImmutableList<Double> shares) {

  private static final ImmutableSet<Attribute> ALL = ImmutableSet.copyOf(Attribute.values());
  private static final int ROUNDS = 2000;
  private static final double CHANGE = 1e-9;

  /** Checks the shares. */
  public Prior {
    check(!attributes.isEmpty(), "attributes", "none", "one or more");
    int labels = FaceLabel.knowing(attributes).size();
    check(
        shares.size() == labels
            && shares.stream().allMatch(s -> s >= 0)
            && Math.abs(shares.stream().mapToDouble(s -> s).sum() - 1) < 1e-6,
        "shares",
        shares,
        labels + " numbers of 0 or more with a sum of 1");
  }

  /** Returns equal shares of the 18 classes. */
  public static Prior uniform() {
    double[] equal = new double[FaceClass.COUNT];
    Arrays.fill(equal, 1);
    return of(equal);
  }

  /**
   * Returns shares of the classes.
   *
   * @param weights 18 numbers of 0 or more, at the index of the class's number, not all 0; they are
   *     divided by their sum
   */
  public static Prior of(double... weights) {
    return of(ALL, weights);
  }

  /**
   * Returns shares of the labels of some attributes.
   *
   * @param attributes the attributes, at least one
   * @param weights a number of 0 or more for each label of {@link FaceLabel#knowing}, not all 0;
   *     they are divided by their sum
   */
  public static Prior of(Set<Attribute> attributes, double... weights) {
    double sum = Arrays.stream(weights).sum();
    check(sum > 0 && Double.isFinite(sum), "shares", Doubles.asList(weights), "a sum above 0");
    return new Prior(
        Sets.immutableEnumSet(attributes),
        Arrays.stream(weights).mapToObj(w -> w / sum).collect(ImmutableList.toImmutableList()));
  }

  /**
   * Returns the shares of the classes among photos, each once. Where attributes are unknown, they
   * are the most probable shares, see {@link #ofLabelCounts}.
   *
   * @param photos the photos; of at least one an attribute is known
   */
  public static Prior of(PhotoSet photos) {
    return ofLabelCounts(Arrays.stream(photos.labelCounts()).asDoubleStream().toArray());
  }

  /**
   * Returns the shares of the classes for counts of labels. Where attributes are unknown, they are
   * the shares of the largest likelihood, found by expectation maximisation: a photo of a label
   * counts for the classes that agree with it in proportion to their shares. So the shares of what
   * is known are those of the photos that know it. It begins with attributes that do not depend on
   * each other, and they stay so where no photo joins them.
   *
   * @param counts 48 numbers of 0 or more, at the index of the label's number
   */
  public static Prior ofLabelCounts(double... counts) {
    check(counts.length == FaceLabel.COUNT, "counts", counts.length, FaceLabel.COUNT + " numbers");
    double[] shares = independent(counts);
    for (int round = 0; round < ROUNDS; round++) {
      double[] next = new double[shares.length];
      for (FaceLabel label : FaceLabel.values()) {
        double sum = label.known().isEmpty() ? 0 : sum(shares, label);
        if (counts[label.id()] > 0 && sum > 0) {
          for (FaceClass each : label.classes()) {
            next[each.id()] += counts[label.id()] * shares[each.id()] / sum;
          }
        }
      }
      next = of(next).toArray();
      double change = farthest(shares, next);
      shares = next;
      if (change < CHANGE) {
        break;
      }
    }
    return of(shares);
  }

  /** The products of the shares of each attribute's values among the photos that know them. */
  private static double[] independent(double[] counts) {
    double[] shares = new double[FaceClass.COUNT];
    Arrays.fill(shares, 1);
    for (Attribute attribute : Attribute.values()) {
      double[] own = new double[attribute.valueNames().size()];
      double known = 0;
      for (FaceLabel label : FaceLabel.values()) {
        if (label.known().contains(attribute)) {
          own[label.value(attribute).orElseThrow()] += counts[label.id()];
          known += counts[label.id()];
        }
      }
      for (FaceClass each : FaceClass.values()) {
        shares[each.id()] *= known > 0 ? own[attribute.of(each)] / known : 1.0 / own.length;
      }
    }
    return shares;
  }

  /**
   * Estimates the shares of the labels among photos without labels, from the answers of a model, by
   * expectation maximisation (Saerens et al., 2002). It needs some hundred photos, and a model
   * whose probabilities are calibrated.
   *
   * @param table the model's own answers, at least one
   * @param training the shares in its training, see {@link #of(double...)}
   * @return the shares of the labels that the model answers
   * @throws IllegalArgumentException if the table is empty, or was corrected before
   */
  public static Prior estimate(PredictionTable table, Prior training) {
    check(table.size() > 0, "table", "empty", "one or more photos");
    refuseCorrected(table);
    ImmutableSet<Attribute> answered = table.origin().attributes();
    Prior from = training.only(answered);
    List<FaceLabel> labels = FaceLabel.knowing(from.attributes);
    double[][] rows = new double[table.size()][labels.size()];
    for (int row = 0; row < rows.length; row++) {
      float[] probabilities = table.probabilities(row);
      for (int i = 0; i < labels.size(); i++) {
        rows[row][i] = labels.get(i).probability(probabilities);
      }
    }
    double[] shares = from.toArray();
    for (int round = 0; round < ROUNDS; round++) {
      double[] next = new double[shares.length];
      for (double[] row : rows) {
        double[] posterior = new double[row.length];
        double sum = 0;
        for (int i = 0; i < row.length; i++) {
          posterior[i] = row[i] * factor(shares[i], from.shares.get(i));
          sum += posterior[i];
        }
        for (int i = 0; i < row.length; i++) {
          next[i] += sum > 0 ? posterior[i] / sum : 0;
        }
      }
      next = of(from.attributes, next).toArray();
      double change = farthest(shares, next);
      shares = next;
      if (change < CHANGE) {
        break;
      }
    }
    return of(from.attributes, shares);
  }

  /**
   * Reads shares from a CSV file: {@code class,share} with the 18 classes by number, or {@code
   * share} after the names of one or more attributes, with a line for each combination of values,
   * for instance {@code mask,share} and {@code worn,0.2}. They sum to 1 within 0.01, or all are
   * whole numbers, which are counts of photos. They are divided by their sum.
   *
   * @param file the file
   * @return the shares
   * @throws IOException if it is missing or malformed; the message names the line
   */
  public static Prior read(Path file) throws IOException {
    return PriorFile.read(file);
  }

  /** Returns a copy of the shares. */
  public double[] toArray() {
    return Doubles.toArray(shares);
  }

  /**
   * Returns the shares of some of the attributes alone: sums over the others.
   *
   * @param some attributes; those that this does not know are left out
   */
  public Prior only(Set<Attribute> some) {
    Set<Attribute> kept = Sets.intersection(attributes, some);
    if (kept.equals(attributes)) {
      return this;
    }
    List<FaceLabel> own = FaceLabel.knowing(attributes);
    List<FaceLabel> fewer = FaceLabel.knowing(kept);
    double[] sums = new double[fewer.size()];
    for (int i = 0; i < own.size(); i++) {
      sums[fewer.indexOf(own.get(i).only(kept))] += shares.get(i);
    }
    return of(kept, sums);
  }

  /**
   * Returns the factor of each class for a model that was trained with other shares. A label that
   * training did not show keeps its probability.
   *
   * @param training the shares in the model's training
   * @param answered the attributes that the model answers
   * @return 18 numbers, at the index of the class's number
   */
  public double[] factors(Prior training, Set<Attribute> answered) {
    Set<Attribute> both =
        Sets.intersection(Sets.intersection(attributes, training.attributes), answered);
    double[] factors = new double[FaceClass.COUNT];
    Arrays.fill(factors, 1);
    if (both.isEmpty()) {
      return factors;
    }
    Prior wanted = only(both);
    Prior shown = training.only(both);
    List<FaceLabel> labels = FaceLabel.knowing(both);
    for (int i = 0; i < labels.size(); i++) {
      for (FaceClass each : labels.get(i).classes()) {
        factors[each.id()] = factor(wanted.shares.get(i), shown.shares.get(i));
      }
    }
    return factors;
  }

  /**
   * Corrects a model's answers for these shares.
   *
   * @param table the model's own answers
   * @param training the shares in the model's training
   * @return the corrected answers; their origin has the shares of the attributes that the model
   *     answers
   * @throws IllegalArgumentException if the table was corrected before, or the model answers none
   *     of the attributes of these shares
   */
  public PredictionTable correct(PredictionTable table, Prior training) {
    refuseCorrected(table);
    refuseOthers(table.origin().attributes());
    return multiplied(table, factors(training, table.origin().attributes()));
  }

  /**
   * Refuses answers to none of the attributes of these shares, since the shares would be ignored
   * silently.
   *
   * @param answered the attributes that a model answers
   * @throws IllegalArgumentException if none of them is an attribute of these shares
   */
  public void refuseOthers(Set<Attribute> answered) {
    check(
        !Sets.intersection(attributes, answered).isEmpty(),
        "prior",
        "shares of " + words(attributes),
        "shares of what the model answers, which is " + words(answered));
  }

  private static String words(Set<Attribute> attributes) {
    return Sets.immutableEnumSet(attributes).stream()
        .map(Attribute::word)
        .collect(Collectors.joining(", "));
  }

  private static void refuseCorrected(PredictionTable table) {
    table
        .origin()
        .prior()
        .ifPresent(
            p ->
                check(
                    false,
                    "table",
                    "corrected for other shares of " + words(p.attributes()) + " before",
                    "a model's own answers",
                    "predict again without a prior"));
  }

  private PredictionTable multiplied(PredictionTable table, double[] factors) {
    PredictionTable.Builder corrected =
        PredictionTable.builder(
            table.origin().withPrior(Optional.of(only(table.origin().attributes()))), table.size());
    for (int row = 0; row < table.size(); row++) {
      float[] values = table.probabilities(row);
      double[] own = new double[values.length];
      Arrays.setAll(own, id -> values[id]);
      own = scaled(own, factors);
      for (int id = 0; id < values.length; id++) {
        values[id] = (float) own[id];
      }
      PredictionReader.Row before = table.row(row);
      corrected.add(new PredictionReader.Row(before.id(), values, before.years()));
    }
    return corrected.build();
  }

  /**
   * Multiplies probabilities by {@link #factors}, and scales them to a sum of 1.
   *
   * @param probabilities 18 probabilities
   * @param factors a factor of 0 or more for each; if no probability is left, they are not changed
   */
  public static double[] scaled(double[] probabilities, double[] factors) {
    double[] scaled = new double[probabilities.length];
    double sum = 0;
    for (int id = 0; id < scaled.length; id++) {
      scaled[id] = probabilities[id] * factors[id];
      sum += scaled[id];
    }
    if (!(sum > 0)) {
      return probabilities.clone();
    }
    for (int id = 0; id < scaled.length; id++) {
      scaled[id] /= sum;
    }
    return scaled;
  }

  private static double factor(double wanted, double shown) {
    // Without the label in training there is nothing to correct.
    return shown < 1e-9 ? 1 : wanted / shown;
  }

  private static double sum(double[] shares, FaceLabel label) {
    double sum = 0;
    for (FaceClass each : label.classes()) {
      sum += shares[each.id()];
    }
    return sum;
  }

  private static double farthest(double[] a, double[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }
}
