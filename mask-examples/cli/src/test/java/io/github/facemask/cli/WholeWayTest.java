package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.facemask.browser.Chromium;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.image.Box;
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

/** Each command after the other on a small drawn set. */
class WholeWayTest {

  @TempDir static Path folder;

  private static Path photos;
  private static Path runs;
  private static Path first;

  @BeforeAll
  static void drawAndTrain() throws IOException {
    photos = folder.resolve("photos");
    runs = folder.resolve("runs");
    DrawnPhotos.copyTo(photos, 24);
    Path crops = folder.resolve("crops.jsonl");
    MaskRun cropped = succeed("crop", "--data", photos, "--out", crops);
    assertThat(cropped.out())
        .contains("next: mask audit-crops --data", "worn wrongly  with ")
        .contains("never the background where both are found: 100.0 %");
    MaskRun unseen =
        MaskRun.of("train", "--data", photos, "--crops", crops, "--runs", folder.resolve("none"));
    assertThat(unseen.code()).isEqualTo(2);
    assertThat(unseen.err())
        .contains(
            "no person has checked these crops; run 'mask audit-crops --data", "--unaudited-crops");
    assertThat(folder.resolve("none")).doesNotExist();
    succeed(
        "audit-crops", "--data", photos, "--crops", crops, "--out", folder.resolve("crops.html"));
    first = train("first", 1, 2);
  }

  private static Path train(String name, int seed, int workers) throws IOException {
    succeed(
        "train",
        "--data",
        photos,
        "--crops",
        folder.resolve("crops.jsonl"),
        "--runs",
        runs,
        "--name",
        name,
        "--size",
        32,
        "--epochs",
        2,
        "--seed",
        seed,
        "--threads",
        1,
        "--workers",
        workers,
        "--valid-share",
        0.4);
    try (Stream<Path> all = Files.list(runs)) {
      return all.filter(r -> r.toString().endsWith(name)).findFirst().orElseThrow();
    }
  }

