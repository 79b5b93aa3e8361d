package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.primitives.Doubles;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.classify.FacePrediction;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.export.Exporter;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports by the command, and their answers. */
class ExportCommandTest {

  @TempDir static Path folder;

  private static Path model;
  private static List<Path> photos;

  @BeforeAll
  static void train() throws IOException {
    Path data = folder.resolve("photos");
    DrawnPhotos.copyTo(data);
    succeed("train", "--data", data, "--runs", folder.resolve("runs"), "--size", 48, "--epochs", 1);
    try (Stream<Path> runs = Files.list(folder.resolve("runs"))) {
      model = runs.findFirst().orElseThrow();
    }
    try (Stream<Path> files = Files.list(data.resolve("eval").resolve("images"))) {
      // Copies from a Mac leave files of such names beside photos.
      photos = files.filter(f -> !f.getFileName().toString().startsWith("._")).sorted().toList();
    }
  }

  private static FaceClassifier classifier() throws IOException {
    return FaceClassifier.builder(model).optPrecision(Precision.FLOAT32).open();
  }

  @Test
  void answersAsThePredictCommandDoes() throws IOException {
    Path table = folder.resolve("table.csv");
    succeed(
        "predict",
        "--model",
        model,
        "--precision",
        "float32",
        "--out",
        table,
        photos.get(0),
        photos.get(1));
    PredictionTable expected = PredictionTable.read(table);
    try (FaceClassifier classifier = classifier()) {
      for (int i = 0; i < 2; i++) {
        assertClose(classifier.classify(photos.get(i)), expected.probabilities(i));
      }
    }
  }

  @Test
  void anExportedProgramAnswersAsItsModel() throws IOException {
    for (String target : List.of("cpu", "portable")) {
      Path exported = folder.resolve("exported-" + target);
      MaskRun run =
          succeed(
              "export",
              "--model",
              model,
              "--out",
              exported,
              "--precision",
              "float32",
              "--target",
              target,
              "--explain",
              "--data",
              folder.resolve("photos"));
      assertThat(run.out())
          .contains("batch norms folded")
          .contains("100.00 % classified as in float32");
      try (FaceClassifier of = FaceClassifier.open(exported);
          FaceClassifier expected = classifier()) {
        double[] answer = Doubles.toArray(of.classify(photos.get(0)).probabilities());
        assertThat(Doubles.toArray(expected.classify(photos.get(0)).probabilities()))
            .containsExactly(answer, within(1e-5));
      }
    }
    // A loss that nobody can keep below leaves nothing behind.
    Path refused = folder.resolve("refused");
    Exporter greedy =
        Exporter.builder(ModelFolder.open(model.resolve("model")))
            .optGuard(PstageFolder.read(folder.resolve("photos")), -1)
            .build();
    assertThatThrownBy(() -> greedy.export(refused))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of macro F1, expected at most -1.0");
    String[] words = {
      "--model=" + model, "--out=" + refused, "", "--data=" + folder.resolve("photos")
    };
    assertThat(refused).doesNotExist();
    for (String loss : List.of("-1.0", "NaN", "1.5")) {
      words[2] = "--max-f1-loss=" + loss;
      MaskRun run = MaskRun.of("export", words[0], words[1], words[2], words[3]);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("--max-f1-loss is " + loss + ", expected 0 to 1");
    }
    // A program that was changed is not run.
    Path changed = folder.resolve("exported-cpu");
    byte[] bytes = Files.readAllBytes(changed.resolve("program.pt"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(changed.resolve("program.pt"), bytes);
    assertThatThrownBy(() -> FaceClassifier.open(changed)).hasMessageContaining("was changed");
  }

  @Test
  void aProgramOfBytesAnswersMuchAsItsModel() throws IOException {
    assumeTrue(Processor.here().addsBytesExactly(), "this processor has no VNNI");
    Path exported = folder.resolve("exported-int8");
    MaskRun run =
        succeed(
            "export",
            "--model",
            model,
            "--out",
            exported,
            "--precision",
            "int8",
            "--calibration-photos",
            20,
            "--max-f1-loss",
            "1",
            "--explain",
            "--data",
            folder.resolve("photos"));
    assertThat(run.out())
        .contains("20 convolutions and 0 linear maps in int8, calibrated on 20 photos")
        .contains("INT8, CPU");
    try (FaceClassifier bytes = FaceClassifier.open(exported);
        FaceClassifier expected = classifier()) {
      for (Path photo : photos) {
        assertThat(Doubles.toArray(bytes.classify(photo).probabilities()))
            .containsExactly(
                Doubles.toArray(expected.classify(photo).probabilities()), within(0.1));
      }
    }
  }

  @Test
  void whereSumsOfBytesOverflowAProgramOfBytesIsRefused() {
    assumeFalse(Processor.here().addsBytesExactly(), "this processor has VNNI: nothing to refuse");
    Path exported = folder.resolve("exported-overflow");
    MaskRun run =
        MaskRun.of(
            "export",
            "--model",
            model,
            "--out",
            exported,
            "--precision",
            "int8",
            "--calibration-photos",
            2,
            "--data",
            folder.resolve("photos"));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--precision is INT8, expected a processor with VNNI");
    assertThat(exported).doesNotExist();
  }

  @Test
  void bytesNeedPhotosToCalibrateOn() {
    String to = folder.resolve("never").toString();
    MaskRun blind = MaskRun.of("export", "--model", model, "--out", to, "--precision", "int8");
    assertThat(blind.code()).isEqualTo(2);
    assertThat(blind.err()).contains("--precision is INT8, expected --data with it");

    MaskRun idle = MaskRun.of("export", "--model", model, "--out", to, "--calibration-photos", 3);
    assertThat(idle.code()).isEqualTo(2);
    assertThat(idle.err()).contains("--calibration-photos is 3, expected --precision INT8");
    assertThat(folder.resolve("never")).doesNotExist();
  }

  private static void assertClose(FacePrediction actual, float[] expected) {
    for (int id = 0; id < expected.length; id++) {
      assertThat(actual.probabilities().get(id)).isCloseTo(expected[id], within(1e-5));
    }
  }

  private static MaskRun succeed(Object... arguments) {
    MaskRun run = MaskRun.of(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }
}
