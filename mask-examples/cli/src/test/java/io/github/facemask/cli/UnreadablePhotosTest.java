package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** --lenient means the same for all commands that read labelled photos. */
class UnreadablePhotosTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> UNREADABLE =
      List.of("heic", "avif", "gif", "tiff", "web-page", "lfs-pointer", "cut");

  @TempDir Path folder;
  private Path data;

  @BeforeEach
  void fill() throws IOException {
    data = folder.resolve("photos");
    for (int i = 0; i < 8; i++) {
      copy("good", data.resolve("with_mask").resolve("m" + i + ".jpg"));
      copy("good", data.resolve("without_mask").resolve("b" + i + ".jpg"));
    }
    for (String name : UNREADABLE) {
      copy(name, data.resolve("with_mask").resolve(name + ".jpg"));
    }
    copy("half-then-end", data.resolve("with_mask/half-then-end.jpg"));
    copy("zeros-in-the-middle", data.resolve("without_mask/zeros-in-the-middle.jpg"));
  }

  static void copy(String name, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    try (InputStream in =
        UnreadablePhotosTest.class.getResourceAsStream("/files/" + name + ".jpg")) {
      Files.copy(in, to);
    }
  }

  private static void leftOut(MaskRun run) {
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("mask: 7 of 25 photos left out, unreadable:\n")
        .contains("avif.jpg: it is an AVIF picture")
        .contains("  and 2 more\n");
  }

  @Test
  void theFirstUnreadablePhotoStopsAndTheWayOnIsSaid() {
    MaskRun run = MaskRun.of("crop", "--data", data, "--out", folder.resolve("c.jsonl"));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err().lines().reduce((first, last) -> last).orElseThrow())
        .startsWith("mask: cannot read photo '")
        .contains("it is an AVIF picture")
        .endsWith("; --lenient leaves out photos that cannot be read");
  }

  @Test
  void cropLeavesThemOut() throws IOException {
    Path crops = folder.resolve("crops.jsonl");
    Path problems = folder.resolve("problems.csv");
    MaskRun run =
        MaskRun.of("crop", "--data", data, "--lenient", "--out", crops, "--problems", problems);
    leftOut(run);
    assertThat(run.out()).contains("18 photos, 7 unreadable photos left out");
    try (Stream<String> lines = Files.lines(crops)) {
      assertThat(lines).hasSize(18);
    }
    assertThat(Files.readString(problems)).contains("heic.jpg").contains("lfs-pointer.jpg");
  }

  @Test
  void analyseLeavesThemOutAndNamesDamagedOnes() throws IOException {
    Path json = folder.resolve("a.json");
    Path page = folder.resolve("a.html");
    MaskRun run = MaskRun.of("analyse", "--data", data, "--lenient", "--json", json, "--out", page);
    leftOut(run);
    assertThat(run.out())
        .contains("18 photos of 18 people")
        .contains("unreadable 0, damaged 2,")
        .contains("  damaged: with_mask/half-then-end.jpg: its image data ends too early")
        .contains("  damaged: without_mask/zeros-in-the-middle.jpg: its image data ends too early");
    JsonNode figures = JSON.readTree(json.toFile());
    assertThat(figures.get("leftOut")).hasSize(7);
    assertThat(figures.get("leftOut").get(0).get("photo").asText()).isEqualTo("with_mask/avif.jpg");
    assertThat(figures.get("photos").get("damaged")).hasSize(2);
    assertThat(Files.readString(page))
        .contains("Unreadable photos left out: 7")
        .contains("Photos with damaged data, in parts grey or wrong: 2");
  }

  @Test
  void analyseWithoutLenientCountsThemAsUnreadable() {
    MaskRun run = MaskRun.of("analyse", "--data", data, "--json", folder.resolve("a.json"));
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("unreadable 7, damaged 2,")
        .contains("  unreadable: with_mask/cut.jpg: the file is cut off after 7800 bytes");
  }

  @Test
  void trainAndEvaluateLeaveThemOutAndRecordTheirNumber() throws IOException {
    Path runs = folder.resolve("runs");
    MaskRun trained =
        MaskRun.of(
            "train",
            "--data",
            data,
            "--lenient",
            "--backbone",
            "narrow_resnet",
            "--size",
            "32",
            "--epochs",
            "1",
            "--batch",
            "4",
            "--precision",
            "FLOAT32",
            "--runs",
            runs);
    leftOut(trained);
    Path run;
    try (Stream<Path> all = Files.list(runs)) {
      run = all.filter(Files::isDirectory).findFirst().orElseThrow();
    }
    JsonNode source = JSON.readTree(run.resolve("run.json").toFile()).findValue("source");
    assertThat(source.get("unreadablePhotos").asInt()).isEqualTo(7);
    MaskRun evaluated =
        MaskRun.of(
            "evaluate", "--data", data, "--lenient", "--model", run, "--precision", "FLOAT32");
    leftOut(evaluated);
    assertThat(evaluated.out()).contains("not scored: 7 unreadable photos");
  }

  @Test
  void aPhotoOverTheLimitIsToldWithTheOption() throws IOException {
    for (String name : UNREADABLE) {
      Files.delete(data.resolve("with_mask").resolve(name + ".jpg"));
    }
    MaskRun run =
        MaskRun.of(
            "crop", "--data", data, "--max-pixels", "1000", "--out", folder.resolve("c.jsonl"));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .contains("its header says")
        .contains("expected at most 1000 pixels")
        .contains("--max-pixels");
  }
}
