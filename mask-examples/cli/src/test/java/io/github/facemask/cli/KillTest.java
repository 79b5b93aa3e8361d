package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Commands that are killed without any chance to tidy up. What they write is there whole or not at
 * all, and the same command, or resume, then ends as if nothing had happened.
 */
class KillTest {

  @TempDir static Path folder;

  private static Path photos;
  private static Path model;

  /** What is killed. */
  private enum Job {
    TRAIN,
    CROP,
    EXPORT,
    ENSEMBLE,
    CACHE,
    PREDICT,
    SUBMIT,
    SYNTH;

    /** The command; all that it writes lies in a folder of its own. */
    List<Object> arguments(Path into) {
      return switch (this) {
        case TRAIN -> train(into, "--epochs", 2, "--ema", 0.9);
        case CACHE -> train(into, "--epochs", 1, "--cache-dir", into.resolve("cache"));
        case CROP -> ImmutableList.of("crop", "--data", photos, "--out", into.resolve("out"));
        case EXPORT -> ImmutableList.of("export", "--model", model, "--out", into.resolve("out"));
        case ENSEMBLE ->
            ImmutableList.of("ensemble", "--flip", "--out", into.resolve("out"), model);
        case PREDICT ->
            ImmutableList.of(
                "predict", "--data", photos, "--model", model, "--out", into.resolve("out"));
        case SUBMIT ->
            ImmutableList.of(
                "submit", "--data", photos, "--model", model, "--out", into.resolve("out"));
        case SYNTH -> ImmutableList.of("synth", "--people", 36, "--out", into.resolve("out"));
      };
    }

    private static List<Object> train(Path into, Object... more) {
      List<Object> all = new ArrayList<>(ImmutableList.of("train", "--data", photos));
      all.addAll(ImmutableList.of("--runs", into.resolve("runs"), "--name", "run"));
      all.addAll(ImmutableList.of("--size", 32, "--valid-share", 0.4, "--threads", 2));
      all.addAll(ImmutableList.copyOf(more));
      return all;
    }

    /** Fifty in all. */
    int kills() {
      return this == TRAIN ? 15 : 5;
    }

    boolean trains() {
      return this == TRAIN || this == CACHE;
    }
  }

  @BeforeAll
  static void train() throws IOException {
    photos = folder.resolve("photos");
    succeed(ImmutableList.of("synth", "--out", photos, "--people", 30, "--seed", 3));
    Path whole = folder.resolve("whole-" + Job.TRAIN);
    succeed(Job.TRAIN.arguments(whole));
    model = run(whole).orElseThrow();
  }

