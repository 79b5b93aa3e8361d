package io.github.facemask.command;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** Whom the models behind a table of predictions learned from. */
final class Teachers {

  private Teachers() {}

  /** Refuses predictions of people that a run's model learned from; runs that are gone pass. */
  static void refuseSeen(Path runs, Path file, PredictionTable table, PhotoSet photos)
      throws IOException {
    for (String run : table.origin().runs()) {
      Path folder = runs.resolve(run).resolve("model");
      if (Files.isRegularFile(folder.resolve("model.json"))) {
        Set<String> seen = new HashSet<>(ModelFolder.open(folder).origin().trainingPeople());
        for (FacePhoto photo : photos) {
          checkArgument(
              !seen.contains(photo.person()) || table.row(photo.photo().id()).isEmpty(),
              "%s: run %s learned from person '%s' whom it predicts; expected predictions of the"
                  + " fold that judged it",
              file,
              run,
              photo.person());
        }
      }
    }
  }
}
