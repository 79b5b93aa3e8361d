package io.github.facemask.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.deploy.DeployFolder;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.label.FaceClass;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exported programs in the place of models. */
class ExportedMemberTest {

  @TempDir static Path folder;

  private static Path photos;
  private static Path runs;
  private static Path first;
  private static Path second;
  private static Path exported;

  @BeforeAll
  static void drawTrainAndExport() throws IOException {
    photos = folder.resolve("photos");
    runs = folder.resolve("runs");
    succeed("synth", "--out", photos, "--people", 20, "--eval-photos", 9, "--seed", 5);
    first = train("a", 1);
    second = train("b", 2);
    exported = folder.resolve("exported");
    succeed("export", "--model", first, "--out", exported, "--precision", "float32");
  }

  private static Path train(String name, int seed) throws IOException {
    Path out = runs.resolve(name);
    succeed("train", "--data", photos, "--runs", out, "--size", 32, "--epochs", 1, "--seed", seed);
    try (Stream<Path> inside = Files.list(out)) {
      return inside.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  private static MaskRun succeed(Object... arguments) {
    MaskRun run = MaskRun.of(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  private static PredictionTable predict(String name, Path model) throws IOException {
    Path out = folder.resolve(name);
    succeed("predict", "--data", photos, "--model", model, "--precision", "float32", "--out", out);
    return PredictionTable.read(out);
  }

  private static double furthest(PredictionTable one, PredictionTable other) {
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

  @Test
  void anEnsembleOfTheExportAnswersAsThatOfTheModelAndNamesBoth() throws IOException {
    Path models = folder.resolve("of-models");
    Path mixed = folder.resolve("of-export");
    succeed("ensemble", "--out", models, "--weights", "3,1", first, second);
    succeed("ensemble", "--out", mixed, "--weights", "3,1", exported, second);

    PredictionTable expected = predict("models.csv", models);
    PredictionTable found = predict("mixed.csv", mixed);

    assertThat(furthest(found, expected)).isCloseTo(0, within(1e-4));
    DeployFolder card = DeployFolder.open(exported);
    assertThat(found.origin().programs())
        .containsExactly(java.util.Map.entry(card.weightsDigest(), card.programDigest()));
    assertThat(found.origin().models()).isEqualTo(expected.origin().models());
    assertThat(Files.readString(mixed.resolve("ensemble.json")))
        .contains(card.programDigest().hex(), card.weightsDigest().hex());
    MaskRun traced = succeed("trace", folder.resolve("mixed.csv"), "--in", mixed, "--in", runs);
    assertThat(traced.out())
        .contains(
            "exported program",
            card.programDigest().hex(),
            "model " + first.resolve("model").toAbsolutePath(),
            "make it again and compare: mask reproduce",
            "0 changed");
  }

  @Test
  void anExportAloneIsJudgedSubmittedAndTracedWithoutItsRun() throws IOException {
    assertThat(furthest(predict("alone.csv", exported), predict("run.csv", first)))
        .isCloseTo(0, within(1e-4));
    assertThat(succeed("evaluate", "--data", photos, "--model", exported).out())
        .contains("macro F1");
    MaskRun seen = MaskRun.of("evaluate", "--data", photos, "--all", "--model", exported);
    assertThat(seen.code()).isEqualTo(2);
    assertThat(seen.err()).contains("exported learned from", "cannot judge it");

    Path csv = folder.resolve("submission.csv");
    succeed("submit", "--data", photos, "--model", exported, "--out", csv);
    assertThat(succeed("trace", csv, "--in", folder.resolve("nothing")).out())
        .contains("exported program", "the model itself: in none of", "make it again: mask train");
    assertThat(Files.readString(folder.resolve("submission.csv.origin.json")))
        .contains(DeployFolder.open(exported).programDigest().hex());
  }

  @Test
  void aTamperedExportIsNamedWhereverItIs() throws IOException {
    Path made = folder.resolve("tampered");
    succeed("ensemble", "--out", made, exported, second);
    Path program = made.resolve("members/0/program.pt");
    Files.write(program, new byte[] {1}, StandardOpenOption.APPEND);

    for (MaskRun run :
        new MaskRun[] {
          MaskRun.of("predict", "--data", photos, "--model", made),
          MaskRun.of("trace", made, "--in", runs)
        }) {
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains(program.toString(), "the file was changed");
    }
    // A whole export in the place of another one.
    Path other = folder.resolve("other");
    succeed("export", "--model", second, "--out", other);
    for (String file : new String[] {"program.pt", "deploy.json"}) {
      Files.copy(
          other.resolve(file),
          made.resolve("members/0").resolve(file),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
    assertThat(MaskRun.of("predict", "--data", photos, "--model", made).err())
        .contains("the member was exchanged");
    assertThat(MaskRun.of("trace", made, "--in", runs).err())
        .contains("holds another model than the manifest names", "deploy.json was changed");
  }

  @Test
  void theSameWeightsAsModelAndExportAreRefusedAndWeightsOfExportsDoNotAverage() {
    MaskRun twice = MaskRun.of("ensemble", "--out", folder.resolve("x"), first, exported);
    assertThat(twice.err()).contains("has the weights of another member");
    MaskRun soup = MaskRun.of("soup", "--out", folder.resolve("x"), exported, second);
    assertThat(soup.code()).isEqualTo(2);
    assertThat(soup.err()).contains("exported", "cannot be averaged");
  }

  @Test
  void anExportKeepsWhatItsModelLearnedFrom() throws IOException {
    assertThat(Ensemble.open(exported).members().get(0).model().origin())
        .isEqualTo(ModelFolder.open(first.resolve("model")).origin());
  }
}
