package io.github.facemask.curation;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/**
 * One round of pseudo-labels: evaluation photos with confident predictions, and the runs that made
 * them (Lee, "Pseudo-label: the simple and efficient semi-supervised learning method", 2013). They
 * can only be added to the training side of a fold; a {@link Split} refuses to validate on such
 * photos. Immutable.
 */
public final class PseudoLabels {

  private final List<PseudoLabel> labels;

  private PseudoLabels(List<PseudoLabel> labels) {
    this.labels = List.copyOf(labels);
  }

  /**
   * Returns a builder of a round.
   *
   * @param photos the photos without labels
   * @param predictions the predictions of a model for them; their origin names the runs
   * @return the builder
   */
  public static Builder builder(List<Photo> photos, PredictionTable predictions) {
    return new Builder(photos, predictions);
  }

  static PseudoLabels of(List<PseudoLabel> labels) {
    return new PseudoLabels(labels);
  }

  /**
   * Reads a round that {@link #write} wrote.
   *
   * @param file the table
   * @return the round
   * @throws IOException if it is missing or malformed, or a photo is missing; the message names the
   *     line
   */
  public static PseudoLabels read(Path file) throws IOException {
    return PseudoLabelFile.read(file);
  }

  /**
   * Writes the round as a manifest with the columns {@code path,person,class,probability,run}, or
   * {@code mask,gender,age} instead of the class if the model does not answer all attributes; paths
   * are relative to the table where that is possible.
   *
   * @param file the table, replaced atomically
   * @throws IOException if it cannot be written; an existing table is then unchanged
   */
  public void write(Path file) throws IOException {
    PseudoLabelFile.write(this, file);
  }

  /** Returns the pseudo-labels, sorted by class and falling probability. */
  public List<PseudoLabel> labels() {
    return labels;
  }

  /**
   * Returns the number of photos of each class, at the index of the class's id; of each label if
   * the model does not answer all attributes.
   */
  public int[] classCounts() {
    int[] counts = new int[FaceLabel.COUNT];
    labels.forEach(label -> counts[label.guess().id()]++);
    boolean complete = labels.stream().allMatch(label -> label.guess().complete());
    return complete ? Arrays.copyOf(counts, FaceClass.COUNT) : counts;
  }

  /** Returns the ids of the runs that made the predictions. */
  public Set<String> runs() {
    Set<String> runs = new TreeSet<>();
    labels.forEach(label -> runs.addAll(label.runs()));
    return runs;
  }

  /** Returns a digest of photos, classes and runs, independent of their order. */
  public Digest digest() {
    return Digest.ofText(
        String.join("\n", labels.stream().map(PseudoLabel::line).sorted().toList()));
  }

  /**
   * Adds the photos to the training side of a fold; the validation side does not change.
   *
   * @param fold the fold
   * @return the fold with more training photos
   * @throws IllegalArgumentException if the fold has one of the photos already, on either side
   */
  public Split addTo(Split fold) {
    Set<Path> known = new HashSet<>();
    fold.train().forEach(p -> known.add(place(p.photo())));
    fold.validation().forEach(p -> known.add(place(p.photo())));
    for (PseudoLabel label : labels) {
      checkArgument(
          !known.contains(place(label.photo())),
          "photo '%s' has a label already, expected photos without; make the round from evaluation"
              + " photos",
          label.photo().id());
    }
    List<FacePhoto> more =
        labels.stream().map(l -> FacePhoto.pseudoLabelled(l.photo(), l.guess())).toList();
    return new Split(fold.train().plus(PhotoSet.of(more)), fold.validation(), fold.warnings());
  }

  /**
   * Returns the values for a run's record: the number of photos of each class, and the runs; plain
   * JSON values.
   */
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("photos", labels.size());
    parameters.put("classCounts", classCounts());
    parameters.put("runs", List.copyOf(runs()));
    parameters.put("digest", digest().hex());
    return parameters;
  }

  private static Path place(Photo photo) {
    return photo.file().toAbsolutePath().normalize();
  }

  /** Builder of {@link PseudoLabels}. */
  public static final class Builder {

    private final List<Photo> photos;
    private final PredictionTable predictions;
    private double threshold = 0.9;
    private int mostPerClass = Integer.MAX_VALUE;

    private Builder(List<Photo> photos, PredictionTable predictions) {
      this.photos = List.copyOf(photos);
      this.predictions = Objects.requireNonNull(predictions, "predictions");
    }

    /** Sets the lowest probability of the predicted class, above 0 to 1; 0.9 by default. */
    public Builder optThreshold(double threshold) {
      this.threshold = threshold;
      return this;
    }

    /**
     * Sets the largest number of photos of a class, the most confident first; no limit by default.
     */
    public Builder optMostPerClass(int mostPerClass) {
      this.mostPerClass = mostPerClass;
      return this;
    }

    /**
     * Chooses the photos.
     *
     * @return the round, empty if no prediction reaches the threshold
     * @throws IllegalArgumentException if a choice is out of range, a photo has no prediction, or
     *     the predictions do not say which run made them
     */
    public PseudoLabels build() {
      check(threshold > 0 && threshold <= 1, "threshold", threshold, "above 0 to 1");
      check(mostPerClass >= 1, "mostPerClass", mostPerClass, "1 or more");
      List<String> runs = predictions.origin().runs();
      check(
          !runs.isEmpty(), "predictingRuns", "", "predictions that name the runs of their models");
      List<PseudoLabel> sure = new ArrayList<>();
      for (Photo photo : photos) {
        OptionalInt row = predictions.row(photo.id());
        checkArgument(
            row.isPresent(), "photo '%s' has no prediction; predict all photos", photo.id());
        FaceLabel guess =
            FaceLabel.ofId(predictions.argmax(row.getAsInt()))
                .only(predictions.origin().attributes());
        double probability = guess.probability(predictions.probabilities(row.getAsInt()));
        if (probability >= threshold) {
          sure.add(new PseudoLabel(photo, guess, probability, runs));
        }
      }
      sure.sort(
          Comparator.comparingInt((PseudoLabel l) -> l.guess().id())
              .thenComparingDouble(l -> -l.probability())
              .thenComparing(l -> l.photo().id()));
      int[] taken = new int[FaceLabel.COUNT];
      return new PseudoLabels(
          sure.stream().filter(l -> taken[l.guess().id()]++ < mostPerClass).toList());
    }
  }

  /**
   * A photo and the label that a model predicted.
   *
   * @param photo the photo
   * @param guess the predicted label, with the attributes that the model answers
   * @param probability its probability, 0 to 1
   * @param runs the ids of the runs that trained the model, one or more
   */
  public record PseudoLabel(Photo photo, FaceLabel guess, double probability, List<String> runs) {

    /** Checks the values. */
    public PseudoLabel {
      runs = List.copyOf(runs);
      check(probability >= 0 && probability <= 1.001, "probability", probability, "0 to 1");
      checkArgument(
          !runs.isEmpty() && runs.stream().noneMatch(String::isBlank),
          "photo '%s' has no run, expected the run that guessed its class",
          photo.id());
    }

    String line() {
      return photo.id() + '\t' + guess.id() + '\t' + String.join(" ", runs);
    }
  }
}
