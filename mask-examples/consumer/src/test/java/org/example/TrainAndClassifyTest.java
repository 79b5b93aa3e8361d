package org.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.label.FaceClass;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An app with one dependency trains, exports and classifies. */
class TrainAndClassifyTest {

  @Test
  void aModelIsTrainedExportedAndAnswers(@TempDir Path folder) throws Exception {
    Path photos = DrawnPhotos.write(folder.resolve("photos"));
    Path photo = photos.resolve("3/person-3-0/photo.png");

    List<String> printed =
        Printed.by(
                TrainAndClassify::main,
                photos.toString(),
                folder.resolve("runs").toString(),
                photo.toString())
            .lines()
            .toList();

    assertThat(printed.get(0)).matches("macro F1 [01]\\.[0-9E-]+, run .*");
    assertThat(FaceClass.values().stream().map(FaceClass::displayName))
        .contains(printed.get(1).replaceAll(", [01]\\.[0-9E-]+$", ""));
  }
}
