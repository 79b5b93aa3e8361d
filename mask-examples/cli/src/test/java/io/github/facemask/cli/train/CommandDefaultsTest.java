package io.github.facemask.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.backbone.Backbones;
import io.github.facemask.cli.options.ValueConverters;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.label.FaceClass;
import io.github.facemask.recipe.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command's defaults are the library's. */
class CommandDefaultsTest {

  private final Split split = new Split(photos(0), photos(100), List.of());

  @Test
  void aTrainingWithoutOptionsIsTheDefaultRecipe() throws IOException {
    assertThat(recipe("--device", "cpu").toJson())
        .isEqualTo(TrainingRecipe.builder(Backbones.get("resnet18"), split).build().toJson());
  }

  @Test
  void anOptionIsAChangeOfTheRecipe() throws IOException {
    assertThat(recipe("--device", "cpu", "--epochs", "3", "--seed", "9").toJson())
        .isEqualTo(
            TrainingRecipe.builder(Backbones.get("resnet18"), split)
                .optEpochs(3)
                .optSeed(9)
                .build()
                .toJson());
  }

  private TrainingRecipe recipe(String... options) throws IOException {
    TrainCommand command = new TrainCommand();
    CommandLine line = new CommandLine(command);
    ValueConverters.register(line);
    line.parseArgs(
        IntStream.range(0, options.length + 2)
            .mapToObj(i -> i < 2 ? List.of("--data", "photos").get(i) : options[i - 2])
            .toArray(String[]::new));
    return command.options.recipe(split, "", Map.of());
  }

  private static PhotoSet photos(int first) {
    return PhotoSet.of(
        IntStream.range(first, first + FaceClass.COUNT)
            .mapToObj(
                i -> {
                  FaceClass of = FaceClass.ofId(i % FaceClass.COUNT);
                  Photo photo = new Photo("p" + i, Path.of("p" + i + ".jpg"));
                  return new FacePhoto(photo, "person " + i, of.age().firstYear(), of);
                })
            .toList());
  }
}
