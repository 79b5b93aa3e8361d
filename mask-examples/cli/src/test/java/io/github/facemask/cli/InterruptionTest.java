package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Commands that are stopped by SIGTERM, which the command treats as Ctrl-C. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no SIGTERM")
class InterruptionTest {

  private static final int STOPPED = 128 + 15;

  @TempDir static Path folder;

  private static Path photos;
  private static Path model;

  /** Commands that compute in batches when they are stopped. */
  private enum Job {
    TRAIN,
    PREDICT,
    EVALUATE,
    CROP,
    EXPORT;

    List<Object> arguments(Path into) {
      return switch (this) {
        case TRAIN ->
            ImmutableList.of(
                "train", "--data", photos, "--runs", into.resolve("runs"), "--size", 96);
        case PREDICT ->
            ImmutableList.of(
                "predict", "--data", photos, "--model", model, "--out", into.resolve("out.csv"));
        case EVALUATE ->
            ImmutableList.of(
                "evaluate", "--data", photos, "--model", model, "--out", into.resolve("out.json"));
        case CROP -> ImmutableList.of("crop", "--data", photos, "--out", into.resolve("out.jsonl"));
        case EXPORT -> ImmutableList.of("export", "--model", model, "--out", into.resolve("out"));
      };
    }
  }

  @BeforeAll
  static void train() throws IOException {
    photos = folder.resolve("the photos");
    DrawnPhotos.copyTo(photos);
    Path runs = folder.resolve("runs");
    succeed("train", "--data", photos, "--runs", runs, "--size", 32, "--epochs", 1);
    try (Stream<Path> all = Files.list(runs)) {
      model = all.findFirst().orElseThrow();
    }
  }

  @Test
  void aStoppedCrossValidationNamesTheCommandThatGoesOnWithAllOfIt() throws Exception {
    Path out = folder.resolve("cv");
    Object[] command = {
      "cross-validate", "--data", photos, "--out", out, "--folds", 2, "--epochs", 2, "--size", 32
    };
    Path log = folder.resolve("cv.log");
    Process process = MaskProcess.start(log, List.of(), command);
    while (process.isAlive() && runs(out).isEmpty()) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }

    process.destroy();

    assertThat(process.waitFor()).as(Files.readString(log)).isEqualTo(STOPPED);
    assertThat(Files.readString(log))
        .contains(
            "mask: stopped; go on with: mask cross-validate --data '" + photos + "' --out " + out)
        .doesNotContain("mask resume");
    Path first = runs(out).get(0);
    succeed(command);
    assertThat(runs(out)).hasSize(2).contains(first);
    assertThat(RunJson.metrics(RunFolder.open(first))).hasSize(2);
  }

  private static List<Path> runs(Path out) throws IOException {
    if (!Files.exists(out)) {
      return ImmutableList.of();
    }
    try (Stream<Path> all = Files.walk(out, 2)) {
      return all.filter(run -> Files.exists(run.resolve("metrics.jsonl"))).toList();
    }
  }

  @Test
  void aStoppedCommandEndsWithoutACrashAndLeavesNothingHalfWritten() throws Exception {
    stop(Job.PREDICT, folder.resolve("few"), 2500);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("slow")
  void twentyStopsAtAnyTime(Job job) throws Exception {
    Random random = new Random(job.ordinal());
    int stopped = 0;
    for (int i = 0; i < 20; i++) {
      stopped += stop(job, folder.resolve("many-" + job + i), random.nextInt(7000)) ? 1 : 0;
    }
    System.out.printf(Locale.ROOT, "%s: stopped %d times of 20%n", job, stopped);
  }

  /** Returns whether it was stopped before its end. */
  private static boolean stop(Job job, Path into, int millis) throws Exception {
    Files.createDirectories(into);
    Path log = into.resolve("log");
    Process process = MaskProcess.start(log, List.of(), job.arguments(into).toArray());
    process.waitFor(millis, TimeUnit.MILLISECONDS);

    process.destroy();

    int code = process.waitFor();
    assertThat(code).as(Files.readString(log)).isIn(0, STOPPED);
    assertThat(Files.readString(log)).doesNotContain("SIGSEGV", "SIGABRT", "terminate called");
    try (Stream<Path> left = Files.walk(into)) {
      assertThat(left.map(p -> p.getFileName().toString()))
          .noneMatch(name -> name.startsWith(".writing-"));
    }
    return code == STOPPED;
  }

  private static void succeed(Object... arguments) {
    MaskRun run = MaskRun.of(arguments);
    assertThat(run.code()).as(run.err()).isZero();
  }
}
