package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masks that are drawn on training photos, from the command line. */
class OverlayTest {

  @TempDir static Path folder;

  private static Path bare;

  /** Bare faces of drawn people, in folders of women and men. */
  @BeforeAll
  static void draw() throws IOException {
    Path drawn = folder.resolve("drawn");
    DrawnPhotos.copyTo(drawn);
    bare = folder.resolve("bare");
    try (Stream<Path> people = Files.list(drawn.resolve("train/images"))) {
      for (Path person :
          people.filter(p -> p.getFileName().toString().matches("\\d.*")).sorted().toList()) {
        String gender = person.getFileName().toString().contains("female") ? "female" : "male";
        try (Stream<Path> photos = Files.list(person)) {
          Path normal =
              photos
                  .filter(p -> p.getFileName().toString().startsWith("normal"))
                  .findFirst()
                  .orElseThrow();
          Path to = bare.resolve(gender).resolve(person.getFileName() + ".jpg");
          Files.createDirectories(to.getParent());
          Files.copy(normal, to);
        }
      }
    }
  }

  private static MaskRun train(Path runs, Object... more) {
    Stream<Object> words =
        Stream.of(
            "train",
            "--data",
            bare,
            "--assume",
            "mask=not_worn",
            "--backbone",
            "resnet18",
            "--size",
            32,
            "--epochs",
            1,
            "--batch",
            8,
            "--valid-share",
            0.3,
            "--precision",
            "FLOAT32",
            "--face-detector",
            "cascade",
            "--runs",
            runs);
    return MaskRun.of(Stream.concat(words, Stream.of(more)).toArray());
  }

  private static Path only(Path runs) throws IOException {
    try (Stream<Path> all = Files.list(runs)) {
      return all.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  @Test
  void bareFacesTrainAllMaskStatesAndTheRunIsReproduced() throws IOException {
    Path runs = folder.resolve("runs");
    MaskRun run =
        train(runs, "--overlay", "0.4,0.3", "--overlay-kinds", "ffp2=1,dark=1", "--threads", "1");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("masks are drawn on \\d+ of the \\d+ training faces without one");

    JsonNode batches = RunJson.record(RunFolder.open(only(runs))).path("batches");
    JsonNode overlay = batches.path("overlay");
    assertThat(overlay.path("ffp2").asDouble()).isEqualTo(1);
    assertThat(overlay.path("surgical").asDouble()).isZero();
    int worn = overlay.path("firstEpoch").path("worn").asInt();
    int wrongly = overlay.path("firstEpoch").path("wornWrongly").asInt();
    assertThat(worn).isPositive();
    assertThat(wrongly).isPositive();
    JsonNode available = batches.path("balance").path("available");
    // Classes 0 to 17: the three mask states, then gender and age. Ages are unknown here.
    List<Integer> counts =
        IntStream.range(0, available.size()).map(i -> available.get(i).asInt()).boxed().toList();
    assertThat(counts.stream().mapToInt(c -> c).sum())
        .isEqualTo(overlay.path("firstEpoch").path("bareFaces").asInt());
    assertThat(counts.stream().filter(c -> c > 0).count()).isBetween(4L, 6L);
    assertThat(CropTable.read(only(runs).resolve("faces.jsonl")).decisions()).isNotEmpty();

    MaskRun again = MaskRun.of("reproduce", only(runs));
    assertThat(again.code()).as(again.err()).isZero();
    MaskRun trace = MaskRun.of("trace", only(runs));
    assertThat(trace.out()).as(trace.err()).contains("can be reproduced: yes");
    Path page = folder.resolve("report.html");
    MaskRun report =
        MaskRun.of(
            "report",
            "--data",
            bare,
            "--assume",
            "mask=not_worn",
            "--valid-share",
            0.3,
            "--model",
            only(runs),
            "--out",
            page);
    assertThat(report.code()).as(report.err()).isZero();
    assertThat(Files.readString(page))
        .contains("Masks drawn on training photos", worn + " worn", wrongly + " worn wrongly");
  }

  @Test
  void wrongOptionsAreOneLine() {
    Path runs = folder.resolve("none");
    assertOneLine(train(runs, "--overlay", "0.4"), "--overlay is 0.4", "0.4,0.3");
    assertOneLine(train(runs, "--overlay", "0.9,0.3"), "at most 1");
    assertOneLine(train(runs, "--overlay", "a,b"), "--overlay: a,b", "'a'");
    assertOneLine(train(runs, "--overlay-size", "1.1"), "--overlay-size goes with --overlay");
    assertOneLine(
        train(runs, "--overlay", "1,0", "--overlay-kinds", "paper=1"), "surgical, ffp2, cloth");
    assertOneLine(train(runs, "--overlay", "0,1", "--overlay-fits", "covering=1"), "fits");
    assertOneLine(train(runs, "--overlay", "0,1", "--overlay-lower", "3"), "-0.3 to 0.3");
    assertOneLine(
        train(runs, "--overlay", "0,1", "--overlay-faces", folder.resolve("no.jsonl")),
        "no.jsonl",
        "mask crop");
    assertOneLine(
        train(runs, "--overlay", "0,1", "--assume", "mask=worn"), "--assume mask=not_worn");
    assertThat(runs).doesNotExist();
  }

  private static void assertOneLine(MaskRun run, String... parts) {
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    List<String> lines =
        run.err()
            .lines()
            .filter(l -> l.startsWith("mask: ") && !l.startsWith("mask: note: "))
            .filter(l -> !l.startsWith("mask: warning: "))
            .toList();
    assertThat(lines).as(run.err()).hasSize(1);
    assertThat(run.err()).contains(parts).doesNotContain("\tat ");
  }
}
