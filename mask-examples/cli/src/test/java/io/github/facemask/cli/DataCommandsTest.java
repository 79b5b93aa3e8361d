package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.dataset.LabelFixes;
import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about data, on a small drawn set. */
class DataCommandsTest {

  @TempDir static Path folder;

  private static Path photos;
  private static Path runs;

  @BeforeAll
  static void draw() throws IOException {
    photos = folder.resolve("photos");
    runs = folder.resolve("runs");
    DrawnPhotos.copyTo(photos);
  }

  private static MaskRun succeed(Object... arguments) {
    MaskRun run = MaskRun.of(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  private static List<Path> evaluationPhotos(int count) throws IOException {
    try (Stream<Path> files = Files.list(photos.resolve("eval/images"))) {
      return files
          .filter(f -> !f.getFileName().toString().startsWith("."))
          .sorted()
          .limit(count)
          .toList();
    }
  }

  private static Path train(String name, Object... more) throws IOException {
    Object[] few = {
      "train",
      "--data",
      photos,
      "--runs",
      runs,
      "--name",
      name,
      "--backbone",
      "narrow_resnet",
      "--size",
      32,
      "--epochs",
      1,
      "--folds",
      2,
      "--mix",
      "none"
    };
    succeed(Stream.concat(Stream.of(few), Stream.of(more)).toArray());
    try (Stream<Path> all = Files.list(runs)) {
      return all.filter(r -> r.toString().endsWith("-" + name)).findFirst().orElseThrow();
    }
  }

  @Test
  void analyseLooksAtEveryPhoto() throws IOException {
    Path page = folder.resolve("photos.html");
    Path figures = folder.resolve("photos.json");

    MaskRun run = succeed("analyse", "--data", photos, "--out", page, "--json", figures);

    assertThat(run.out()).contains("252 photos of 36 people", "unreadable 0");
    JsonNode json = new ObjectMapper().readTree(figures.toFile());
    assertThat(json.path("labels").path("photos").asInt()).isEqualTo(252);
    assertThat(json.path("labels").path("attributes").path("WORN").path("photos").asInt())
        .isEqualTo(180);
    assertThat(json.path("photos").path("readable").asInt()).isEqualTo(252);
    assertThat(json.path("photos").path("channelDeviation").get(0).asDouble()).isBetween(0.05, 0.5);
    int parts =
        json.path("split").path("train").path("photos").asInt()
            + json.path("split").path("valid").path("photos").asInt();
    assertThat(parts).isEqualTo(252);
    assertThat(Files.readString(page))
        .contains("Class 0: worn, male, under 30", "Photo sizes", "Attributes, crossed")
        .doesNotContain("http://", "https://");
  }

  /** A table of two people each on ten photos that all people share in pairs. */
  private static Path copies(String name) throws IOException {
    Path table = folder.resolve(name).resolve("table.csv");
    Files.createDirectories(table.getParent());
    List<Path> some = evaluationPhotos(8);
    StringBuilder rows = new StringBuilder("path,person,class\n");
    for (int i = 0; i < some.size(); i++) {
      for (String person : List.of("a", "b")) {
        Path file = table.resolveSibling(person + i + ".jpg");
        Files.copy(some.get(i), file);
        // Half of the copies have another gender.
        int label = person.equals("b") && i % 2 == 0 ? 3 : 0;
        rows.append(file.getFileName()).append(',').append(person).append(i).append(',');
        rows.append(label).append('\n');
      }
    }
    Files.writeString(table, rows);
    return table;
  }

  @Test
  void copiesAreCountedAndTheirConflictsWrittenAsFixes() throws IOException {
    Path table = copies("conflicts");
    Path fixes = folder.resolve("conflicts.csv");

    MaskRun found = succeed("analyse", "--data", table);
    assertThat(found.out())
        .contains("exact copies (same bytes): 16 photos in 8 groups")
        .contains("4 groups with contradicting labels", "--conflicts FILE", "--merge-copies");

    assertThat(succeed("analyse", "--data", table, "--conflicts", fixes).out())
        .contains("conflicts.csv: 4 fixes");
    assertThat(LabelFixes.read(fixes).fixes())
        .allSatisfy(fix -> assertThat(fix.source()).startsWith("copies: equal to a"));

    MaskRun fixed = succeed("analyse", "--data", table, "--label-fixes", fixes);
    assertThat(fixed.out()).contains("16 photos in 8 groups; 0 groups with contradicting labels");
    assertThat(fixed.err()).doesNotContain("fit no photo");
  }

  @Test
  void mergedCopiesAreOnOneSideAndTheRunRecordsIt() throws IOException {
    Path table = copies("merged");
    Path figures = folder.resolve("merged.json");

    MaskRun apart = succeed("analyse", "--data", table);
    assertThat(apart.out()).contains("16 people").doesNotContain(", 0 on both sides");
    MaskRun merged =
        succeed(
            "analyse",
            "--data",
            table,
            "--merge-copies",
            "--json",
            figures,
            "--out",
            folder.resolve("merged.html"));

    assertThat(merged.out()).contains("16 photos of 8 people", "same pixels", ", 0 on both sides");
    JsonNode json = new ObjectMapper().readTree(figures.toFile()).path("copies");
    assertThat(json.path("groups").asInt()).isEqualTo(8);
    assertThat(json.path("contradicting").asInt()).isEqualTo(4);
    assertThat(json.path("onBothSides").asInt()).isZero();
    assertThat(json.path("list").get(0).path("photos")).hasSize(2);
    assertThat(Files.readString(folder.resolve("merged.html")))
        .contains("Exact copies", "Copies with contradicting labels")
        .doesNotContain(folder.toString());

    succeed(
        "train",
        "--data",
        table,
        "--merge-copies",
        "--runs",
        runs,
        "--name",
        "merged",
        "--backbone",
        "narrow_resnet",
        "--size",
        32,
        "--epochs",
        1);
    Path run;
    try (Stream<Path> all = Files.list(runs)) {
      run = all.filter(r -> r.toString().endsWith("-merged")).findFirst().orElseThrow();
    }
    assertThat(RunJson.record(RunFolder.open(run)).at("/source/mergeCopies").asBoolean()).isTrue();
    PhotoListing listing = PhotoListing.read(run.resolve("photos.csv"));
    assertThat(listing.training().people())
        .doesNotContainAnyElementsOf(listing.validation().people());
    // The same option rebuilds the split; without it, people would be on the other side.
    succeed("evaluate", "--data", table, "--merge-copies", "--model", run);
  }

  @Test
  void aReportShowsMixingOnlyForARunThatMixed() throws IOException {
    Path plain = train("unmixed");
    Path page = folder.resolve("unmixed.html");
    succeed(
        "report", "--data", photos, "--folds", 2, "--model", plain, "--runs", runs, "--out", page);
    assertThat(Files.readString(page))
        .contains("Worst photos", "worn wrongly · female · 30–59")
        .doesNotContain("CutMix on training photos", folder.toString());

    succeed(
        "train",
        "--data",
        photos,
        "--folds",
        2,
        "--mix",
        "mixup",
        "--runs",
        runs,
        "--name",
        "mixing",
        "--backbone",
        "narrow_resnet",
        "--size",
        32,
        "--epochs",
        1);
    Path mixed;
    try (Stream<Path> all = Files.list(runs)) {
      mixed = all.filter(r -> r.toString().endsWith("-mixing")).findFirst().orElseThrow();
    }
    succeed(
        "report", "--data", photos, "--folds", 2, "--model", mixed, "--runs", runs, "--out", page);
    assertThat(Files.readString(page))
        .contains("MixUp on training photos")
        .doesNotContain("CutMix on training photos");
  }

  @Test
  void aTableAndFoldersOfClassesAreReadToo() throws IOException {
    Path classes = folder.resolve("classes");
    int id = 0;
    for (Path file : evaluationPhotos(4)) {
      Path target = classes.resolve(id++ % 2 + "/p" + id + "/" + file.getFileName());
      Files.createDirectories(target.getParent());
      Files.copy(file, target);
    }
    assertThat(succeed("analyse", "--data", classes).out()).contains("4 photos of 4 people");

    Path table = folder.resolve("table.csv");
    List<Path> some = evaluationPhotos(2);
    Files.writeString(
        table, "path,person,class\n" + some.get(0) + ",a,3\n" + some.get(1) + ",b,4\n");
    assertThat(succeed("analyse", "--data", table).out()).contains("2 photos of 2 people");
  }

  @Test
  void problemsOfReadingAreWrittenWhetherStrictOrLenient() throws IOException {
    Path table = folder.resolve("broken.csv");
    try (Stream<Path> files = Files.list(photos.resolve("eval/images"))) {
      List<Path> some =
          files.filter(f -> f.getFileName().toString().endsWith(".jpg")).sorted().limit(2).toList();
      Files.writeString(
          table,
          "path,person,class\n" + some.get(0) + ",a,3\n" + some.get(1) + ",b,4\ngone.jpg,c,2\n");
    }
    Path problems = folder.resolve("problems.csv");

    MaskRun strict = MaskRun.of("analyse", "--data", table, "--problems", problems);

    assertThat(strict.code()).isEqualTo(2);
    assertThat(Files.readString(problems)).contains("problem", "broken.csv,4,", "gone.jpg");
    Files.delete(problems);
    succeed("analyse", "--data", table, "--problems", problems, "--lenient");
    assertThat(Files.readAllLines(problems)).hasSize(2);
  }

  @Test
  void labelsAreAuditedOutOfFoldOnly() throws IOException {
    Path first = train("fold0", "--fold", 0);
    Path second = train("fold1", "--fold", 1);
    Path tables = folder.resolve("tables");
    for (int fold = 0; fold < 2; fold++) {
      succeed(
          "evaluate",
          "--data",
          photos,
          "--folds",
          2,
          "--fold",
          fold,
          "--model",
          fold == 0 ? first : second,
          "--predictions",
          tables.resolve(fold + ".csv"));
    }
    Path page = folder.resolve("labels.html");

    MaskRun run =
        succeed(
            "audit-labels",
            "--data",
            photos,
            "--runs",
            runs,
            "--predictions",
            tables.resolve("0.csv"),
            tables.resolve("1.csv"),
            "--out",
            page);

    assertThat(run.out()).contains("of 252 labels to look at");
    assertThat(Files.readString(page)).contains("label-fixes.csv", "doubtful labels of 252");

    // A table that claims the other fold's run holds people that this run learned from.
    Path forged = folder.resolve("forged.csv");
    Files.writeString(
        forged,
        Files.readString(tables.resolve("0.csv"))
            .replace(first.getFileName().toString(), second.getFileName().toString()));
    MaskRun refused =
        MaskRun.of(
            "audit-labels",
            "--data",
            photos,
            "--runs",
            runs,
            "--predictions",
            forged,
            "--out",
            folder.resolve("never.html"));
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("forged.csv: run", "was trained on person");
    assertThat(folder.resolve("never.html")).doesNotExist();
  }

  @Test
  void pseudoLabelsJoinTheTrainingPhotosAndAreRecorded() throws IOException {
    Path teacher = train("teacher");
    Path table = folder.resolve("eval.csv");
    Path round = folder.resolve("round1.csv");
    succeed("predict", "--data", photos, "--model", teacher, "--out", table);
    MaskRun made =
        succeed(
            "pseudo-label",
            "--data",
            photos,
            "--predictions",
            table,
            "--threshold",
            0.001,
            "--most-per-class",
            12,
            "--out",
            round);
    assertThat(made.out()).contains("12 photos, guessed by " + teacher.getFileName());

    Path student = train("student", "--pseudo-labels", round, "--sampler", "shuffled");

    JsonNode before = RunJson.record(RunFolder.open(teacher));
    JsonNode after = RunJson.record(RunFolder.open(student));
    assertThat(after.path("batches").path("photos").asInt())
        .isEqualTo(before.path("batches").path("photos").asInt() + 12);
    assertThat(after.path("validationBatches")).isEqualTo(before.path("validationBatches"));
    JsonNode source = after.path("source").path("pseudoLabels");
    assertThat(source.path("runs").get(0).asText()).isEqualTo(teacher.getFileName().toString());
    assertThat(source.path("digest").asText()).hasSize(64);
    assertThat(after.path("batches").path("balance").path("byPerson").path("people").asInt())
        .isEqualTo(
            before.path("batches").path("balance").path("byPerson").path("people").asInt() + 12);
  }

  @Test
  void theDigestOfLabelFixesIsRecordedAndUnusedFixesAreCounted() throws IOException {
    Path fixes = folder.resolve("fixes.csv");
    Files.writeString(fixes, "id,field,old,new,source\nnobody,gender,male,female,me\n");
    Path run =
        train(
            "fixed", "--label-fixes", "pstage," + fixes, "--person-cap", 2, "--sampler", "capped");

    JsonNode source = RunJson.record(RunFolder.open(run)).path("source");
    assertThat(source.path("labelFixesDigests")).hasSize(2);
    assertThat(source.path("labelFixesDigests").get(1).asText()).hasSize(64);
    assertThat(MaskRun.of("analyse", "--data", photos, "--label-fixes", fixes.toString()).err())
        .contains("1 of 1 label fixes fit no photo");
  }

  @Test
  void wrongDataInputIsNamed() throws IOException {
    MaskRun fixes = MaskRun.of("analyse", "--data", photos, "--label-fixes", "nowhere.csv");
    assertThat(fixes.code()).isEqualTo(2);
    assertThat(fixes.err()).contains("nowhere.csv").doesNotContain("\tat ");
    MaskRun pseudo = MaskRun.of("train", "--data", photos, "--pseudo-labels", "no.csv");
    assertThat(pseudo.code()).isEqualTo(2);
    assertThat(pseudo.err()).contains("no.csv").doesNotContain("\tat ");
    MaskRun most = MaskRun.of("analyse", "--data", photos, "--most", 0);
    assertThat(most.err()).contains("most is 0, expected 1 or more");
  }
}
