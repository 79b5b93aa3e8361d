package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.Member;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.preprocessing.View;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fitted votes, averaged weights, traces and runs made again, on a small drawn set. */
class EnsembleCommandsTest {

  @TempDir static Path folder;

  private static Path photos;
  private static Path first;
  private static Path second;

  @BeforeAll
  static void drawAndTrain() throws IOException {
    photos = folder.resolve("photos");
    DrawnPhotos.copyTo(photos);
    first = crossValidate("a", 1);
    second = crossValidate("b", 2);
  }

  private static Path crossValidate(String name, int seed) {
    Path out = folder.resolve("cv").resolve(name);
    succeed(
        "cross-validate",
        "--data",
        photos,
        "--folds",
        2,
        "--out",
        out,
        "--backbone",
        "narrow_resnet",
        "--size",
        32,
        "--epochs",
        2,
        "--seed",
        seed,
        "--keep-best",
        2,
        "--threads",
        1);
    return out;
  }

  private static Path run(Path validation, int fold) throws IOException {
    try (Stream<Path> inside = Files.list(validation.resolve("fold-" + fold))) {
      return inside.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  private static MaskRun succeed(Object... arguments) {
    MaskRun run = MaskRun.of(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  private static void refuse(String message, Object... arguments) {
    MaskRun run = MaskRun.of(arguments);
    assertThat(run.code()).as(run.out()).isEqualTo(2);
    assertThat(run.err()).contains(message);
  }

  @Test
  void whatCannotBeMeantIsRefusedBeforeAnythingIsWritten() throws IOException {
    Path one = run(first, 0);
    Path other = run(first, 1);
    Path out = folder.resolve("never");
    refuse("weights are all 0", "ensemble", "--out", out, "--weights", "0,0", one, other);
    refuse(
        "expected --answers with it", "ensemble", "--out", out, "--combine", "by_attribute", one);
    refuse(
        "--answers goes with --combine by_attribute",
        "ensemble",
        "--out",
        out,
        "--answers",
        "mask",
        one);
    refuse("has the same weights as another part, " + one, "soup", "--out", out, one, one);
    refuse("is named twice", "compare", "--out", out, one, one);
    refuse("--in: " + out + ": there is no such folder", "trace", one, "--in", out);
    refuse(
        "are both " + out,
        "evaluate",
        "--data",
        photos,
        "--model",
        one,
        "--out",
        out,
        "--predictions",
        out);
    assertThat(out).doesNotExist();
  }

  @Test
  void aMemberOfNoWeightIsLeftOutWithAWord() throws IOException {
    Path made = folder.resolve("one-of-two");
    MaskRun run =
        succeed("ensemble", "--out", made, "--weights", "0,1", run(first, 0), run(first, 1));
    assertThat(run.err()).contains(run(first, 0) + " has weight 0 and is left out");
    assertThat(run.out()).contains("an ensemble of 1 model\n");
    assertThat(succeed("export", "--model", made, "--out", made + "-exported").out())
        .contains("one-of-two-exported: narrow_resnet");
  }

  @Test
  void aCrossValidationsPredictionsAreTracedIntoItsOwnFolds() {
    assertThat(succeed("trace", first.resolve("out-of-fold.csv")).out())
        .contains("every digest is right");
  }

  @Test
  void weightsAndTemperaturesAreFittedOutOfFoldAndTheManifestSaysHow() throws IOException {
    Path best = folder.resolve("best");
    MaskRun run =
        succeed(
            "ensemble",
            "--out",
            best,
            "--data",
            photos,
            "--fit",
            "greedy",
            "--temperatures",
            "fit",
            "--combine",
            "geometric_mean",
            first,
            second);

    assertThat(run.out())
        .contains("gain (95 % by person)", "fitted to these, so evaluate it on others");
    Ensemble ensemble = Ensemble.open(best);
    assertThat(ensemble.members().stream().mapToDouble(Member::weight).sum())
        .isCloseTo(1, org.assertj.core.api.Assertions.within(1e-9));
    assertThat(ensemble.fitting().orElseThrow().search()).isEqualTo("greedy");
    assertThat(ensemble.temperatures())
        .isEqualTo(ensemble.fitting().orElseThrow().calibration())
        .isNotEmpty();
    assertThat(ensemble.fitting().orElseThrow().tables())
        .containsExactly(
            Digest.ofFile(first.resolve("out-of-fold.csv")),
            Digest.ofFile(second.resolve("out-of-fold.csv")));
    assertThat(ensemble.fitting().orElseThrow().macroF1())
        .isGreaterThanOrEqualTo(ensemble.fitting().orElseThrow().bestSingle());
  }

  @Test
  void predictionsOfPeopleThatAMemberLearnedFromAreRefusedByName() throws IOException {
    Path member = run(first, 0);
    Path table = folder.resolve("own.csv");
    // Predictions of the very photos that it learned from.
    succeed(
        "evaluate",
        "--data",
        photos,
        "--folds",
        2,
        "--fold",
        0,
        "--model",
        member,
        "--predictions",
        table);
    String person = ModelFolder.open(member.resolve("model")).origin().trainingPeople().get(0);
    String photo =
        PstageFolder.read(photos).stream()
            .filter(p -> p.person().equals(person))
            .findFirst()
            .orElseThrow()
            .photo()
            .id();
    String csv = Files.readString(table);
    String row = csv.substring(csv.lastIndexOf('\n', csv.length() - 2) + 1);
    Files.writeString(table, csv + photo + row.substring(row.indexOf(',')));

    MaskRun refused =
        MaskRun.of(
            "ensemble",
            "--out",
            folder.resolve("no"),
            "--data",
            photos,
            "--fit",
            "coordinate",
            "--out-of-fold",
            table,
            member);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("was trained on 1 of these", person);
    assertThat(folder.resolve("no")).doesNotExist();

    MaskRun others =
        MaskRun.of(
            "ensemble",
            "--out",
            folder.resolve("no"),
            "--data",
            photos,
            "--fit",
            "greedy",
            "--out-of-fold",
            second.resolve("out-of-fold.csv"),
            member);
    assertThat(others.code()).isEqualTo(2);
    assertThat(others.err()).contains("expected its own");
  }

  @Test
  void flippedMembersShareTheWeightAndThePass() throws IOException {
    Path both = folder.resolve("flip");
    succeed("ensemble", "--out", both, "--flip", run(first, 0));

    assertThat(Ensemble.open(both).members())
        .extracting(Member::view)
        .containsExactly(View.WHOLE, View.FLIPPED);
    succeed("evaluate", "--data", photos, "--folds", 2, "--fold", 0, "--model", both);
  }

  @Test
  void epochsOfARunAverageIntoAModelThatNamesThem() throws IOException {
    Path run = run(first, 0);
    Path average = folder.resolve("average");
    MaskRun averaged =
        succeed("soup", "--out", average, "--data", photos, "--folds", 2, "--fold", 0, run);
    assertThat(averaged.err()).contains("statistics as in run " + run.getFileName());

    ModelFolder model = ModelFolder.open(average);
    assertThat(model.parts()).extracting(p -> p.epoch()).containsExactly(1, 2);
    assertThat(model.origin().trainingPeople())
        .isEqualTo(ModelFolder.open(run.resolve("model")).origin().trainingPeople());
    succeed("evaluate", "--data", photos, "--folds", 2, "--fold", 0, "--model", average);
    assertThat(succeed("trace", average, "--in", first).out()).contains("epoch: 1", "epoch: 2");

    Path greedy = folder.resolve("greedy");
    MaskRun judged =
        succeed(
            "soup", "--out", greedy, "--greedy", "--data", photos, "--folds", 2, "--fold", 0, run);
    assertThat(judged.out()).contains("epoch 1: macro F1", "average of 2: macro F1");
  }

  @Test
  void aSubmissionIsTracedToItsPhotosAndWhatWasChangedIsNamed() throws IOException {
    Path best = folder.resolve("traced");
    Path csv = folder.resolve("submission.csv");
    succeed("ensemble", "--out", best, run(second, 0), run(second, 1));
    MaskRun submitted = succeed("submit", "--data", photos, "--model", best, "--out", csv);
    assertThat(submitted.out()).contains("as in training");
    assertThat(Files.readAllLines(csv).get(0)).isEqualTo("ImageID,ans");

    MaskRun clean = succeed("trace", csv);
    assertThat(clean.out())
        .contains(
            "submission",
            "ensemble",
            "member members/1",
            "made by: mask cross-validate",
            "checked: 252 photos, 0 changed");

    Path photo = PstageFolder.read(photos).get(0).photo().file();
    byte[] bytes = Files.readAllBytes(photo);
    Files.write(photo, new byte[] {0}, java.nio.file.StandardOpenOption.APPEND);
    MaskRun changed = MaskRun.of("trace", csv);
    Files.write(photo, bytes);
    assertThat(changed.code()).isEqualTo(2);
    assertThat(changed.err())
        .contains("1 photos were changed", PstageFolder.read(photos).get(0).photo().id());

    Files.writeString(csv, "ImageID,ans\n");
    assertThat(MaskRun.of("trace", csv).err()).contains("submission.csv was changed");
    Path card = best.resolve("members/1/model.json");
    Files.writeString(card, Files.readString(card).replace("\"epoch\" : ", "\"epoch\" : 1"));
    assertThat(MaskRun.of("trace", best).err()).contains("members/1/model.json was changed");
    Files.delete(best.resolve("members/0/model.json"));
    MaskRun missing = MaskRun.of("trace", best);
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).contains("members/0 is missing");
  }

  @Test
  void aRunMadeAgainIsTheSameAndAFalsifiedOneIsFoundOut() throws IOException {
    Path run = run(second, 1);
    assertThat(PhotoListing.read(run.resolve(PhotoListing.FILE)).digests()).hasSize(252);
    assertThat(succeed("reproduce", run).out()).contains("the same: 2 epochs and the weights");

    Path metrics = run.resolve("metrics.jsonl");
    String lines = Files.readString(metrics);
    Files.writeString(metrics, lines.replaceFirst("\"accuracy\":0", "\"accuracy\":7"));
    MaskRun found = MaskRun.of("reproduce", run);
    Files.writeString(metrics, lines);
    assertThat(found.code()).isEqualTo(2);
    assertThat(found.err()).contains("not the same: accuracy of epoch 1 was 7");
  }

  @Test
  void aReportShowsGainsHeatMapsMixingAndTrace() throws IOException {
    Path best = folder.resolve("reported");
    Path page = folder.resolve("report.html");
    succeed("ensemble", "--out", best, run(first, 0), run(second, 0));
    succeed(
        "report",
        "--data",
        photos,
        "--folds",
        2,
        "--fold",
        0,
        "--model",
        best,
        "--runs",
        folder.resolve("cv"),
        "--out",
        page);

    String html = Files.readString(page);
    assertThat(html)
        .contains("gain (95 % by person)", "Similarity of the members", "95 % of F1")
        .contains("Curves of " + run(first, 0).getFileName(), "Curves of ")
        .contains("What was seen on the worst photos", "CutMix on training photos", "Trace")
        .doesNotContain("http://", "https://", "<script");

    Path compared = folder.resolve("compare.html");
    succeed("compare", "--out", compared, run(first, 0), run(second, 0));
    assertThat(Files.readString(compared)).contains("Choices that differ", "seed");
  }

  @Test
  void aProbeHidesEachPart() throws IOException {
    MaskRun run =
        succeed("probe", "--data", photos, "--folds", 2, "--fold", 0, "--model", run(first, 0));

    assertThat(run.out())
        .contains(
            "126 of 126 validation photos", "clothes hidden", "background hidden", "face hidden");
  }

  @Test
  void aProbeOfAModelOfFacesHidesPartsOfItsCrops() throws IOException {
    Path runs = folder.resolve("faces");
    Path few = folder.resolve("few");
    Path crops = folder.resolve("crops.jsonl");
    DrawnPhotos.copyTo(few, 12);
    succeed("crop", "--data", few, "--out", crops);
    succeed(
        "train",
        "--data",
        few,
        "--runs",
        runs,
        "--crops",
        crops,
        "--unaudited-crops",
        "--backbone",
        "narrow_resnet",
        "--size",
        32,
        "--epochs",
        1);
    Path run;
    try (Stream<Path> inside = Files.list(runs)) {
      run = inside.findFirst().orElseThrow();
    }

    MaskRun drawn = succeed("probe", "--data", few, "--model", run);
    assertThat(drawn.out().lines().filter(l -> l.matches(".* hidden .*, \\d+ % of the crops")))
        .hasSize(3);
    MaskRun found = succeed("probe", "--data", few, "--model", run, "--crops", crops);
    java.util.regex.Matcher share =
        java.util.regex.Pattern.compile("face hidden .*, (\\d+) % of the crops")
            .matcher(found.out());
    assertThat(share.find()).isTrue();
    assertThat(Integer.parseInt(share.group(1))).isBetween(20, 100);
  }

  @Test
  void outOfFoldPredictionsMayBeAuditedWhereverTheirRunsLie() throws IOException {
    Path table = first.resolve("out-of-fold.csv");
    Path together = folder.resolve("together");
    for (int fold = 0; fold < 2; fold++) {
      Path run = run(first, fold);
      Path to = Files.createDirectories(together.resolve(run.getFileName()).resolve("model"));
      Files.copy(run.resolve("model/model.json"), to.resolve("model.json"));
    }
    Path page = folder.resolve("audit.html");
    for (Path runs : new Path[] {together, folder.resolve("nothing")}) {
      succeed(
          "audit-labels", "--data", photos, "--runs", runs, "--predictions", table, "--out", page);
    }

    // Every model claims to have learned from everybody.
    Path all = Files.createDirectories(folder.resolve("liars"));
    String people =
        PstageFolder.read(photos).people().stream()
            .map(p -> '"' + p + '"')
            .collect(java.util.stream.Collectors.joining(","));
    for (int fold = 0; fold < 2; fold++) {
      Path run = run(first, fold);
      Path to = Files.createDirectories(all.resolve(run.getFileName()).resolve("model"));
      Files.writeString(
          to.resolve("model.json"),
          Files.readString(run.resolve("model/model.json"))
              .replaceFirst(
                  "\"trainingPeople\" : \\[[^]]*]", "\"trainingPeople\" : [" + people + "]"));
    }
    MaskRun refused =
        MaskRun.of(
            "audit-labels", "--data", photos, "--runs", all, "--predictions", table, "--out", page);
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("was trained on person");
  }

  @Test
  void aJudgementSaysHowManyOfItsPeopleTheVoteWasFittedOn() throws IOException {
    Path fitted = folder.resolve("fitted-on-half");
    Path half = folder.resolve("half.csv");
    succeed(
        "evaluate",
        "--data",
        photos,
        "--folds",
        2,
        "--fold",
        0,
        "--model",
        run(first, 0),
        "--predictions",
        half);
    Path other = folder.resolve("other.csv");
    succeed(
        "evaluate",
        "--data",
        photos,
        "--folds",
        2,
        "--fold",
        0,
        "--model",
        run(second, 0),
        "--predictions",
        other);
    succeed(
        "ensemble",
        "--out",
        fitted,
        "--data",
        photos,
        "--folds",
        2,
        "--fit",
        "coordinate",
        "--out-of-fold",
        half + "," + other,
        run(first, 0),
        run(second, 0));

    assertThat(
            succeed("evaluate", "--data", photos, "--folds", 2, "--fold", 0, "--model", fitted)
                .out())
        .contains("fitted on 18 of these 18 people");
    assertThat(Ensemble.open(fitted).fitting().orElseThrow().among(java.util.List.of("nobody")))
        .isEmpty();
    Path alone = folder.resolve("not-fitted");
    succeed("ensemble", "--out", alone, run(first, 0), run(second, 0));
    assertThat(
            succeed("evaluate", "--data", photos, "--folds", 2, "--fold", 0, "--model", alone)
                .out())
        .doesNotContain("fitted");
  }

  @Test
  void runsOfOtherSeedsDoNotAverage() throws IOException {
    MaskRun refused =
        MaskRun.of("soup", "--out", folder.resolve("x"), run(first, 0), run(second, 0));
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains("random weights with seed 1", "random weights with seed 2", "--unlike-starts");
    succeed(
        "soup",
        "--unlike-starts",
        "--out",
        folder.resolve("unlike"),
        run(first, 0),
        run(second, 0));
    // Folds of one recipe start alike.
    succeed("soup", "--out", folder.resolve("alike"), run(first, 0), run(first, 1));
  }

  @Test
  void whatIsNothingKnownIsRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("note.txt"), "hello");

    assertThat(MaskRun.of("trace", file).err()).contains("neither a submission");
    assertThat(MaskRun.of("trace", folder.resolve("gone")).code()).isEqualTo(2);
    assertThat(MaskRun.of("ensemble", "--out", "x", "--fit", "greedy", run(first, 0)).err())
        .contains("--data");
    assertThat(MaskRun.of("soup", "--out", "x", run(first, 0).resolve("model")).err())
        .contains("two or more");
  }
}
