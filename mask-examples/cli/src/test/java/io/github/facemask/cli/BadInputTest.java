package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.lab.synthetic.SyntheticFaces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong input gets one line that says what is wrong, code 2, and leaves nothing. */
class BadInputTest {

  @TempDir static Path folder;

  private static Path photos;

  @BeforeAll
  static void draw() throws IOException {
    photos = folder.resolve("photos");
    SyntheticFaces.builder(photos).optPeople(36).optEvaluationPhotos(7).optSeed(3).build().write();
  }

  private static void assertRefused(MaskRun run, String... parts) {
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(parts).doesNotContain("\tat ");
    assertThat(run.err().lines().filter(l -> l.startsWith("mask: ")).count()).isBetween(1L, 2L);
  }

  @Test
  void aMissingFolder() {
    assertRefused(
        MaskRun.of("train", "--data", folder.resolve("nowhere"), "--runs", folder.resolve("r0")),
        "nowhere");
    assertThat(folder.resolve("r0")).doesNotExist();
  }

  @Test
  void aBadCsvLine() throws IOException {
    Path copy = folder.resolve("badcsv");
    Files.createDirectories(copy.resolve("train/images"));
    Files.writeString(
        copy.resolve("train/train.csv"),
        "id,gender,race,age,path\n000001,female,Asian,old,000001_female_Asian_45\n");

    assertRefused(MaskRun.of("analyse", "--data", copy), "train.csv", "old");
  }

  @Test
  void anUnreadablePhotoIsNamed() throws IOException {
    Path bad = folder.resolve("not-a-photo.jpg");
    Files.writeString(bad, "not a photo");
    Path model = folder.resolve("model-for-bad-photo");
    Tiny.model(model);

    MaskRun run = MaskRun.of("predict", "--model", model, bad);
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains("not-a-photo.jpg: it is text");
  }

  @Test
  void aFaceDetectorThatIsNone() throws IOException {
    Path crops = folder.resolve("crops-of-none.jsonl");
    Path text = Files.writeString(folder.resolve("text.onnx"), "no network");
    assertRefused(
        MaskRun.of("crop", "--data", photos, "--out", crops, "--face-detector", text),
        "text.onnx",
        "FaceDetectorYN");
    assertRefused(
        MaskRun.of(
            "crop", "--data", photos, "--out", crops, "--face-detector", folder.resolve("no.onnx")),
        "no.onnx: there is no such file");
    assertThat(crops).doesNotExist();
  }

  @Test
  void anUnknownOptionValue() {
    assertRefused(
        MaskRun.of("train", "--data", photos, "--sampler", "best"), "--sampler", "INVERSE");
    assertRefused(MaskRun.of("train", "--data", photos, "--epochs", "many"), "--epochs", "many");
    assertRefused(MaskRun.of("train", "--data", photos, "--backbone", "resnet19"), "resnet18");
    assertRefused(MaskRun.of("train", "--data", photos, "--lr", "-1"), "learning rate is -1.0");
    assertRefused(
        MaskRun.of("train", "--data", photos, "--device", "tpu"), "tpu", "auto, cpu or gpu");
  }

  @Test
  void anUnknownOptionOfAConfigFile() throws IOException {
    Path config = Files.writeString(folder.resolve("run.yaml"), "epochs: 2\nlearnrate: 3\n");

    assertRefused(MaskRun.of("train", "--data", photos, "--config", config), "learnrate", "lr");
  }

  @Test
  void aFullDisk() throws IOException {
    try (Mount mount = Mount.of(folder.resolve("full"), "1m")) {
      Path full = mount.path();
      Path mine = Files.writeString(full.resolve("mine.csv"), "mine");
      mount.fill(0);
      Path drawn = full.resolve("photos");

      MaskRun run = MaskRun.of("synth", "--out", drawn, "--people", "36");

      assertRefused(run, drawn.toString(), "the disk is full");
      assertRefused(
          MaskRun.of("predict", "--data", photos, "--model", tiny(), "--out", mine),
          mine.toString(),
          "the disk is full");
      assertThat(mine).hasContent("mine");
      try (Stream<Path> files = Files.list(full)) {
        assertThat(files).hasSize(2);
      }
    }
  }

  @Test
  void aTargetThatExistsIsNotTouched() throws IOException {
    Path taken = folder.resolve("taken");
    Files.createDirectories(taken);
    Files.writeString(taken.resolve("mine.txt"), "mine");

    assertRefused(MaskRun.of("synth", "--out", taken, "--people", "36"), "taken");
    assertThat(taken.resolve("mine.txt")).hasContent("mine");
    try (Stream<Path> files = Files.list(folder)) {
      List<String> leftovers =
          files.map(f -> f.getFileName().toString()).filter(n -> n.startsWith(".")).toList();
      assertThat(leftovers).isEmpty();
    }
  }

  @Test
  void aFolderThatIsNoModel() {
    assertRefused(
        MaskRun.of("submit", "--data", photos, "--model", photos, "--out", folder.resolve("s.csv")),
        "--data or --model: ",
        "neither a model, a run, an exported program nor an ensemble");
    assertThat(folder.resolve("s.csv")).doesNotExist();
  }

  @Test
  void neitherModelNorPredictions() {
    assertRefused(
        MaskRun.of("submit", "--data", photos, "--out", folder.resolve("s.csv")),
        "--model DIR or --predictions FILE");
  }

