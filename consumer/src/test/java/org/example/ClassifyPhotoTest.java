package org.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.catalog.Backbone;
import io.github.facemask.catalog.Backbones;
import io.github.facemask.dataset.Fold;
import io.github.facemask.dataset.PersonFolds;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.label.FaceClass;
import io.github.facemask.loader.PhotoDataset;
import io.github.facemask.synthetic.SyntheticFaces;
import io.github.facemask.training.Outcome;
import io.github.facemask.training.Training;
import io.github.facemask.training.TrainingData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a user: draw photos, train, classify. */
class ClassifyPhotoTest {

  @Test
  void aTrainedModelClassifiesAPhoto(@TempDir Path folder) throws Exception {
    Path photos = folder.resolve("photos");
    SyntheticFaces.of(photos).optPeople(24).optEvaluationPhotos(2).optSeed(3).build().write();
    Path model = train(photos, folder.resolve("runs"));

    Path photo = somePhoto(photos.resolve("eval/images"));

    String printed = Printed.by(ClassifyPhoto::main, model.toString(), photo.toString());

    List<String> names = FaceClass.values().stream().map(FaceClass::displayName).toList();
    assertThat(printed.strip()).matches(".+, mask worn: [01]\\.[0-9E-]+");
    assertThat(names).contains(printed.substring(0, printed.lastIndexOf(", mask worn")));
  }

  private static Path train(Path photos, Path runs) throws Exception {
    Fold fold = PersonFolds.of(PstageFolder.read(photos), 3).optSeed(1).build().fold(0);
    Backbone backbone = Backbones.get("resnet18").optInputSize(32, 32);
    TrainingData data =
        new TrainingData(
            fold.train(),
            PhotoDataset.of(fold.train(), backbone.preprocessing()).build(),
            fold.valid(),
            PhotoDataset.of(fold.valid(), backbone.preprocessing()).build());
    Outcome outcome = Training.of(backbone, data).optEpochs(1).build().run(runs);
    return outcome.model();
  }

  private static Path somePhoto(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".jpg")).sorted().findFirst().orElseThrow();
    }
  }
}
