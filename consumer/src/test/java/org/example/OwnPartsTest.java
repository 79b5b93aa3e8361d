package org.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.synthetic.SyntheticFaces;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backbone, a transform and a loss of a user's own train, and the model is opened again. */
class OwnPartsTest {

  @Test
  void ownPartsTrainAModelThatIsOpenedAgain(@TempDir Path folder) throws Exception {
    Path photos = classFolders(folder);
    Path runs = folder.resolve("runs");

    Printed.by(TrainOwnParts::main, photos.toString(), runs.toString());

    Path run = first(runs);
    assertThat(Files.readString(run.resolve("run.json")))
        .contains("tinynet", "sideShadow", "margin");
    Path photo = first(first(first(photos)));
    assertThat(Printed.by(ClassifyPhoto::main, run.toString(), photo.toString()))
        .contains("mask worn: ");
  }

  /** Drawn photos as a folder for each class and in it one for each person. */
  private static Path classFolders(Path folder) throws Exception {
    Path drawn = folder.resolve("drawn");
    Path sorted = folder.resolve("photos");
    SyntheticFaces.of(drawn).optPeople(24).optEvaluationPhotos(1).optSeed(5).build().write();
    for (FacePhoto photo : PstageFolder.read(drawn)) {
      String number = Integer.toString(photo.faceClass().id());
      Path person = Files.createDirectories(sorted.resolve(number).resolve(photo.person()));
      Path file = photo.photo().file();
      Files.copy(file, person.resolve(file.getFileName()));
    }
    return sorted;
  }

  private static Path first(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().findFirst().orElseThrow();
    }
  }
}
