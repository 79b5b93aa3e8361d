package org.example;

import io.github.facemask.catalog.Backbone;
import io.github.facemask.catalog.Backbones;
import io.github.facemask.dataset.ClassFolders;
import io.github.facemask.dataset.Fold;
import io.github.facemask.dataset.PersonFolds;
import io.github.facemask.loader.PhotoDataset;
import io.github.facemask.training.Outcome;
import io.github.facemask.training.Training;
import io.github.facemask.training.TrainingData;
import io.github.facemask.transform.HorizontalFlip;
import java.io.IOException;
import java.nio.file.Path;

/** Trains the backbone, the transform and the loss of this project. */
public final class TrainOwnParts {

  private TrainOwnParts() {}

  /** Takes a folder with a folder for each class, and the folder of all runs. */
  public static void main(String[] args) throws IOException {
    Fold fold = PersonFolds.of(ClassFolders.read(Path.of(args[0])), 5).build().fold(0);
    Backbone backbone = Backbones.get("tinynet");
    TrainingData data =
        new TrainingData(
            fold.train(),
            PhotoDataset.of(fold.train(), backbone.preprocessing())
                .optTransforms(HorizontalFlip.half(), new SideShadow(0.3))
                .build(),
            fold.valid(),
            PhotoDataset.of(fold.valid(), backbone.preprocessing()).build());
    Outcome outcome =
        Training.of(backbone, data)
            .optLoss(new MarginLoss())
            .optEpochs(2)
            .build()
            .run(Path.of(args[1]));
    System.out.println(outcome.best().macroF1() + " by the model in " + outcome.model());
  }
}
