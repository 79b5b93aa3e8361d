package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.export.ExportedModel;
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
    DrawnPhotos.copyTo(photos);
    first = train("a", 1);
    second = train("b", 2);
    exported = folder.resolve("exported");
    succeed("export", "--model", first, "--out", exported, "--precision", "float32");
  }

  private static Path train(String name, int seed) throws IOException {
    Path out = runs.resolve(name);
    succeed(
        "train",
        "--data",
        photos,
        "--runs",
        out,
        "--backbone",
        "narrow_resnet",
        "--size",
        32,
        "--epochs",
        1,
        "--seed",
        seed);
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
    ExportedModel card = ExportedModel.open(exported);
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
            "can be reproduced: yes",
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
    assertThat(seen.err()).contains("exported was trained on", "cannot evaluate it");

    Path csv = folder.resolve("submission.csv");
    succeed("submit", "--data", photos, "--model", exported, "--out", csv);
    Path nothing = Files.createDirectory(folder.resolve("nothing"));
    assertThat(succeed("trace", csv, "--in", nothing).out())
        .contains("exported program", "the model itself: in none of", "made by: mask train");
    assertThat(Files.readString(folder.resolve("submission.csv.origin.json")))
        .contains(ExportedModel.open(exported).programDigest().hex());
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
  void aCardThatWasChangedIsRefusedEverywhere() throws IOException {
    Path made = folder.resolve("card");
    succeed("export", "--model", first, "--out", made);
    Path card = made.resolve("deploy.json");
    String text = Files.readString(card);
    Files.writeString(card, text.replaceFirst("\"epoch\" : 1", "\"epoch\" : 2"));
    for (MaskRun run :
        new MaskRun[] {
          MaskRun.of("predict", "--data", photos, "--model", made),
          MaskRun.of("evaluate", "--data", photos, "--model", made),
          MaskRun.of("trace", made, "--in", runs)
        }) {
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("deploy.json: was changed since the export");
    }
    Files.writeString(card, text.replaceFirst("cardSha256", "cardSha"));
    assertThat(MaskRun.of("predict", "--data", photos, "--model", made).err())
        .contains("was changed since the export");
    Files.writeString(
        card, text.replaceFirst("\"precision\" : \"[A-Z0-9]+\"", "\"precision\" : \"HALF\""));
    assertThat(MaskRun.of("predict", "--data", photos, "--model", made).err())
        .contains("precision is 'HALF', expected one of");
  }

  @Test
  void anEnsembleThatWasChangedIsNoLongerThatOfItsAnswers() throws IOException {
    Path made = folder.resolve("reweighted");
    Path csv = folder.resolve("reweighted-answers.csv");
    Path table = folder.resolve("reweighted-table.csv");
    succeed("ensemble", "--out", made, "--weights", "3,1", first, second);
    succeed("submit", "--data", photos, "--model", made, "--out", csv);
    predict("reweighted-table.csv", made);
    succeed("trace", csv, "--in", runs);
    succeed("trace", table, "--in", runs, "--in", made);

    Path manifest = made.resolve("ensemble.json");
    Files.writeString(
        manifest, Files.readString(manifest).replaceFirst("\"weight\" : 3", "\"weight\" : 4"));
    MaskRun changed = MaskRun.of("trace", csv, "--in", runs);
    assertThat(changed.code()).isEqualTo(2);
    assertThat(changed.err()).contains("reweighted was changed since this submission");
    MaskRun other = MaskRun.of("trace", table, "--in", runs, "--in", made);
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("the unchanged ensemble with manifest", "--in");
  }

  @Test
  void aRunWithoutItsModelIsNamed() throws IOException {
    Path run = train("modelless", 3);
    com.google.common.io.MoreFiles.deleteRecursively(
        run.resolve("model"), com.google.common.io.RecursiveDeleteOption.ALLOW_INSECURE);
    MaskRun traced = MaskRun.of("trace", run);
    assertThat(traced.code()).isEqualTo(2);
    assertThat(traced.err()).contains(run.resolve("model") + ": is missing");
    assertThat(MaskRun.of("export", "--model", run, "--out", folder.resolve("none")).err())
        .contains(run.resolve("model") + ": is missing")
        .doesNotContain("no epoch");
  }

  @Test
  void ofTwoRunsWithTheSameWeightsTheNamedOneIsTraced() throws IOException {
    // The same seed ends with the same weights.
    Path twin = train("atwin", 1);
    Path table = folder.resolve("of-twin.csv");
    predict("of-twin.csv", twin);
    assertThat(succeed("trace", table, "--in", runs).out())
        .contains("model " + twin.resolve("model").toAbsolutePath())
        .doesNotContain("model " + first.resolve("model").toAbsolutePath());
    Path again = folder.resolve("of-first.csv");
    predict("of-first.csv", first);
    assertThat(succeed("trace", again, "--in", runs).out())
        .contains("model " + first.resolve("model").toAbsolutePath());
  }

  @Test
  void aFolderIsNoFileToWrite() {
    MaskRun run = MaskRun.of("predict", "--data", photos, "--model", first, "--out", runs);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--out: " + runs + ": is a folder, expected the name of a file");
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
