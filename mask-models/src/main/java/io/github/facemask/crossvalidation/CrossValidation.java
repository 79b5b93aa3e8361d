package io.github.facemask.crossvalidation;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.internal.files.AtomicFolder;
import io.github.facemask.internal.files.FolderLock;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.provenance.RunFolder.Difference;
import io.github.facemask.training.Training;
import io.github.facemask.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Trains once for each fold, and predicts each photo with the run that was not trained on its
 * person (Stone, 1974). The folder holds {@code fold-0/} and so on, each with one run, and {@code
 * out-of-fold.csv}. A second call with the same folder continues: complete runs are kept, a stopped
 * run is resumed. Not thread-safe.
 */
public final class CrossValidation {

  /** The predictions' file in the folder. */
  public static final String PREDICTIONS = "out-of-fold.csv";

  /** Parameters that follow from the photos of a fold. */
  private static final ImmutableSet<String> OF_THE_PHOTOS =
      ImmutableSet.of("balance", "photos", "photosLeftOut", "classWeights", "validatedFold");

  private final ImmutableList<Split> folds;
  private final Recipe recipe;
  private final Predictor predictor;

  private CrossValidation(List<Split> folds, Recipe recipe, Predictor predictor) {
    this.folds = ImmutableList.copyOf(folds);
    this.recipe = recipe;
    this.predictor = predictor;
  }

  /** How to train on a fold. */
  @FunctionalInterface
  public interface Recipe {
    /**
     * Returns the training of a fold.
     *
     * @param fold the photos to train and to validate on
     * @param index the fold's number, from 0
     * @return the run, not started
     * @throws IOException if photos cannot be read
     */
    Training training(Split fold, int index) throws IOException;
  }

  /** How to predict with a trained model. */
  @FunctionalInterface
  public interface Predictor {
    /**
     * Predicts photos.
     *
     * @param result the result of the run, whose best model predicts
     * @param photos the fold's validation photos
     * @return a row for each photo
     * @throws IOException if the model or a photo cannot be read
     */
    PredictionTable predict(TrainingResult result, PhotoSet photos) throws IOException;
  }

  /**
   * The results of all folds.
   *
   * @param results the result of each fold's run
   * @param predictions a row for each validation photo of all folds
   * @param truth the photos of the rows, in their order
   */
  public record Result(
      ImmutableList<TrainingResult> results, PredictionTable predictions, PhotoSet truth) {}

  /**
   * Returns a cross-validation.
   *
   * @param folds at least two, which validate each person at most once
   * @param recipe how to train on a fold
   * @param predictor how to predict with its model
   * @return the cross-validation, not started
   * @throws IllegalArgumentException if there are fewer than two folds, or two folds validate the
   *     same person
   */
  public static CrossValidation of(List<Split> folds, Recipe recipe, Predictor predictor) {
    check(folds.size() >= 2, "folds", folds.size(), "2 or more");
    Set<String> validated = new HashSet<>();
    for (Split fold : folds) {
      for (String person : fold.validation().people()) {
        checkArgument(
            validated.add(person),
            "person '%s' is validated in two folds, expected each at most once",
            person);
      }
    }
    return new CrossValidation(folds, recipe, predictor);
  }

  /**
   * Trains and predicts, or continues.
   *
   * @param folder the output folder; made if missing
   * @return the results of all folds; the predictions are also in the folder
   * @throws IOException as {@link Training#run} and {@link Training#resume}, or if another process
   *     works in the folder
   * @throws IllegalArgumentException if the folder holds runs with other parameters
   */
  public Result run(Path folder) throws IOException {
    return FolderLock.<Result, RuntimeException>during(folder, () -> runIn(folder));
  }

  private Result runIn(Path folder) throws IOException {
    ImmutableList.Builder<TrainingResult> results = ImmutableList.builder();
    List<PredictionTable> tables = new ArrayList<>();
    PhotoSet truth = null;
    for (int i = 0; i < folds.size(); i++) {
      Split fold = folds.get(i);
      TrainingResult result = trainOne(folder, i);
      results.add(result);
      tables.add(predictor.predict(result, fold.validation()));
      truth = truth == null ? fold.validation() : truth.plus(fold.validation());
    }
    PredictionTable predictions = PredictionTable.union(tables);
    predictions.write(folder.resolve(PREDICTIONS));
    return new Result(results.build(), predictions, truth);
  }

