package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Presets, learning rates, tags, and the options of fine-tuning. */
final class FineTuningCommandsTest {

  @TempDir static Path folder;

  private static Path photos;

  @BeforeAll
  static void draw() throws IOException {
    photos = folder.resolve("photos");
    DrawnPhotos.copyTo(photos);
  }

  private static MaskRun train(String name, Object... more) {
    List<Object> words = new ArrayList<>(List.of("train", "--data", photos, "--size", 32));
    words.addAll(List.of("--valid-share", 0.4, "--runs", folder.resolve(name)));
    words.addAll(List.of(more));
    return MaskRun.of(words.toArray());
  }

  private static JsonNode record(String name) throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve(name))) {
      return RunJson.record(RunFolder.open(runs.findFirst().orElseThrow()));
    }
  }

  @Test
  void aPresetSetsWhatTheCommandLineAndTheConfigFileDoNot() throws IOException {
    Path config = Files.writeString(folder.resolve("config.yaml"), "lr: 2e-3\nclip: 3\n");
    MaskRun run =
        train(
            "preset",
            "--preset",
            "from-scratch",
            "--config",
            config,
            "--epochs",
            1,
            "--clip",
            "2",
            "--ema",
            "0");
    assertThat(run.code()).as(run.err()).isZero();

    JsonNode record = record("preset");
    assertThat(record.path("epochs").asInt()).isEqualTo(1);
    assertThat(record.path("ema").asDouble()).isZero();
    assertThat(record.path("gradientClipping").asDouble()).isEqualTo(2);
    assertThat(record.at("/optimizer/learningRate").asDouble()).isEqualTo(2e-3);
    assertThat(record.at("/loss/labelSmoothing").asDouble()).isEqualTo(0.1);
    assertThat(record.at("/network/dropPathRate").asDouble()).isEqualTo(0.05);
    assertThat(record.at("/schedule/share").asDouble()).isEqualTo(0.5);
  }

  @Test
  void everyPresetHasOptionsOfTheCommand() {
    for (String preset : List.of("finetune", "finetune-small", "FROM_SCRATCH")) {
      // The photos are missing: the options were understood before.
      MaskRun run = MaskRun.of("train", "--data", folder.resolve("none"), "--preset", preset);
      assertThat(run.err()).contains("none").doesNotContain("option");
    }
    MaskRun wrong = train("wrong", "--preset", "tiny");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err())
        .contains("--preset is 'tiny', expected one of finetune-small, finetune, from-scratch");
  }

  @Test
  void optionsOutOfRangeAreNamed() {
    assertThat(train("x", "--drop-rate", 1).err())
        .contains("mask: --drop-rate: drop rate is 1.0, expected 0 to below 1");
    assertThat(train("x", "--drop-path-rate", -1).err()).contains("mask: --drop-path-rate: ");
    assertThat(train("x", "--head-rate", 0).err()).contains("mask: --head-rate: ");
    assertThat(train("x", "--unfreeze-every", 1).err())
        .contains("mask: --unfreeze-every: unfreeze every is 1, expected 0 if no stage is frozen");
    assertThat(train("x", "--warmup-epochs", 10, "--epochs", 10).err())
        .contains("mask: --warmup-epochs: ");
    assertThat(train("x", "--linear-probe").err())
        .contains("mask: --linear-probe: ", "expected pretrained weights or a file of weights");
    assertThat(train("x", "--accept-licence", "cc-by-nc-4.0").err())
        .contains("mask: --accept-licence is cc-by-nc-4.0, expected --weights pretrained with it");
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void findRateWritesAPageAndSuggestsARate() throws IOException {
    Path page = folder.resolve("rates.html");
    MaskRun run =
        MaskRun.of(
            "find-rate",
            "--data",
            photos,
            "--size",
            32,
            "--batch",
            16,
            "--sampler",
            "shuffled",
            "--steps",
            20,
            "--out",
            page);
    assertThat(run.code()).as(run.err()).isZero();

    assertThat(run.out()).containsPattern("suggested: --lr \\d\\.\\de-\\d\\d");
    assertThat(Files.readString(page)).contains("<svg", "log10 of the learning rate", "--lr");
    assertThat(MaskRun.of("find-rate", "--data", photos, "--from", 1, "--to", 0.1).err())
        .contains("mask: --to: to is 0.1, expected above 1.0");
    assertThat(MaskRun.of("find-rate", "--data", photos, "--steps", 3).err())
        .contains("mask: --steps: steps is 3, expected 10 or more");
  }

  @Test
  void tagsAreListedWithTheirLicence() {
    MaskRun run = MaskRun.of("models", "--tags", "ResNet18");
    assertThat(run.out())
        .contains("resnet18.a1_in1k", "resnet18.tv_in1k", "cc-by-nc-4.0")
        .doesNotContain("resnet34", "vit_");
    assertThat(MaskRun.of("models", "--tags").out()).contains("vit_base_r50_s16_384.orig_in21k_ft");
    assertThat(MaskRun.of("models", "--tags", "vgg").err()).contains("mask: --tags: ");
  }

  @Test
  void theDoctorNamesThePlacesOfWeights() {
    assertThat(MaskRun.of("doctor").out()).contains("cache of Hugging Face", "cache of torch.hub");
  }

  @Test
  void aPresetYieldsToAnOptionThatExcludesOneOfIts() throws IOException {
    MaskRun run =
        train("steps", "--preset", "from-scratch", "--epochs", 1, "--ema", 0, "--warmup-steps", 2);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(record("steps").at("/schedule/steps").asInt()).isEqualTo(2);
  }

  @Test
  void aRunIsStartedFromByItsFolder() throws IOException {
    assertThat(train("first", "--epochs", 1, "--ema", 0.5).code()).isZero();
    Path first;
    try (Stream<Path> runs = Files.list(folder.resolve("first"))) {
      first = runs.findFirst().orElseThrow();
    }
    MaskRun run = train("second", "--epochs", 1, "--weights", first);
    assertThat(run.code()).as(run.err()).isZero();

    assertThat(record("second").at("/startedFrom/sha256").asText())
        .isEqualTo(Digest.ofFile(first.resolve("model/weights.safetensors")).hex());
    assertThat(run.out()).contains("starts from " + first.resolve("model/weights.safetensors"));
  }

  @Test
  void aNameIsNotTakenForAPath() throws IOException {
    Path odd = Files.writeString(folder.resolve("odd"), "<html>");
    MaskRun run = train("named", "--weights", odd, "--name", odd.getFileName());
    assertThat(run.err()).contains("mask: --weights: ").doesNotContain("--name: ");
  }
}
