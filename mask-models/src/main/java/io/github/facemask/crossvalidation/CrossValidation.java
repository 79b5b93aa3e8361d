package io.github.facemask.crossvalidation;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.training.Training;
import io.github.facemask.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Trains once for each fold, and predicts each photo by the run whose training side lacks its
 * person (Stone, 1974). The folder holds {@code fold-0/} and so on, each with one run, and {@code
 * out-of-fold.csv}. Run again on the same folder, it goes on: complete runs stay, a stopped one is
 * resumed. For one thread.
 */
public final class CrossValidation {

  /** The predictions' file in the folder. */
  public static final String PREDICTIONS = "out-of-fold.csv";

  private final ImmutableList<Split> folds;
  private final Recipe recipe;
  private final Predictor judge;

  private CrossValidation(List<Split> folds, Recipe recipe, Predictor judge) {
    this.folds = ImmutableList.copyOf(folds);
    this.recipe = recipe;
    this.judge = judge;
  }

  /** How to train on a fold. */
  @FunctionalInterface
  public interface Recipe {
    /**
     * Describes the run of a fold.
     *
     * @param fold whom to learn from and whom to validate on
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
     * @param outcome the run, whose best model predicts
     * @param photos the fold's validation photos
     * @return a row for each photo
     * @throws IOException if the model or a photo cannot be read
     */
    PredictionTable predict(TrainingResult outcome, PhotoSet photos) throws IOException;
  }

  /**
   * What the folds gave.
   *
   * @param outcomes a run for each fold
   * @param predictions a row for each validation photo of all folds
   * @param truth the photos of the rows, in their order
   */
  public record Result(
      ImmutableList<TrainingResult> outcomes, PredictionTable predictions, PhotoSet truth) {}

  /**
   * Describes the runs.
   *
   * @param folds at least two, which validate each person at most once
   * @param recipe how to train on one
   * @param judge how to predict with its model
   * @return the runs, not started
   * @throws IllegalArgumentException if there are fewer folds or two validate the same person
   */
  public static CrossValidation of(List<Split> folds, Recipe recipe, Predictor judge) {
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
    return new CrossValidation(folds, recipe, judge);
  }

  /**
   * Trains and predicts, or goes on.
   *
   * @param folder where to; made if missing
   * @return what the folds gave; the predictions are also in the folder
   * @throws IOException as {@link Training#run} and {@link Training#resume}
   * @throws IllegalArgumentException if the folder holds runs of other choices
   */
  public Result run(Path folder) throws IOException {
    ImmutableList.Builder<TrainingResult> outcomes = ImmutableList.builder();
    List<PredictionTable> tables = new ArrayList<>();
    PhotoSet truth = null;
    for (int i = 0; i < folds.size(); i++) {
      Split fold = folds.get(i);
      TrainingResult outcome = train(folder.resolve("fold-" + i), recipe.training(fold, i));
      outcomes.add(outcome);
      tables.add(judge.predict(outcome, fold.validation()));
      truth = truth == null ? fold.validation() : truth.plus(fold.validation());
    }
    PredictionTable predictions = PredictionTable.union(tables);
    predictions.write(folder.resolve(PREDICTIONS));
    return new Result(outcomes.build(), predictions, truth);
  }

  private static TrainingResult train(Path runs, Training training) throws IOException {
    Optional<Path> begun = Optional.empty();
    if (Files.isDirectory(runs)) {
      try (Stream<Path> inside = Files.list(runs)) {
        begun = inside.filter(r -> Files.exists(r.resolve("run.json"))).findFirst();
      }
    }
    return begun.isPresent() ? training.resume(begun.get()) : training.run(runs);
  }
}
