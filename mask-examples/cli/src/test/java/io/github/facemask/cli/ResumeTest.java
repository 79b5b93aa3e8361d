package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are killed, stopped early, listed and compared. */
class ResumeTest {

  @TempDir static Path folder;

  private static Path photos;
  private static Path runs;

  @BeforeAll
  static void draw() throws IOException {
    photos = folder.resolve("photos");
    runs = folder.resolve("runs");
    DrawnPhotos.copyTo(photos);
  }

  @Test
  void aKilledRunGoesOnToTheSameNumbers() throws Exception {
    Path whole = train("whole", "--ema", "0.9");
    Path killed = killAfterAnEpoch("killed", "--ema", "0.9");
    assertThat(RunJson.metrics(RunFolder.open(killed))).hasSizeBetween(1, 3);

    succeed("resume", killed);

    assertThat(figures(killed)).isEqualTo(figures(whole));
    assertThat(ModelFolder.open(killed.resolve("model")).weightsDigest())
        .isEqualTo(ModelFolder.open(whole.resolve("model")).weightsDigest());

    // A complete run stays as it is.
    assertThat(succeed("resume", killed).out()).contains(killed + ": complete, 4 epochs");
    assertThat(figures(killed)).hasSize(4);
  }

  @Test
  void aRunThatIsAskedToStopEndsAtOnceAndSaysHowToGoOn() throws Exception {
    Process process = start("stopped");
    Path run = awaitAnEpoch(process, "stopped");

    // SIGTERM, as Ctrl-C.
    process.destroy();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String log = Files.readString(folder.resolve("log"));
    assertThat(process.exitValue()).as(log).isEqualTo(143);
    assertThat(log)
        .contains("mask: stopped; go on with: mask resume " + run)
        .doesNotContain("SIGSEGV");
    succeed("resume", run);
    assertThat(RunJson.metrics(RunFolder.open(run))).hasSize(4);
  }

  @Test
  void aRunWhosePhotosChangedIsNotResumed() throws IOException {
    Path run = train("one", "--lr", "1e-3");
    // As if it had been killed before its last line: a complete run is not trained again.
    List<String> lines = Files.readAllLines(run.resolve("metrics.jsonl"));
    Files.write(run.resolve("metrics.jsonl"), lines.subList(0, lines.size() - 1));
    Path photo = PhotoListing.read(run.resolve(PhotoListing.FILE)).training().get(0).photo().file();
    byte[] bytes = Files.readAllBytes(photo);
    Files.write(photo, new byte[] {1});
    try {
      MaskRun other = MaskRun.of("resume", run);

      assertThat(other.code()).isEqualTo(2);
      assertThat(other.err())
          .contains("for photo '", "was changed since the run began; put the original file back");
    } finally {
      Files.write(photo, bytes);
    }
  }

  @Test
  void patienceEndsARunAndRunsAreListedAndCompared() throws IOException {
    Path patient = train("patient", "--patience", "1", "--lr", "0.3", "--epochs", "9");
    Path plain = train("plain", "--lr", "1e-3");

    List<JsonNode> epochs = RunJson.metrics(RunFolder.open(patient));
    assertThat(epochs).hasSizeLessThan(9);
    double best = 0;
    for (JsonNode epoch : epochs.subList(0, epochs.size() - 1)) {
      assertThat(epoch.path("macroF1").asDouble()).isGreaterThan(best);
      best = epoch.path("macroF1").asDouble();
    }
    assertThat(epochs.get(epochs.size() - 1).path("macroF1").asDouble()).isLessThanOrEqualTo(best);

    MaskRun comparison = succeed("runs", patient, plain);
    assertThat(comparison.out())
        .containsPattern("optimizer.learningRate +0.3 +0.001")
        .containsPattern("epochs +9 +4")
        .doesNotContain("started");
    MaskRun list = succeed("runs", "--runs", runs, "--where", "epochs=9", "--show", "seed");
    assertThat(list.out()).contains("patient").contains("  7").doesNotContain("plain");
    MaskRun none = MaskRun.of("runs", "--runs", folder.resolve("none"));
    assertThat(none.code()).isEqualTo(2);
  }

  private static Path train(String name, String... more) throws IOException {
    succeed(arguments(name, more).toArray());
    return run(name);
  }

  private static List<Object> arguments(String name, String... more) {
    List<Object> arguments = new ArrayList<>(ImmutableList.of("train", "--data", photos));
    arguments.addAll(
        ImmutableList.of(
            "--runs", runs, "--name", name, "--backbone", "narrow_resnet", "--size", 32));
    if (!ImmutableList.copyOf(more).contains("--epochs")) {
      arguments.addAll(ImmutableList.of("--epochs", 4));
    }
    // A fixed number: the load of this machine, which auto follows, changes between runs.
    arguments.addAll(ImmutableList.of("--valid-share", 0.4, "--threads", 1));
    arguments.addAll(ImmutableList.copyOf(more));
    return arguments;
  }

  private static Path run(String name) throws IOException {
    if (!Files.exists(runs)) {
      return null;
    }
    try (Stream<Path> all = Files.list(runs)) {
      return all.filter(r -> r.toString().endsWith(name)).findFirst().orElse(null);
    }
  }

  /** Starts a process of its own and kills it, without any chance to tidy up. */
  private static Path killAfterAnEpoch(String name, String... more) throws Exception {
    Process process = start(name, more);
    Path run = awaitAnEpoch(process, name);
    process.destroyForcibly().waitFor();
    return run;
  }

  private static Process start(String name, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ImmutableList.of("-Dai.djl.offline=true", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(MaskCommand.class.getName());
    arguments(name, more).forEach(a -> command.add(a.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private static Path awaitAnEpoch(Process process, String name) throws Exception {
    while (process.isAlive()) {
      Path run = run(name);
      if (run != null && Files.exists(run.resolve("metrics.jsonl"))) {
        break;
      }
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
    assertThat(run(name)).as(Files.readString(folder.resolve("log"))).isNotNull();
    return run(name);
  }

  private static List<JsonNode> figures(Path run) throws IOException {
    List<JsonNode> epochs = RunJson.metrics(RunFolder.open(run));
    epochs.forEach(e -> ((ObjectNode) e).remove("timing"));
    return epochs;
  }

  private static MaskRun succeed(Object... arguments) {
    MaskRun run = MaskRun.of(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }
}
