package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run for each fold, and predictions of everybody by a model that never saw them. */
class CrossValidateTest {

  @TempDir static Path folder;

  @Test
  void everyPhotoIsPredictedByAModelThatNeverSawItsPerson() throws IOException {
    Path photos = folder.resolve("photos");
    Path out = folder.resolve("cv");
    DrawnPhotos.copyTo(photos);

    MaskRun first = crossValidate(photos, out);

    assertThat(first.out()).contains("fold-1: macro F1").contains("all 252 photos");
    PredictionTable table = PredictionTable.read(out.resolve("out-of-fold.csv"));
    assertThat(table.ids())
        .containsExactlyInAnyOrderElementsOf(
            PstageFolder.read(photos).photos().stream().map(p -> p.id()).toList());
    assertThat(table.origin().runs()).hasSize(2);
    Set<String> learned = new HashSet<>();
    for (int fold = 0; fold < 2; fold++) {
      Path run = onlyRun(out.resolve("fold-" + fold));
      learned.addAll(ModelFolder.open(run.resolve("model")).origin().trainingPeople());
      // The two best of the two epochs stay.
      assertThat(run.resolve("checkpoints").resolve("epoch-0002")).exists();
      assertThat(RunJson.record(RunFolder.open(run)).at("/loss/classWeights")).hasSize(18);
    }
    assertThat(learned).hasSize(36);

    Path page = folder.resolve("cv.html");
    assertThat(succeed("report", "--judgement", out, "--out", page).out()).contains("2 folds");
    String html = Files.readString(page);
    assertThat(html)
        .contains("252 photos of 36 people", "Macro F1 of each fold", "Worst photos", "Confusion")
        .contains("Calibration", "Curves", "Choices that differ")
        .doesNotContain(folder.toString());
    PhotoSet all = PstageFolder.read(photos);
    for (int fold = 0; fold < 2; fold++) {
      Path run = onlyRun(out.resolve("fold-" + fold));
      Set<String> people =
          new HashSet<>(PhotoListing.read(run.resolve("photos.csv")).validation().people());
      PhotoSet validated = all.filter(photo -> people.contains(photo.person()));
      String score = String.format(Locale.ROOT, "%.4f", Evaluation.of(table, validated).macroF1());
      assertThat(html)
          .contains("<td>fold " + (fold + 1) + "</td><td>" + run.getFileName() + "</td>")
          .contains("<span>fold " + (fold + 1) + "</span>", "<td>" + score + "</td>");
    }
    Path judgement = folder.resolve("cv.json");
    Evaluation.of(table, all).write(judgement);
    Path again = folder.resolve("again.html");
    succeed("report", "--judgement", judgement, "--runs", out, "--out", again);
    assertThat(Files.readString(again)).contains("Runs of the folds", "Worst photos");
    Path without = folder.resolve("without.html");
    Path elsewhere = Files.createDirectories(folder.resolve("elsewhere")).resolve("cv.json");
    Files.copy(judgement, elsewhere);
    succeed("report", "--judgement", elsewhere, "--runs", folder.resolve("none"), "--out", without);
    assertThat(Files.readString(without))
        .contains("were not found", "Calibration")
        .doesNotContain("Runs of the folds");

    // Without one of the runs, the other stays as it is.
    Path kept = onlyRun(out.resolve("fold-0"));
    long written = Files.getLastModifiedTime(kept.resolve("metrics.jsonl")).toMillis();
    byte[] predictions = Files.readAllBytes(out.resolve("out-of-fold.csv"));
    Files.delete(onlyRun(out.resolve("fold-1")).resolve("run.json"));
    assertThat(crossValidate(photos, out).out())
        .contains(kept + ": complete, 2 epochs")
        .doesNotContain(kept + ": recorded, training begins");
    assertThat(Files.getLastModifiedTime(kept.resolve("metrics.jsonl")).toMillis())
        .isEqualTo(written);
    assertThat(PredictionTable.read(out.resolve("out-of-fold.csv")).ids()).isEqualTo(table.ids());
    assertThat(withoutComment(Files.readString(out.resolve("out-of-fold.csv"))))
        .isEqualTo(
            withoutComment(new String(predictions, java.nio.charset.StandardCharsets.UTF_8)));
  }

  @Test
  void aReportNeedsAModelOrACrossValidation() {
    MaskRun neither = MaskRun.of("report", "--data", folder, "--out", folder.resolve("x.html"));
    assertThat(neither.code()).isEqualTo(2);
    assertThat(neither.err())
        .contains("Missing required options: '--model=DIR'", "--judgement=DIR|FILE")
        .doesNotContain("'--data");

    MaskRun both =
        MaskRun.of(
            "report", "--judgement", folder, "--model", folder, "--out", folder.resolve("x.html"));
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).contains("expected neither --model nor --crops");

    MaskRun other = MaskRun.of("report", "--judgement", folder, "--out", folder.resolve("x.html"));
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("has no runs of folds", "'mask cross-validate' wrote");
  }

  @Test
  void oneFoldIsRefused() {
    MaskRun run = MaskRun.of("cross-validate", "--data", folder, "--out", folder.resolve("x"));

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--folds is 0").contains("two or more folds");
  }

  private static MaskRun crossValidate(Path photos, Path out) {
    List<Object> arguments = new ArrayList<>(ImmutableList.of("cross-validate", "--data", photos));
    arguments.addAll(
        ImmutableList.of(
            "--folds",
            2,
            "--out",
            out,
            "--backbone",
            "narrow_resnet",
            "--size",
            32,
            "--epochs",
            2));
    arguments.addAll(ImmutableList.of("--keep-best", 2, "--class-weights", "effective"));
    arguments.addAll(ImmutableList.of("--schedule", "multi_step", "--milestones", "3,5"));
    // Another number rounds otherwise, and a run is repeated below.
    arguments.addAll(ImmutableList.of("--threads", 1));
    return succeed(arguments.toArray());
  }

  private static String withoutComment(String csv) {
    return csv.substring(csv.indexOf('\n'));
  }

  private static Path onlyRun(Path fold) throws IOException {
    try (Stream<Path> runs = Files.list(fold)) {
      return runs.filter(r -> Files.exists(r.resolve("run.json"))).findFirst().orElseThrow();
    }
  }

  private static MaskRun succeed(Object... arguments) {
    MaskRun run = MaskRun.of(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }
}