  @Test
  void weightsThatCannotBeReadLeaveNoRun() throws IOException {
    Path text = Files.writeString(folder.resolve("weights.txt"), "no weights");
    Path runs = folder.resolve("r1");

    assertRefused(
        MaskRun.of("train", "--data", photos, "--runs", runs, "--size", 32, "--weights", text),
        "weights.txt");
    assertThat(runs).doesNotExist();
  }

  @Test
  void theOptionThatIsWrongIsNamed() {
    Object[][] wrong = {
      {"--data: ", "train", "--data", "nope"},
      {"--data: nope/", "predict", "--data", "nope", "--model", tiny()},
      {"--data is empty, expected", "train", "--data", ""},
      {"is empty, expected the name of a file or a folder", "predict", "--model", "", photos},
      {"--out: " + folder + ": is a folder", "crop", "--data", photos, "--out", folder},
      {"--out: " + folder + ": is a folder", "gallery", "--out", folder},
      {"--size: size is -3", "train", "--data", photos, "--size", -3},
      {"--keep-best: keep best is 0", "train", "--data", photos, "--keep-best", 0},
      {"--epochs: epochs is 0", "train", "--data", photos, "--epochs", 0, "--accumulate", 2},
      {"--lr: learning rate is -1.0", "train", "--data", photos, "--lr", -1},
      {"--device: device is tpu", "train", "--data", photos, "--device", "tpu"},
      {"--backbone: ", "train", "--data", photos, "--backbone", "resnet19"},
      {"--valid-share: ", "train", "--data", photos, "--valid-share", 2},
      {"--folds: ", "train", "--data", photos, "--folds", 1},
      {"--batch: ", "train", "--data", photos, "--batch", 0},
      {
        "'--threads': threads is -2, expected 1 to ",
        "evaluate",
        "--data",
        photos,
        "--threads",
        -2,
        "--model",
        tiny()
      },
      {"'--threads': threads is 0", "train", "--data", photos, "--threads", 0},
      {"'--threads': threads is -1", "train", "--data", photos, "--threads", -1},
      {"'--threads': threads is many", "resume", "run", "--threads", "many"},
      {"--weights: ", "train", "--data", photos, "--weights", "gone.pth"},
      {"--model: gone: ", "submit", "--data", photos, "--model", "gone", "--out", "s.csv"},
      {
        "--predictions: gone.csv",
        "submit",
        "--data",
        photos,
        "--predictions",
        "gone.csv",
        "--out",
        "s.csv"
      },
      {"'--epochs': 'two' is not a whole number", "train", "--data", photos, "--epochs", "two"},
      {"'--lr': 'fast' is not a number", "train", "--data", photos, "--lr", "fast"},
      {"--plan: gone.yaml", "ablate", "--out", folder.resolve("abl"), "--plan", "gone.yaml"},
    };
    for (Object[] row : wrong) {
      Object[] words = java.util.Arrays.copyOfRange(row, 1, row.length);
      assertRefused(MaskRun.of(words), row[0].toString());
    }
  }

  private static Path tiny() {
    Path model = folder.resolve("tiny");
    try {
      if (!Files.exists(model)) {
        Tiny.model(model);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return model;
  }

  @Test
  void aMissingTableOfCropsSaysWhatWritesOne() {
    assertRefused(
        MaskRun.of("train", "--data", photos, "--crops", "gone.jsonl"),
        "--crops: gone.jsonl: there is no such table of crops; 'mask crop");
    assertRefused(
        MaskRun.of("probe", "--data", photos, "--model", tiny(), "--crops", "gone.jsonl"),
        "'mask crop");
  }

  @Test
  void whatIsOnlyForTheProgramIsNoKeyOfAConfigFile() throws IOException {
    Path config = Files.writeString(folder.resolve("hidden.yaml"), "resumed: x\n");
    MaskRun run = MaskRun.of("train", "--data", photos, "--config", config);

    assertRefused(run, "there is no option 'resumed'", "epochs");
    assertThat(run.err().replaceFirst("'resumed'", "")).doesNotContain("resumed");
  }

  @Test
  void aPlanThatIsNoYamlIsNamedWithItsLine() throws IOException {
    Path plan = Files.writeString(folder.resolve("plan.yaml"), "seeds: [1\nswitches: {\n");

    assertRefused(
        MaskRun.of("ablate", "--out", folder.resolve("abl"), "--plan", plan),
        "plan.yaml:",
        "is not YAML");
  }

  @Test
  void aPlanWithOptionsThatTrainingLacksIsRefusedBeforeAnythingIsDrawn() throws IOException {
    Path out = folder.resolve("unplanned");
    Path plan = folder.resolve("options.yaml");
    String[][] wrong = {
      {"seeds: [1]\nswitches:\n  plain: {}\n  odd: {epoch: 2}\n", "'odd'", "--epoch"},
      {"seeds: [1]\nswitches:\n  long: {epochs: two}\n", "'long'", "'two' is not"},
      {"peple: 40\nseeds: [1]\nswitches: {a: {}}\n", "has 'peple'", "splitSeed"},
      {"people: 35\nseeds: [1]\nswitches: {a: {}}\n", "people is 35, expected 36 or more"},
      {"seeds: [one]\nswitches:\n  plain: {}\n", "a seed is 'one'"},
    };
    for (String[] row : wrong) {
      Files.writeString(plan, row[0]);
      assertRefused(
          MaskRun.of("ablate", "--out", out, "--plan", plan),
          java.util.stream.Stream.concat(
                  java.util.stream.Stream.of("--plan: ", "options.yaml: "),
                  java.util.Arrays.stream(row).skip(1))
              .toArray(String[]::new));
      assertThat(out).doesNotExist();
    }
  }
}
