package io.github.facemask.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelSoupTest {

  @TempDir static Path folder;

  private static ModelFolder first;
  private static ModelFolder second;
  private static ModelFolder third;

  @BeforeAll
  static void writeModels() throws IOException {
    first = model("first", 32, 1, "anna", "ben");
    second = model("second", 32, 2, "ben", "cleo");
    third = model("third", 32, 3, "dora");
  }

  private static ModelFolder model(String name, int side, long seed, String... people)
      throws IOException {
    Network network = Backbones.get("resnet18").withInputSize(side, side).network();
    return ModelFolder.write(
        folder.resolve(name),
        network,
        Initialization.random(network, seed),
        new ModelOrigin(
            new RunId(name),
            Digest.ofText("training"),
            Digest.ofText("validation"),
            ImmutableList.copyOf(people),
            (int) seed));
  }

  @Test
  void weightsAreTheMeanAndTheCardNamesThePartsAndAllTheirPeople() throws IOException {
    ModelFolder soup =
        ModelSoup.of(List.of(first, second)).withUnlikeStarts().write(folder.resolve("mean"));

    float[] a = first.weights().get("layer1.0.conv1.weight").toFloats();
    float[] b = second.weights().get("layer1.0.conv1.weight").toFloats();
    float[] mean = soup.weights().get("layer1.0.conv1.weight").toFloats();
    for (int i = 0; i < a.length; i++) {
      assertThat(mean[i]).isCloseTo((a[i] + b[i]) / 2, within(1e-7f));
    }
    ModelFolder opened = ModelFolder.open(soup.path());
    assertThat(opened).isEqualTo(soup);
    assertThat(opened.parts())
        .extracting(part -> part.weightsDigest())
        .containsExactly(first.weightsDigest(), second.weightsDigest());
    assertThat(opened.origin().trainingPeople()).containsExactly("anna", "ben", "cleo");
    assertThat(opened.origin().trainingData()).isEqualTo(Digest.ofText("training"));
  }

  @Test
  void aGreedySoupTakesWhatDoesNotHarm() throws IOException {
    // The second is best, the first does no harm with it, the third does.
    ModelSoup.Scorer judge =
        model -> {
          List<String> people = model.origin().trainingPeople();
          double alone =
              model.path().endsWith("second") ? 0.9 : people.contains("dora") ? 0.2 : 0.5;
          return model.parts().isEmpty() ? alone : people.contains("dora") ? 0.6 : 0.9;
        };

    ModelFolder soup =
        ModelSoup.of(List.of(first, second, third))
            .withGreedy(judge)
            .withUnlikeStarts()
            .write(folder.resolve("greedy"));

    assertThat(soup.parts())
        .extracting(part -> part.runId().value())
        .containsExactly("second", "first");
  }

  @Test
  void unlikeModelsAndFullFoldersAreRefused() throws IOException {
    ModelFolder other = model("other", 64, 4, "emil");
    Files.createDirectories(folder.resolve("full"));

    assertThatThrownBy(() -> ModelSoup.of(List.of(first, other)))
        .hasMessageContaining("another architecture, input, face crop, heads or attributes");
    assertThatThrownBy(() -> ModelSoup.of(List.of(first))).hasMessageContaining("two or more");
    assertThatThrownBy(() -> ModelSoup.of(List.of(first, first)))
        .hasMessageContaining("has the same weights as another part, ");
    assertThatThrownBy(() -> ModelSoup.of(List.of(first, second)).write(folder.resolve("full")))
        .hasMessageContaining("exists already");
    assertThatThrownBy(() -> ModelSoup.checkpoints(folder))
        .hasMessageContainingAll("kept epochs is 0", "two or more", "optKeepBest");
  }

  /** Puts a model into a run's folder with a record. */
  private static ModelFolder inRun(String name, long seed, String record) throws IOException {
    Path run = Files.createDirectories(folder.resolve(name));
    Path made = model("of-" + name, 32, seed, "anna").path();
    Files.writeString(run.resolve("run.json"), record);
    return ModelFolder.open(Files.move(made, run.resolve("model")));
  }

  @Test
  void runsThatDidNotStartFromTheSameWeightsAreRefusedWithTheDifference() throws IOException {
    String random = "{\"seed\": %d, \"network\": {\"weights\": \"random\"}}";
    String tuned = "{\"seed\": %d, \"network\": {\"weights\": \"%s\"}, \"startSha256\": \"%s\"}";
    ModelFolder seven = inRun("seven", 7, String.format(java.util.Locale.ROOT, random, 7));
    ModelFolder eight = inRun("eight", 8, String.format(java.util.Locale.ROOT, random, 8));
    ModelFolder like = inRun("like", 9, String.format(java.util.Locale.ROOT, random, 7));
    ModelFolder imagenet =
        inRun(
            "in", 10, String.format(java.util.Locale.ROOT, tuned, 7, "a.pth", "abcdef".repeat(9)));
    ModelFolder renamed =
        inRun(
            "re", 11, String.format(java.util.Locale.ROOT, tuned, 8, "b.pth", "abcdef".repeat(9)));

    assertThatThrownBy(() -> ModelSoup.of(List.of(seven, eight)).write(folder.resolve("no")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("random weights with seed 7")
        .hasMessageContaining("random weights with seed 8")
        .hasMessageContaining("withUnlikeStarts");
    assertThatThrownBy(() -> ModelSoup.of(List.of(seven, imagenet)).write(folder.resolve("no")))
        .hasMessageContaining("a.pth with seed 7 (abcdefabcdef)");
    assertThatThrownBy(() -> ModelSoup.of(List.of(first, seven)).write(folder.resolve("no")))
        .hasMessageContaining("first is missing, so nothing is known");
    assertThat(folder.resolve("no")).doesNotExist();
    assertThat(ModelSoup.of(List.of(seven, like)).write(folder.resolve("y1")).parts()).hasSize(2);
    // The same numbers under another name, with another seed that draws nothing.
    assertThat(ModelSoup.of(List.of(imagenet, renamed)).write(folder.resolve("y2")).parts())
        .hasSize(2);
  }

  @Test
  void aModelOfAnotherLabelSetIsRefused() throws IOException {
    Path card = model("strange", 32, 5, "fay").path().resolve("model.json");
    Files.writeString(card, Files.readString(card).replace("worn, male, under 30", "cat"));

    assertThatThrownBy(() -> ModelFolder.open(card.getParent()))
        .hasMessageContaining("label")
        .hasMessageContaining("'cat'")
        .hasMessageContaining("another label set");
  }
}
