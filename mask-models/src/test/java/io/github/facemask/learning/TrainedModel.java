package io.github.facemask.learning;

import io.github.facemask.backbone.Backbones;
import io.github.facemask.dataset.PersonFolds;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.recipe.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A small model that was trained for an epoch, and its photos.
 *
 * @param run its run
 * @param photos the photos, of 48 x 48 pixels
 */
public record TrainedModel(Path run, PhotoSet photos) {

  /**
   * Trains a ResNet18 on photos of 48 x 48 pixels.
   *
   * @param folder where its photos and its run are written
   */
  public static TrainedModel in(Path folder) throws IOException {
    return in(folder, 7);
  }

  /**
   * Trains a ResNet18 of a seed on photos of 48 x 48 pixels.
   *
   * @param folder where its photos and its run are written
   * @param seed the seed of its weights and batches
   */
  public static TrainedModel in(Path folder, long seed) throws IOException {
    PhotoSet photos = PhotoFiles.write(folder.resolve("photos"), 18);
    TrainingRecipe recipe =
        TrainingRecipe.builder(
                Backbones.get("resnet18").withInputSize(48, 48),
                PersonFolds.builder(photos, 3).optSeed(1).build().fold(0))
            .optEpochs(1)
            .optSeed(seed)
            .build();
    return new TrainedModel(recipe.run(folder.resolve("runs")).run().path(), photos);
  }

  /** Returns the photos' files. */
  public List<Path> files() {
    return photos.photos().stream().map(photo -> photo.file()).toList();
  }
}
