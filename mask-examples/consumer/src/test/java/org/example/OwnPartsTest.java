package org.example;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backbone, a transform and a loss of a user's own train, and the model is opened again. */
class OwnPartsTest {

  @Test
  void ownPartsTrainAModelThatIsOpenedAgain(@TempDir Path folder) throws Exception {
    Path photos = DrawnPhotos.write(folder.resolve("photos"));
    Path runs = folder.resolve("runs");

    Printed.by(TrainOwnParts::main, photos.toString(), runs.toString());

    Path run = first(runs);
    assertThat(Files.readString(run.resolve("run.json")))
        .contains("tinynet", "sideShadow", "margin");
    Path photo = first(first(first(photos)));
    assertThat(Printed.by(ClassifyPhoto::main, run.toString(), photo.toString()))
        .contains("mask worn: ");
  }

  private static Path first(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().findFirst().orElseThrow();
    }
  }
}
