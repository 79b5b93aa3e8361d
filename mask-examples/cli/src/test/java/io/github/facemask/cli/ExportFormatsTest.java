package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.label.FaceClass;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports as ONNX, for timm, and of ensembles, with their cards. */
class ExportFormatsTest {

  @TempDir static Path folder;

  private static Path photos;
  private static Path runs;
  private static Path first;
  private static Path second;

  @BeforeAll
  static void drawAndTrain() throws IOException {
    photos = folder.resolve("photos");
    runs = folder.resolve("runs");
    DrawnPhotos.copyTo(photos);
    first = train("a", 32, "--seed", 1);
    second = train("b", 32, "--seed", 2, "--heads", "attributes");
  }

  private static Path train(String name, int size, Object... more) throws IOException {
    Path out = runs.resolve(name);
    Stream<Object> usual =
        Stream.of("train", "--data", photos, "--runs", out, "--size", size, "--epochs", 1);
    succeed(Stream.concat(usual, Stream.of(more)).toArray());
    try (Stream<Path> inside = Files.list(out)) {
      return inside.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  @Test
  void anOnnxExportAnswersAsItsModelAndSaysWhatItIs() throws IOException {
    Path exported = folder.resolve("onnx");
    MaskRun run =
        succeed(
            "export",
            "--model",
            second,
            "--out",
            exported,
            "--format",
            "onnx",
            "--explain",
            "--data",
            photos);

    assertThat(run.out())
        .contains("opset 17", "100.00 % classified as in float32", "resnet18, FLOAT32, ONNX");
    assertThat(furthest(predict("onnx.csv", exported), predict("second.csv", second)))
        .isCloseTo(0, within(1e-4));
    assertThat(succeed("evaluate", "--data", photos, "--model", exported).out())
        .contains("macro F1");
    try (InputStream in = Files.newInputStream(exported.resolve("model.onnx"))) {
      ModelProto model = ModelProto.parseFrom(in);
      Map<String, String> said =
          model.getMetadataPropsList().stream()
              .collect(Collectors.toMap(e -> e.getKey(), e -> e.getValue()));
      ModelFolder card = ModelFolder.open(second.resolve("model"));
      assertThat(model.getProducerName()).isEqualTo("facemask");
      assertThat(said)
          .containsEntry("architecture", "resnet18")
          .containsEntry("weightsSha256", card.weightsDigest().hex())
          .containsEntry("attributes", "[\"mask\",\"gender\",\"age\"]");
      assertThat(new ObjectMapper().readTree(said.get("labels"))).hasSize(18);
      assertThat(new ObjectMapper().readTree(said.get("preprocessing")).path("height").asInt())
          .isEqualTo(32);
      assertThat(said.get("origin"))
          .contains(card.origin().runId().value())
          .doesNotContain(card.origin().trainingPeople().get(0));
    }
    byte[] bytes = Files.readAllBytes(exported.resolve("model.onnx"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(exported.resolve("model.onnx"), bytes);
    assertThat(MaskRun.of("predict", "--data", photos, "--model", exported).err())
        .contains("model.onnx: has digest", "the file was changed");
  }

  @Test
  void anEnsembleIsOneProgramInEitherForm() throws IOException {
    Path ensemble = folder.resolve("ensemble");
    succeed(
        "ensemble",
        "--out",
        ensemble,
        "--weights",
        "3,1",
        "--temperatures",
        "1.5,1",
        "--flip",
        first,
        second);
    PredictionTable expected = predict("ensemble.csv", ensemble);

    for (String format : List.of("torchscript", "onnx")) {
      Path exported = folder.resolve("ensemble-" + format);
      succeed(
          "export",
          "--model",
          ensemble,
          "--out",
          exported,
          "--precision",
          "float32",
          "--format",
          format);
      PredictionTable found = predict("ensemble-" + format + ".csv", exported);
      assertThat(furthest(found, expected)).as(format).isCloseTo(0, within(1e-4));
      assertThat(ExportedModel.open(exported).origin().trainingPeople())
          .containsAll(ModelFolder.open(first.resolve("model")).origin().trainingPeople());
      assertThat(MaskRun.of("evaluate", "--data", photos, "--all", "--model", exported).err())
          .contains("was trained on", "cannot evaluate it");
      Path nothing = Files.createDirectories(folder.resolve("nothing"));
      assertThat(succeed("trace", exported, "--in", nothing).out())
          .contains(
              "exported ensemble", first.getFileName().toString(), second.getFileName().toString());
      assertThat(exported.resolve("README.md"))
          .content()
          .contains("It holds 4 models, which vote by soft vote");
    }
  }

  @Test
  void whatOneProgramCannotHoldIsRefusedInALine() throws IOException {
    Path wide = train("wide", 48, "--seed", 3);
    Path sizes = folder.resolve("sizes");
    succeed("ensemble", "--out", sizes, first, wide);
    Path ranks = folder.resolve("ranks");
    succeed("ensemble", "--out", ranks, "--combine", "rank_mean", first, second);
    Path never = folder.resolve("never");

    for (String format : List.of("torchscript", "onnx")) {
      assertRefused(
          MaskRun.of("export", "--model", sizes, "--out", never, "--format", format),
          "32 x 32 pixels",
          "48 x 48 pixels",
          "train or choose members of one size");
      assertRefused(
          MaskRun.of("export", "--model", ranks, "--out", never, "--format", format),
          "rank mean",
          "make the ensemble with a soft vote");
    }
    assertRefused(
        MaskRun.of("export", "--model", ranks, "--out", never, "--format", "safetensors"),
        "timm has no votes");
    assertThat(never).doesNotExist();
  }

  @Test
  void aFolderForTimmHasTheWeightsAndWhatTimmReads() throws IOException {
    Path scores = folder.resolve("scores.json");
    Path exported = folder.resolve("timm");
    succeed("evaluate", "--data", photos, "--model", second, "--out", scores);
    succeed(
        "export",
        "--model",
        second,
        "--out",
        exported,
        "--format",
        "safetensors",
        "--evaluation",
        scores);

    assertThat(Files.readAllBytes(exported.resolve("model.safetensors")))
        .isEqualTo(Files.readAllBytes(second.resolve("model/weights.safetensors")));
    JsonNode config = new ObjectMapper().readTree(exported.resolve("config.json").toFile());
    assertThat(config.path("architecture").asText()).isEqualTo("resnet18");
    assertThat(config.path("num_classes").asInt()).isEqualTo(8);
    assertThat(config.path("label_names")).hasSize(8);
    assertThat(config.path("label_names").get(3).asText()).isEqualTo("gender: male");
    JsonNode input = config.path("pretrained_cfg");
    assertThat(input.path("input_size")).hasToString("[3,32,32]");
    assertThat(input.path("interpolation").asText()).isEqualTo("bicubic");
    assertThat(input.path("classifier").asText()).isEqualTo("fc");
    assertThat(exported.resolve("README.md"))
        .content()
        .contains("library_name: timm", "| mask | ", "| age: from 60 | ", "a little too high");
    assertRefused(
        MaskRun.of(
            "export", "--model", first, "--out", folder.resolve("never"), "--evaluation", scores),
        "the evaluation is of the weights",
        "evaluate the model itself");
  }

  @Test
  void aCardNamesTheDataTheRecipeAndTheLimitsWithoutFolders() throws IOException {
    Path exported = folder.resolve("card");
    succeed("export", "--model", first, "--out", exported, "--precision", "float32");

    String card = Files.readString(exported.resolve("README.md"));

    assertThat(card)
        .startsWith("---\nlicense: unknown\nlibrary_name: pytorch\n")
        .contains(ModelFolder.open(first.resolve("model")).origin().trainingData().hex())
        .contains("No scores were measured at the export.", "chosen by this score")
        .contains("drawn by a program", "optimizer adamw", "seed 1")
        .contains("It does not identify people")
        .contains("started from random numbers, so no licence of other weights holds")
        .contains("train --data photos --runs a --size 32")
        .doesNotContain(folder.toString());
  }

  @Test
  void theLicenceOfTheWeightsThatTrainingStartedFromIsInTheCard() throws IOException {
    Path run = train("licensed", 32, "--seed", 4);
    Path record = run.resolve("run.json");
    Files.writeString(
        record,
        Files.readString(record)
            .replaceFirst(
                "\"startedFrom\"\\s*:\\s*\\{", "\"startedFrom\": { \"licence\": \"Apache-2.0\","));
    Path exported = folder.resolve("licensed");

    succeed("export", "--model", run, "--out", exported, "--precision", "float32");

    assertThat(exported.resolve("README.md"))
        .content()
        .contains("license: apache-2.0")
        .contains("Training started from weights under Apache-2.0.");
  }

  @Test
  void optionsThatDoNotGoTogetherAreNamed() {
    assertRefused(
        export("--format", "onnx", "--precision", "int8", "--data", photos),
        "--precision is INT8, expected FLOAT32 for --format ONNX");
    assertRefused(
        export("--format", "onnx", "--target", "cpu"),
        "--target is CPU, expected none for --format ONNX");
    assertRefused(
        export("--format", "safetensors", "--data", photos),
        "--data is given, expected none for --format SAFETENSORS",
        "--evaluation");
    assertRefused(
        export("--format", "safetensors", "--explain"),
        "--explain is given, expected none for --format SAFETENSORS");
    assertRefused(
        export("--evaluation", "scores.json", "--data", photos),
        "--evaluation is scores.json, expected it without --data");
    assertThat(folder.resolve("refused")).doesNotExist();
  }

  private static MaskRun export(Object... more) {
    Stream<Object> usual =
        Stream.of("export", "--model", first, "--out", folder.resolve("refused"));
    return MaskRun.of(Stream.concat(usual, Stream.of(more)).toArray());
  }

  private static void assertRefused(MaskRun run, String... said) {
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(said);
    assertThat(run.err().lines().filter(line -> line.startsWith("mask: ")))
        .as(run.err())
        .hasSizeLessThanOrEqualTo(2);
    assertThat(run.err()).doesNotContain("\tat ");
  }

  private static PredictionTable predict(String name, Path model) throws IOException {
    Path out = folder.resolve(name);
    succeed("predict", "--data", photos, "--model", model, "--precision", "float32", "--out", out);
    return PredictionTable.read(out);
  }

  private static double furthest(PredictionTable one, PredictionTable other) {
    assertThat(one.size()).isEqualTo(other.size());
    double furthest = 0;
    for (int row = 0; row < one.size(); row++) {
      int same = other.row(one.ids().get(row)).orElseThrow();
      for (int id = 0; id < FaceClass.COUNT; id++) {
        furthest =
            Math.max(furthest, Math.abs(one.probability(row, id) - other.probability(same, id)));
      }
    }
    return furthest;
  }

  private static MaskRun succeed(Object... arguments) {
    MaskRun run = MaskRun.of(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }
}
