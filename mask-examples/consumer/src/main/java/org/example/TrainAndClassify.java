package org.example;

import io.github.facemask.backbone.Backbones;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.classify.FacePrediction;
import io.github.facemask.dataset.ClassFolders;
import io.github.facemask.dataset.PersonFolds;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.export.Exporter;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;

/** Trains a model, exports it as a fast program, and classifies a photo with it. */
public final class TrainAndClassify {

  private TrainAndClassify() {}

  /** Takes a folder with a folder for each class, the folder of all runs, and a photo. */
  public static void main(String[] args) throws IOException {
    PhotoSet photos = ClassFolders.read(Path.of(args[0]));
    // No person is on both sides of the split.
    Split split = PersonFolds.builder(photos, 3).optSeed(7).build().fold(0);
    TrainingRecipe recipe =
        TrainingRecipe.builder(Backbones.get("resnet18").withInputSize(96, 96), split)
            .optEpochs(3)
            .build();
    TrainingResult result = recipe.run(Path.of(args[1]));
    System.out.println("macro F1 " + result.best().macroF1() + ", run " + result.run().path());

    Path program = result.run().path().resolve("program");
    Exporter.builder(ModelFolder.open(result.model())).build().export(program);
    try (FaceClassifier classifier = FaceClassifier.open(program)) {
      FacePrediction face = classifier.classify(Path.of(args[2]));
      System.out.println(face.best().displayName() + ", " + face.probability(face.best()));
    }
  }
}
