package io.github.facemask.evaluation;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.LabelMatrix.Score;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The evaluation of predictions against labels. Scores of mask, gender and age use the attributes
 * of the predicted class, over the photos whose attribute is known; scores of the 18 classes are
 * over the photos whose attributes are all known. A photo about which nothing is known is left out.
 *
 * @param photos the number of evaluated photos
 * @param people the number of people on them
 * @param data the digest of the photos' labels
 * @param origin what made the predictions
 * @param counts how often each label was predicted as each class
 * @param macroF1Interval the 95 % interval of {@link #macroF1}, from a bootstrap over people
 * @param intervals the 95 % intervals of the F1 of classes and attributes, from the same bootstrap;
 *     each holds its score
 * @param calibration how well the probabilities are calibrated
 * @param ageError how far predicted ages are from known ones; empty if the models do not answer the
 *     age in years, or no photo has a known one
 * @param worst the photos with the highest loss, the highest first
 */
public record Evaluation(
    int photos,
    int people,
    Digest data,
    PredictionOrigin origin,
    LabelMatrix counts,
    Interval macroF1Interval,
    ScoreIntervals intervals,
    Calibration calibration,
    Optional<AgeError> ageError,
    List<WorstPhoto> worst) {

  /** Copies the list. */
  public Evaluation {
    worst = List.copyOf(worst);
  }

  /**
   * Evaluates predictions with 1000 bootstrap resamples of people and the 24 worst photos.
   *
   * @param predictions the predictions; those of other photos are ignored
   * @param photos the photos and their true classes
   * @return the evaluation
   * @throws IllegalArgumentException if a photo has no prediction or there are no photos
   */
  public static Evaluation of(PredictionTable predictions, PhotoSet photos) {
    return builder(predictions, photos).build();
  }

  /**
   * Returns a builder of an evaluation.
   *
   * @param predictions the predictions; those of other photos are ignored
   * @param photos the photos and their true classes
   */
  public static Builder builder(PredictionTable predictions, PhotoSet photos) {
    return new Builder(
        Objects.requireNonNull(predictions, "predictions"),
        Objects.requireNonNull(photos, "photos"));
  }

  /**
   * Returns the score by which models are compared: the macro F1 of the classes, or, where an
   * attribute of a photo is unknown, the mean of the macro F1 of the known attributes.
   */
  public double macroF1() {
    return counts.macroF1();
  }

  /** Returns {@link #macroF1} with its name and what it is the mean of. */
  public Score score() {
    return counts.score();
  }

  /** Returns the confusion matrix of the 18 classes, of the photos with all attributes known. */
  public ConfusionMatrix confusion() {
    return counts.classes();
  }

  /** Returns the scores over the 18 classes. */
  public ClassificationScores scores() {
    return ClassificationScores.of(confusion());
  }

  /**
   * Returns the confusion matrix of one attribute, its values in the order of their enum, of the
   * photos whose attribute is known.
   *
   * @param attribute the attribute
   */
  public ConfusionMatrix confusion(Attribute attribute) {
    return counts.attribute(attribute);
  }

  /**
   * Returns the scores of one attribute, its values in the order of their enum.
   *
   * @param attribute the attribute
   */
  public ClassificationScores scores(Attribute attribute) {
    return ClassificationScores.of(confusion(attribute));
  }

  /** Returns the evaluation as plain JSON values. */
  public Map<String, Object> toJson() {
    return EvaluationJson.toJson(this);
  }

  /**
   * Writes the evaluation as a JSON file.
   *
   * @param file the file, replaced atomically
   * @throws IOException if it cannot be written
   */
  public void write(Path file) throws IOException {
    EvaluationJson.write(this, file);
  }

  /**
   * Reads an evaluation from a JSON file.
   *
   * @param file the file
   * @throws IOException if it cannot be read or is not an evaluation
   */
  public static Evaluation read(Path file) throws IOException {
    return EvaluationJson.read(file);
  }

  /** Builder of {@link Evaluation}. */
  public static final class Builder {

    private final PredictionTable predictions;
    private final PhotoSet given;
    private final PhotoSet photos;
    private int resamples = 1000;
    private long seed;
    private int worst = 24;

    private Builder(PredictionTable predictions, PhotoSet photos) {
      this.predictions = predictions;
      this.given = photos;
      this.photos =
          photos
              .only(predictions.origin().attributes())
              .filter(photo -> !photo.label().known().isEmpty());
    }

    /** Sets the number of bootstrap resamples for the intervals; 1000 by default. */
    public Builder optResamples(int resamples) {
      this.resamples = resamples;
      return this;
    }

    /** Sets the seed of the bootstrap; 0 by default. */
    public Builder optSeed(long seed) {
      this.seed = seed;
      return this;
    }

    /** Sets the number of worst photos to keep; 24 by default. */
    public Builder optWorst(int worst) {
      this.worst = worst;
      return this;
    }

    /**
     * Evaluates the predictions.
     *
     * @throws IllegalArgumentException if a photo has no prediction, there are no photos, or a
     *     choice is out of range
     */
    public Evaluation build() {
      checkAnswered();
      check(resamples >= 1, "resamples", resamples, "1 or more");
      check(worst >= 0, "worst", worst, "0 or more");
      int[] rows = rows();
      LabelMatrix.Builder counts = LabelMatrix.builder();
      int[] truth = new int[rows.length];
      int[] predicted = new int[rows.length];
      double[] confidence = new double[rows.length];
      boolean[] right = new boolean[rows.length];
      List<String> persons = new ArrayList<>(rows.length);
      for (int i = 0; i < rows.length; i++) {
        FaceLabel label = photos.get(i).label();
        truth[i] = label.id();
        predicted[i] = predictions.argmax(rows[i]);
        FaceLabel answer = FaceLabel.ofId(predicted[i]).only(label.known());
        confidence[i] = answer.probability(predictions.probabilities(rows[i]));
        right[i] = label.equals(answer);
        counts.add(label, predicted[i]);
        persons.add(photos.get(i).person());
      }
      PersonBootstrap bootstrap = new PersonBootstrap(persons, truth, predicted, resamples, seed);
      return new Evaluation(
          rows.length,
          photos.people().size(),
          photos.digest(),
          predictions.origin(),
          counts.build(),
          bootstrap.macroF1(counts.macroF1()),
          ScoreIntervals.of(bootstrap, counts.build()),
          Calibration.of(confidence, right),
          ageError(rows),
          worst(rows, predicted));
    }

    private void checkAnswered() {
      if (photos.size() > 0) {
        return;
      }
      checkArgument(
          !given.known().isEmpty(),
          "there are no photos to evaluate, expected one or more with a known attribute");
      check(
          false,
          "knownAttributes",
          words(given.known()),
          "photos that know what the models answer: " + words(predictions.origin().attributes()));
    }

    private static String words(Set<Attribute> attributes) {
      return attributes.stream().map(Attribute::word).collect(Collectors.joining(","));
    }

    private Optional<AgeError> ageError(int[] rows) {
      double sum = 0;
      int known = 0;
      for (int i = 0; i < rows.length; i++) {
        OptionalDouble predicted = predictions.years(rows[i]);
        OptionalInt years = photos.get(i).ageYears();
        if (predicted.isPresent() && years.isPresent()) {
          sum += Math.abs(predicted.getAsDouble() - years.getAsInt());
          known++;
        }
      }
      return known == 0 ? Optional.empty() : Optional.of(new AgeError(sum / known, known));
    }

    private int[] rows() {
      int[] rows = new int[photos.size()];
      List<String> missing = new ArrayList<>();
      for (int i = 0; i < rows.length; i++) {
        String id = photos.get(i).photo().id();
        OptionalInt row = predictions.row(id);
        if (row.isPresent()) {
          rows[i] = row.getAsInt();
        } else {
          missing.add(id);
        }
      }
      checkArgument(
          missing.isEmpty(),
          "%s of %s photos have no prediction, the first is '%s'; predict them all",
          missing.size(),
          rows.length,
          missing.isEmpty() ? "" : missing.get(0));
      return rows;
    }

    private List<WorstPhoto> worst(int[] rows, int[] predicted) {
      List<WorstPhoto> all = new ArrayList<>();
      for (int i = 0; i < rows.length; i++) {
        FacePhoto photo = photos.get(i);
        double probability = photo.label().probability(predictions.probabilities(rows[i]));
        all.add(
            new WorstPhoto(
                photo.photo().id(),
                photo.person(),
                photo.label(),
                FaceLabel.ofId(predicted[i]).only(predictions.origin().attributes()),
                probability,
                -Math.log(Math.max(probability, Float.MIN_NORMAL))));
      }
      all.sort(Comparator.comparingDouble(WorstPhoto::loss).reversed());
      return List.copyOf(all.subList(0, Math.min(worst, all.size())));
    }
  }

  /**
   * The 95 % confidence interval of a score. Where no resample reached the score itself, for
   * instance because each lacks one of its classes, the interval is widened to hold it.
   *
   * @param low the 2.5 % quantile
   * @param high the 97.5 % quantile
   * @param resamples the number of bootstrap resamples of people
   * @param seed the seed of the bootstrap
   */
  public record Interval(double low, double high, int resamples, long seed) {

    Interval holding(double score) {
      return Double.isFinite(score)
          ? new Interval(Math.min(low, score), Math.max(high, score), resamples, seed)
          : this;
    }
  }

  /**
   * How far predicted ages are from known ones.
   *
   * @param meanAbsolute the mean absolute error in years
   * @param photos the number of photos with a known age in years
   */
  public record AgeError(double meanAbsolute, int photos) {

    /** Returns the error in words. */
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "age error %.2f years (mean absolute, %d photos)", meanAbsolute, photos);
    }
  }

  /**
   * A photo with a low probability of its label.
   *
   * @param photo the photo's id
   * @param person the person on it
   * @param truth what is known of the photo
   * @param predicted the predicted label, of the attributes that the models answer
   * @param probability the probability of the label: the sum over the classes that agree with it
   * @param loss minus the logarithm of the probability
   */
  public record WorstPhoto(
      String photo,
      String person,
      FaceLabel truth,
      FaceLabel predicted,
      double probability,
      double loss) {}

  /**
   * The 95 % intervals of the F1 of each class and the macro F1 of each attribute, from a bootstrap
   * over people. Resamples without a class are left out of its interval.
   *
   * @param classes an interval for each class, at the index of its id
   * @param attributes an interval for each attribute
   */
  public record ScoreIntervals(
      ImmutableList<Interval> classes, ImmutableMap<Attribute, Interval> attributes) {

    static ScoreIntervals of(PersonBootstrap bootstrap, LabelMatrix counts) {
      ImmutableMap.Builder<Attribute, Interval> attributes = ImmutableMap.builder();
      for (Attribute attribute : Attribute.values()) {
        attributes.put(attribute, bootstrap.attribute(attribute, counts.score(attribute).value()));
      }
      List<Double> f1 = ClassificationScores.of(counts.classes()).f1();
      return new ScoreIntervals(bootstrap.classes(f1), attributes.buildOrThrow());
    }
  }

  /**
   * How well the confidence of predictions matches their accuracy (Guo et al., "On calibration of
   * modern neural networks", ICML 2017).
   *
   * @param expectedError the expected calibration error: the mean absolute difference of confidence
   *     and accuracy
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
     * @param low the lower bound of the confidence, exclusive
     * @param high the upper bound of the confidence, inclusive
     * @param photos the number of photos
     * @param confidence their mean confidence, 0 without photos
     * @param accuracy the share of correct predictions, 0 without photos
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
}