  private static MaskRun succeed(Object... arguments) {
    MaskRun run = MaskRun.of(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  @Test
  void theRecordHoldsEveryChoice() throws IOException {
    JsonNode record = RunJson.record(RunFolder.open(first));

    assertThat(record.path("seed").asInt()).isEqualTo(1);
    assertThat(record.path("optimizer").path("name").asText()).isEqualTo("adamw");
    assertThat(record.path("batches").toString())
        .contains("\"name\":\"cutMix\"")
        .contains("inverse frequency");
    assertThat(record.path("data").path("training").path("digest").asText()).hasSize(64);
    assertThat(record.path("command").asText()).startsWith("train --data");
    assertThat(record.path("environment").path("engine").asText()).startsWith("PyTorch");
    assertThat(record.at("/network/faces/detector/name").asText()).isEqualTo("cascade");
  }

  @Test
  void theSameSeedGivesTheSameMetricsWithOtherWorkers() throws IOException {
    Path again = train("again", 1, 1);
    Path other = train("other", 2, 1);

    assertThat(figures(again)).isEqualTo(figures(first));
    assertThat(figures(other)).isNotEqualTo(figures(first));
  }

  private static List<JsonNode> figures(Path run) throws IOException {
    List<JsonNode> epochs = RunJson.metrics(RunFolder.open(run));
    assertThat(epochs).hasSize(2);
    epochs.forEach(e -> ((ObjectNode) e).remove("timing"));
    return epochs;
  }

  @Test
  void aModelIsJudgedTheSameAgainAndOnlyByOthers() throws IOException {
    MaskRun run = succeed("evaluate", "--data", photos, "--model", first, "--valid-share", 0.4);
    double best =
        RunJson.metrics(RunFolder.open(first)).stream()
            .mapToDouble(m -> m.path("macroF1").asDouble())
            .max()
            .orElseThrow();
    assertThat(run.out()).contains(String.format(java.util.Locale.ROOT, "macro F1  %.4f", best));

    MaskRun all = MaskRun.of("evaluate", "--data", photos, "--model", first, "--all");
    assertThat(all.code()).isEqualTo(2);
    assertThat(all.err()).contains("was trained on");
  }

  @Test
  void anEnsembleSubmitsAndReports() throws IOException, InterruptedException {
    Path second = train("second", 3, 2);
    Path best = folder.resolve("best");
    Path csv = folder.resolve("submission.csv");
    Path page = folder.resolve("report.html");
    succeed("ensemble", "--out", best, "--weights", "2,1", first, second);
    succeed("submit", "--data", photos, "--model", best, "--out", csv);
    succeed(
        "report",
        "--data",
        photos,
        "--model",
        best,
        "--valid-share",
        0.4,
        "--runs",
        runs,
        "--out",
        page);

    List<String> lines = Files.readAllLines(csv);
    List<String> asked = Files.readAllLines(photos.resolve("eval/info.csv"));
    assertThat(lines).hasSameSizeAs(asked);
    for (int i = 1; i < lines.size(); i++) {
      assertThat(lines.get(i)).startsWith(asked.get(i).substring(0, 45)).matches(".*,\\d{1,2}");
    }
    String html = Files.readString(page);
    assertThat(html).contains("Confusion", "Members", second.getFileName().toString(), "<svg");
    assertThat(html).doesNotContain("http://", "https://");
    if (Chromium.program().isPresent()) {
      try (Chromium browser = Chromium.start()) {
        BrowserTest.assertWorks(browser.open(page.toUri()));
      }
    }
  }

  @Test
  void aTamperedMemberIsNamed() throws IOException {
    Path best = folder.resolve("tampered");
    succeed("ensemble", "--out", best, first);
    Path weights = best.resolve("members/0/weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 1] ^= 1;
    Files.write(weights, bytes);

    MaskRun run = MaskRun.of("evaluate", "--data", photos, "--model", best, "--valid-share", 0.4);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("weights.safetensors", "changed");
  }

  @Test
  void aConfigFileGivesOptionsAndTheCommandLineWins() throws IOException {
    Path config = folder.resolve("run.yaml");
    Files.writeString(
        config,
        "size: 32\nepochs: 5\nmix: none\nvalid-share: 0.4\nname: fromfile\nsampler: shuffled\n");
    succeed("train", "--config", config, "--data", photos, "--runs", runs, "--epochs", 1);

    try (Stream<Path> all = Files.list(runs)) {
      Path run = all.filter(r -> r.toString().endsWith("fromfile")).findFirst().orElseThrow();
      assertThat(RunJson.metrics(RunFolder.open(run))).hasSize(1);
      assertThat(RunJson.record(RunFolder.open(run)).at("/network/preprocessing/height").asInt())
          .isEqualTo(32);
    }
  }

  private static Path anyPhoto() throws IOException {
    try (Stream<Path> all = Files.walk(photos.resolve("train/images"))) {
      return all.filter(f -> f.getFileName().toString().matches("mask1\\..*"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  private static String idOf(Path photo) {
    return photo.getParent().getFileName() + "/mask1";
  }

  @Test
  void cropsOfThisMomentNeedAWord() throws IOException {
    MaskRun refused =
        MaskRun.of("train", "--data", photos, "--crops", "auto", "--runs", folder.resolve("auto"));
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("--crops auto", "mask audit-crops", "--unaudited-crops");
    Path few = folder.resolve("few");
    DrawnPhotos.copyTo(few, 10);
    succeed(
        "train",
        "--data",
        few,
        "--crops",
        "auto",
        "--unaudited-crops",
        "--cache-dir",
        folder.resolve("cache"),
        "--runs",
        folder.resolve("auto"),
        "--size",
        32,
        "--epochs",
        1);
    assertThat(folder.resolve("cache")).isDirectoryContaining("glob:**.pixels");
  }

  @Test
  void theGalleryShowsEverything() throws IOException {
    Path page = folder.resolve("gallery.html");
    MaskRun run =
        succeed(
            "gallery",
            "--out",
            page,
            "--sheets",
            folder.resolve("sheets"),
            "--size",
            48,
            "--draws",
            2,
            "--data",
            photos,
            "--mixed",
            3);
    assertThat(run.out()).contains("25 panels", "25 sheets");
    assertThat(Files.readString(page))
        .contains("TrivialAugment", "CutMix, donors from 60", "masks worn wrongly");
    assertThat(folder.resolve("sheets/24-mixup.png")).exists();
  }

  @Test
  void analyseWritesAPageAndPredictNamesClasses() throws IOException {
    Path page = folder.resolve("photos.html");
    assertThat(succeed("analyse", "--data", photos, "--out", page).out())
        .contains("168 photos of 24 people");
    assertThat(page).exists();

    Path audit = folder.resolve("crops.html");
    MaskRun audited =
        succeed(
            "audit-crops",
            "--data",
            photos,
            "--crops",
            folder.resolve("crops.jsonl"),
            "--out",
            audit);
    assertThat(audited.out()).contains("of 168 crops to look at");
    assertThat(audit).exists();

    byte[] photo = Files.readAllBytes(anyPhoto());
    Path review = folder.resolve("crop-review.jsonl");
    Files.writeString(
        review,
        "{\"photoId\":\"%s\",\"action\":\"BOX\",\"box\":{\"left\":9,\"top\":8,\"right\":207,\"bottom\":206}}\n"
            .formatted(idOf(anyPhoto())));
    Path obeyed = Files.copy(folder.resolve("crops.jsonl"), folder.resolve("obeyed.jsonl"));
    Files.copy(
        folder.resolve("crops.jsonl.audited.json"), folder.resolve("obeyed.jsonl.audited.json"));
    succeed("crop", "--data", photos, "--out", obeyed, "--review", review);
    assertThat(CropTable.read(obeyed).audited()).isTrue();
    assertThat(CropTable.read(obeyed).find(idOf(anyPhoto())).orElseThrow().crop())
        .isEqualTo(new Box(9, 8, 207, 206));
    assertThat(Files.readAllBytes(anyPhoto())).isEqualTo(photo);

    MaskRun run = succeed("predict", "--model", first, "src/test/resources/photos/portrait.jpg");
    assertThat(run.out()).matches("(?s).*portrait.jpg: (worn|not worn).*class \\d+.*");
  }
}
