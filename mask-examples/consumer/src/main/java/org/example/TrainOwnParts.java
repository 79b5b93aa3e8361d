package org.example;

import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.dataset.ClassFolders;
import io.github.facemask.dataset.PersonFolds;
import io.github.facemask.dataset.Split;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.training.Training;
import io.github.facemask.training.TrainingData;
import io.github.facemask.training.TrainingResult;
import io.github.facemask.transform.HorizontalFlip;
import java.io.IOException;
import java.nio.file.Path;

/** Trains the backbone, the transform and the loss of this project. */
public final class TrainOwnParts {

  private TrainOwnParts() {}

  /** Takes a folder with a folder for each class, and the folder of all runs. */
  public static void main(String[] args) throws IOException {
    Split fold = PersonFolds.builder(ClassFolders.read(Path.of(args[0])), 5).build().fold(0);
    Backbone backbone = Backbones.get("tinynet");
    TrainingData data =
        new TrainingData(
            fold.train(),
            PhotoLoader.builder(fold.train(), backbone.preprocessing())
                .optTransforms(HorizontalFlip.half(), new SideShadow(0.3))
                .build(),
            fold.validation(),
            PhotoLoader.builder(fold.validation(), backbone.preprocessing()).build());
    TrainingResult outcome =
        Training.builder(backbone, data)
            .optLoss(new MarginLoss())
            .optEpochs(2)
            .build()
            .run(Path.of(args[1]));
    System.out.println(outcome.best().macroF1() + " by the model in " + outcome.model());
  }
}
