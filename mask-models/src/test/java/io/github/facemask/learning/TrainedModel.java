package io.github.facemask.learning;

import io.github.facemask.backbone.Backbones;
import io.github.facemask.dataset.PersonFolds;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
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
    return in(folder, seed, 18);
  }

  /**
   * Trains a ResNet18 of a seed on some photos of 48 x 48 pixels, and validates it on a third of
   * them.
   *
   * @param folder where its photos and its run are written
   * @param seed the seed of its weights and batches
   * @param count the number of photos
   */
  public static TrainedModel in(Path folder, long seed, int count) throws IOException {
    PhotoSet photos = PhotoFiles.write(folder.resolve("photos"), count);
    TrainingRecipe recipe =
        TrainingRecipe.builder(Backbones.get("resnet18").withInputSize(48, 48), fold(photos))
            .optEpochs(1)
            .optSeed(seed)
            .build();
    return new TrainedModel(recipe.run(folder.resolve("runs")).run().path(), photos);
  }

  private static Split fold(PhotoSet photos) {
    return PersonFolds.builder(photos, 3).optSeed(1).build().fold(0);
  }

  /** Returns those of its photos that it was validated on. */
  public static PhotoSet validation(PhotoSet photos) {
    return fold(photos).validation();
  }

  /** Returns the photos' files. */
  public List<Path> files() {
    return photos.photos().stream().map(photo -> photo.file()).toList();
  }
}
