package io.github.facemask.leakage;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Detects predictions of people that the predicting models were trained on. */
public final class LeakCheck {

  private final Path runs;

  private LeakCheck(Path runs) {
    this.runs = runs;
  }

  /**
   * Returns the check that looks for models among runs.
   *
   * @param runs the folder of all runs
   */
  public static LeakCheck among(Path runs) {
    return new LeakCheck(runs);
  }

  /**
   * Refuses a table that predicts people that its model was trained on. In a table of folds, each
   * row is by the one model that was not trained on its person, so one such model is enough. Runs
   * that no longer exist are accepted.
   *
   * @param file the table's file; folds are also searched beside it
   * @param table the table
   * @param photos the photos whose labels are used
   * @throws IOException if a model's card cannot be read
   * @throws IllegalArgumentException if a person was seen in training; the message names run and
   *     person
   */
  public void refuseSeen(Path file, PredictionTable table, PhotoSet photos) throws IOException {
    Map<String, Set<String>> trainedOn = new LinkedHashMap<>();
    for (String run : table.origin().runs()) {
      Optional<Path> model = find(run, file);
      if (model.isPresent()) {
        trainedOn.put(run, new HashSet<>(ModelFolder.open(model.get()).origin().trainingPeople()));
      }
    }
    boolean folds = table.origin().oneModelEach() && table.origin().runs().size() > 1;
    boolean all = trainedOn.size() == Set.copyOf(table.origin().runs()).size();
    for (FacePhoto photo : photos) {
      List<String> seenBy =
          trainedOn.keySet().stream()
              .filter(run -> trainedOn.get(run).contains(photo.person()))
              .toList();
      boolean seen = folds ? all && seenBy.size() == trainedOn.size() : !seenBy.isEmpty();
      checkArgument(
          !seen || table.row(photo.photo().id()).isEmpty(),
          "%s: run %s was trained on person '%s' whom it predicts, expected predictions of the fold"
              + " that validated on that person",
          file,
          seen ? seenBy.get(0) : "",
          photo.person());
    }
  }

  /** The model of a run: among the runs, or in the folds beside the table. */
  private Optional<Path> find(String run, Path table) {
    Path beside = table.toAbsolutePath().normalize().getParent();
    Stream<Path> folds =
        Stream.iterate(0, i -> i + 1)
            .map(i -> beside.resolve("fold-" + i))
            .takeWhile(Files::isDirectory);
    return Stream.concat(Stream.of(runs), folds)
        .map(folder -> folder.resolve(run).resolve("model"))
        .filter(model -> Files.isRegularFile(model.resolve("model.json")))
        .findFirst();
  }
}