  @Test
  void fourKills() throws Exception {
    Random random = new Random(1);
    for (Job job : List.of(Job.TRAIN, Job.PREDICT, Job.EXPORT, Job.ENSEMBLE)) {
      Path into = folder.resolve("few-" + job);
      String whole = reference(job);
      for (int tries = 0; !killed(job, into, whileWriting(random)); tries++) {
        // It had ended: a small file is written within a millisecond or two.
        assertThat(tries).as("%s", job).isLessThan(8);
        into = folder.resolve("few-" + job + tries);
      }
      checkAndGoOn(job, into, whole);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("slow")
  void fiftyKills(Job job) throws Exception {
    Random random = new Random(job.ordinal());
    long start = System.nanoTime();
    Path timed = folder.resolve("timed-" + job);
    Files.createDirectories(timed);
    Process unkilled = start(job, timed);
    assertThat(unkilled.waitFor()).as(log(timed)).isZero();
    long millis = (System.nanoTime() - start) / 1_000_000;
    String whole = fingerprint(job, timed);
    int writing = 0;
    int anywhere = 0;
    for (int i = 0; writing + anywhere < job.kills(); i++) {
      boolean odd = i % 2 == 1;
      Path into = folder.resolve("many-" + job + i);
      Moment moment = odd ? whileWriting(random) : after((long) (millis * random.nextDouble()));
      if (killed(job, into, moment)) {
        writing += odd ? 1 : 0;
        anywhere += odd ? 0 : 1;
      }
      checkAndGoOn(job, into, whole);
    }
    System.out.printf(
        Locale.ROOT,
        "%s: killed %d times while a file was written, %d times at any time of %d ms%n",
        job,
        writing,
        anywhere,
        millis);
  }

  /** Waits for the moment of a kill. */
  @FunctionalInterface
  private interface Moment {
    void await(Process process, Path into) throws Exception;
  }

  private static Moment after(long millis) {
    return (process, into) -> process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** A short while after something is first seen that is being written aside. */
  private static Moment whileWriting(Random random) {
    int micros = random.nextInt(3) * random.nextInt(10_000);
    int skipped = random.nextInt(3);
    return (process, into) -> {
      int seen = 0;
      String last = "";
      while (process.isAlive() && seen <= skipped) {
        String aside = aside(into);
        if (!aside.isEmpty() && !aside.equals(last)) {
          seen++;
          last = aside;
        }
        process.waitFor(1, TimeUnit.MILLISECONDS);
        if (seen > 0 && aside.isEmpty()) {
          break;
        }
      }
      process.waitFor(micros, TimeUnit.MICROSECONDS);
    };
  }

  private static String aside(Path into) {
    try (Stream<Path> all = Files.walk(into)) {
      return all.map(Path::toString)
          .filter(p -> p.contains(".writing-") || p.endsWith(".weights.new"))
          .findFirst()
          .orElse("");
    } catch (IOException | java.io.UncheckedIOException moved) {
      return "";
    }
  }

  /** Runs a job and kills it; returns whether it was still running then. */
  private static boolean killed(Job job, Path into, Moment moment) throws Exception {
    Files.createDirectories(into);
    Process process = start(job, into);
    moment.await(process, into);
    process.destroyForcibly();
    int code = process.waitFor();
    if (code != 0) {
      assertThat(code).as(log(into)).isEqualTo(137);
    }
    return code != 0;
  }

  private static void checkAndGoOn(Job job, Path into, String whole) throws IOException {
    if (job.trains()) {
      checkRun(into);
    } else if (Files.exists(into.resolve("out"))) {
      assertThat(fingerprint(job, into)).as("%s, killed", into).isEqualTo(whole);
      return;
    }
    Optional<Path> run = run(into);
    if (run.isPresent()) {
      succeed(ImmutableList.of("resume", run.get()));
    } else {
      succeed(job.arguments(into));
    }
    assertThat(fingerprint(job, into)).as("%s, gone on", into).isEqualTo(whole);
  }

  /** Whatever a killed run has can be read. */
  private static void checkRun(Path into) throws IOException {
    Optional<Path> run = run(into);
    if (run.isPresent()) {
      RunJson.record(RunFolder.open(run.get()));
      RunJson.metrics(RunFolder.open(run.get()));
      if (Files.exists(run.get().resolve("model/model.json"))) {
        assertThat(ModelFolder.open(run.get().resolve("model")).weights()).isNotEmpty();
      }
    }
  }

  private static String reference(Job job) throws IOException {
    Path into = folder.resolve("whole-" + job);
    if (job != Job.TRAIN) {
      succeed(job.arguments(into));
    }
    return fingerprint(job, into);
  }

  /** What a job wrote, but for what names the time and the place. */
  private static String fingerprint(Job job, Path into) throws IOException {
    if (job.trains()) {
      Path run = run(into).orElseThrow();
      List<JsonNode> epochs = RunJson.metrics(RunFolder.open(run));
      epochs.forEach(e -> ((ObjectNode) e).remove("timing"));
      return ModelFolder.open(run.resolve("model")).weightsDigest()
          + " "
          + Digest.ofFile(run.resolve("model/weights.safetensors"))
          + " "
          + epochs
          + (job == Job.CACHE ? digests(into.resolve("cache")) : "");
    }
    return digests(into.resolve("out"));
  }

  private static String digests(Path file) throws IOException {
    StringBuilder digests = new StringBuilder();
    try (Stream<Path> all = Files.walk(file)) {
      for (Path path : all.filter(Files::isRegularFile).sorted().toList()) {
        // What another killed process left aside is no part of the result.
        if (!path.getFileName().toString().startsWith(".writing-")) {
          digests
              .append(file.relativize(path))
              .append(' ')
              .append(Digest.ofFile(path))
              .append('\n');
        }
      }
    }
    return digests.toString();
  }

  private static Process start(Job job, Path into) throws IOException {
    return MaskProcess.start(logFile(into), List.of(), job.arguments(into).toArray());
  }

  private static Path logFile(Path into) {
    return into.resolveSibling(into.getFileName() + ".log");
  }

  private static String log(Path into) throws IOException {
    return Files.readString(logFile(into));
  }

  /** The folder of a run that has begun. */
  private static Optional<Path> run(Path into) throws IOException {
    Path runs = into.resolve("runs");
    if (!Files.exists(runs)) {
      return Optional.empty();
    }
    try (Stream<Path> all = Files.list(runs)) {
      return all.filter(r -> Files.exists(r.resolve("run.json"))).findFirst();
    }
  }

  private static void succeed(List<?> arguments) {
    MaskRun run = MaskRun.of(arguments.toArray());
    assertThat(run.code()).as(run.err()).isZero();
  }
}