  /**
   * Trains one fold alone, or goes on with it, for instance on one of several machines that see the
   * same folder. {@link #run} then finds its run. Different folds may be trained at the same time.
   *
   * @param folder the output folder; made if missing
   * @param fold the fold's number, from 0
   * @return its result
   * @throws IOException as {@link #run}
   * @throws IllegalArgumentException if there is no such fold, another fold has begun with other
   *     parameters or photos, or as {@link #run}
   */
  public TrainingResult train(Path folder, int fold) throws IOException {
    check(fold >= 0 && fold < folds.size(), "fold", fold, "0 to " + (folds.size() - 1));
    return trainOne(folder, fold);
  }

  private TrainingResult trainOne(Path folder, int fold) throws IOException {
    Training training = recipe.training(folds.get(fold), fold);
    for (int other = 0; other < folds.size(); other++) {
      Optional<Path> begun = other == fold ? Optional.empty() : begun(runs(folder, other));
      if (begun.isPresent()) {
        refuseUnlike(RunFolder.open(begun.get()), other, training);
      }
    }
    return train(runs(folder, fold), training);
  }

  /** Refuses a training of other choices, or of another split, than a fold that has begun. */
  private void refuseUnlike(RunFolder begun, int other, Training training) throws IOException {
    Map<String, Object> record = begun.record();
    Object validated = within(within(record.get("data"), "validation"), "digest");
    checkArgument(
        folds.get(other).validation().digest().hex().equals(validated),
        "%s: fold %s validates other photos there; use the same photos, split and number of folds,"
            + " or another folder",
        begun.path(),
        other);
    Map<String, Object> mine = withoutPhotos(training.parameters());
    Map<String, Object> theirs = withoutPhotos(record);
    theirs.keySet().retainAll(mine.keySet());
    ImmutableList<Difference> differences = Difference.between(theirs, mine);
    if (!differences.isEmpty()) {
      Difference first = differences.get(0);
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: has %s %s, but this fold would have %s; use the same value, or another folder",
              begun.path(),
              first.key(),
              first.first(),
              first.second()));
    }
  }

  private static Object within(Object json, String key) {
    return json instanceof Map<?, ?> map ? map.get(key) : null;
  }

  /** Returns a record without what follows from the photos, in the order of its keys. */
  private static Map<String, Object> withoutPhotos(Map<?, ?> json) {
    Map<String, Object> left = new TreeMap<>();
    json.forEach(
        (key, value) -> {
          if (!OF_THE_PHOTOS.contains(key.toString())) {
            left.put(key.toString(), sorted(value));
          }
        });
    return left;
  }

  private static Object sorted(Object json) {
    if (json instanceof Map<?, ?> map) {
      return withoutPhotos(map);
    }
    return json instanceof List<?> list
        ? list.stream().map(CrossValidation::sorted).toList()
        : json;
  }

  /**
   * Returns the folds that are not trained to their end.
   *
   * @param folder the output folder
   * @param folds the number of folds
   * @throws IOException if a run cannot be read
   */
  public static ImmutableList<Integer> pending(Path folder, int folds) throws IOException {
    ImmutableList.Builder<Integer> pending = ImmutableList.builder();
    for (int i = 0; i < folds; i++) {
      Optional<Path> begun = begun(runs(folder, i));
      if (begun.isEmpty() || TrainingResult.read(begun.get()).isEmpty()) {
        pending.add(i);
      }
    }
    return pending.build();
  }

  private static Path runs(Path folder, int fold) {
    return folder.resolve("fold-" + fold);
  }

  private static TrainingResult train(Path runs, Training training) throws IOException {
    return FolderLock.<TrainingResult, RuntimeException>during(
        runs,
        () -> {
          Optional<Path> begun = begun(runs);
          return begun.isPresent() ? training.resume(begun.get()) : training.run(runs);
        });
  }

  private static Optional<Path> begun(Path runs) throws IOException {
    if (!Files.isDirectory(runs)) {
      return Optional.empty();
    }
    try (Stream<Path> inside = Files.list(runs)) {
      return inside
          .filter(r -> Files.exists(r.resolve("run.json")) && !AtomicFolder.isUnfinished(r))
          .findFirst();
    }
  }
}
