package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search that is killed, goes on, and ends with a command that repeats its best trial. */
class SearchCommandTest {

  @TempDir Path folder;

  @Test
  void aKilledSearchGoesOnAndItsBestCommandGivesTheSameModel() throws Exception {
    Path photos = folder.resolve("photos");
    DrawnPhotos.copyTo(photos);
    Path plan = folder.resolve("plan.yaml");
    Files.writeString(
        plan,
        """
        space:
          # A focal loss has no class weights, so one trial fails.
          loss: [CROSS_ENTROPY, FOCAL]
          lr: [1e-3]
          class-weights: [INVERSE]
          batch: [16, 32]
        halving: {epochs: [1, 2], keep: 1/4}
        base: {backbone: narrow_resnet, size: 32, valid-share: 0.4, sampler: SHUFFLED, precision: FLOAT32}
        """);
    Path out = folder.resolve("out");
    Path log = folder.resolve("log");
    Object[] words = {"search", "--plan", plan, "--data", photos, "--out", out};
    Process process = MaskProcess.start(log, List.of(), words);
    Path journal = out.resolve("trials.jsonl");
    while (process.isAlive() && !Files.exists(journal)) {
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
    process.destroyForcibly();
    assertThat(process.waitFor()).as(Files.readString(log)).isEqualTo(137);
    assertThat(Files.readAllLines(journal)).hasSizeBetween(2, 3);
    Path first = only(out.resolve("trials/001-rung1"));
    FileTime before = Files.getLastModifiedTime(first.resolve("metrics.jsonl"));

    MaskRun search = MaskRun.of(words);

    assertThat(search.code()).as(search.err()).isZero();
    assertThat(Files.getLastModifiedTime(first.resolve("metrics.jsonl"))).isEqualTo(before);
    only(out.resolve("trials/001-rung1"));
    // A run that was killed was gone on with.
    only(out.resolve("trials/002-rung1"));
    String table = Files.readString(out.resolve("search.csv"));
    assertThat(table.lines().toList()).hasSize(5);
    assertThat(table.lines().filter(l -> l.contains("failed: ")))
        .hasSize(2)
        .allMatch(l -> l.contains("FOCAL") && l.contains("--class-weights is INVERSE"));
    assertThat(table.lines().filter(l -> l.contains("stopped after rung 1"))).hasSize(1);
    assertThat(Files.readString(out.resolve("search.svg"))).contains("</svg>");
    assertThat(Files.readString(out.resolve("search.md"))).contains("mask train ");

    // The best one's command, as it is printed.
    String command =
        search.out().lines().filter(l -> l.startsWith("the best: ")).findFirst().orElseThrow();
    List<Object> again =
        new ArrayList<>(
            Splitter.on(' ').splitToList(command.substring("the best: mask ".length())));
    again.addAll(List.of("--runs", folder.resolve("again")));
    MaskRun repeated = MaskRun.of(again.toArray());
    assertThat(repeated.code()).as(repeated.err()).isZero();
    String best =
        search.out().lines().filter(l -> l.startsWith("its run: ")).findFirst().orElseThrow();
    assertThat(weights(only(folder.resolve("again"))))
        .isEqualTo(weights(Path.of(best.substring("its run: ".length()))));

    // A complete search is shown at once.
    assertThat(MaskRun.of(words).out()).contains(command).doesNotContain("$ mask train");
  }

  private static Digest weights(Path run) throws IOException {
    return ModelFolder.open(run.resolve("model")).weightsDigest();
  }

  private static Path only(Path runs) throws IOException {
    try (Stream<Path> all = Files.list(runs)) {
      List<Path> found = all.filter(Files::isDirectory).toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }
}
