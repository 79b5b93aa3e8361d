package io.github.facemask.cli;

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

/** Whom the models behind a table of predictions learned from. */
final class Teachers {

  private Teachers() {}

  /**
   * Refuses predictions of people that a run's model learned from. Of folds, each row is by the one
   * model that did not learn from its person, so one such model is enough. Runs that are gone pass.
   */
  static void refuseSeen(Path runs, Path file, PredictionTable table, PhotoSet photos)
      throws IOException {
    Map<String, Set<String>> learned = new LinkedHashMap<>();
    for (String run : table.origin().runs()) {
      Optional<Path> model = find(run, runs, file);
      if (model.isPresent()) {
        learned.put(run, new HashSet<>(ModelFolder.open(model.get()).origin().trainingPeople()));
      }
    }
    boolean folds = table.origin().oneModelEach() && table.origin().runs().size() > 1;
    boolean all = learned.size() == Set.copyOf(table.origin().runs()).size();
    for (FacePhoto photo : photos) {
      List<String> teachers =
          learned.keySet().stream().filter(r -> learned.get(r).contains(photo.person())).toList();
      boolean seen = folds ? all && teachers.size() == learned.size() : !teachers.isEmpty();
      checkArgument(
          !seen || table.row(photo.photo().id()).isEmpty(),
          "%s: run %s learned from person '%s' whom it predicts; expected predictions of the"
              + " fold that judged it",
          file,
          seen ? teachers.get(0) : "",
          photo.person());
    }
  }

  /** The model of a run: among the runs, or in the folds beside the table. */
  private static Optional<Path> find(String run, Path runs, Path table) {
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
