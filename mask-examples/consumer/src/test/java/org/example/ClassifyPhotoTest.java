package org.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.dataset.ClassFolders;
import io.github.facemask.dataset.PersonFolds;
import io.github.facemask.dataset.Split;
import io.github.facemask.label.FaceClass;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.training.Training;
import io.github.facemask.training.TrainingData;
import io.github.facemask.training.TrainingResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a user: draw photos, train, classify. */
class ClassifyPhotoTest {

  @Test
  void aTrainedModelClassifiesAPhoto(@TempDir Path folder) throws Exception {
    Path photos = DrawnPhotos.write(folder.resolve("photos"));
    Path model = train(photos, folder.resolve("runs"));

    Path photo = photos.resolve("3/person-3-0/photo.png");

    String printed = Printed.by(ClassifyPhoto::main, model.toString(), photo.toString());

    List<String> names = FaceClass.values().stream().map(FaceClass::displayName).toList();
    assertThat(printed.strip()).matches(".+, mask worn: [01]\\.[0-9E-]+");
    assertThat(names).contains(printed.substring(0, printed.lastIndexOf(", mask worn")));
  }

  private static Path train(Path photos, Path runs) throws Exception {
    Split fold = PersonFolds.builder(ClassFolders.read(photos), 3).optSeed(1).build().fold(0);
    Backbone backbone = Backbones.get("resnet18").withInputSize(32, 32);
    TrainingData data =
        new TrainingData(
            fold.train(),
            PhotoLoader.builder(fold.train(), backbone.preprocessing()).build(),
            fold.validation(),
            PhotoLoader.builder(fold.validation(), backbone.preprocessing()).build());
    TrainingResult outcome = Training.builder(backbone, data).optEpochs(1).build().run(runs);
    return outcome.model();
  }
}
