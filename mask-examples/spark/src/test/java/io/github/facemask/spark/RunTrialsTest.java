package io.github.facemask.spark;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.cli.MaskCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that executors share, in this process and in processes of their own. */
class RunTrialsTest {

  @TempDir static Path folder;

  private static Path photos;

  @BeforeAll
  static void draw() {
    photos = folder.resolve("photos");
    mask("synth", "--out", photos, "--people", 18, "--eval-photos", 1, "--seed", 3);
  }

  @AfterEach
  void forgetSettings() {
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("spark."))
        .forEach(System::clearProperty);
  }

  private static void master(String url) {
    System.setProperty("spark.master", url);
    System.setProperty("spark.driver.host", "localhost");
    System.setProperty("spark.driver.bindAddress", "127.0.0.1");
    System.setProperty("spark.ui.enabled", "false");
  }

  /** Executors in processes of their own. */
  private static void cluster() throws IOException {
    master("local-cluster[2,1,1024]");
    Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    System.setProperty("spark.executor.memory", "1g");
    System.setProperty("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    System.setProperty("spark.executor.extraJavaOptions", "-Dai.djl.offline=true");
  }

  private static List<String> words(Object... arguments) {
    List<String> words = new ArrayList<>();
    for (Object argument : arguments) {
      words.add(argument.toString());
    }
    return words;
  }

  private static List<String> crossValidation(Path out) {
    return words(
        "cross-validate",
        "--data",
        photos,
        "--out",
        out,
        "--folds",
        2,
        "--epochs",
        3,
        "--size",
        32,
        "--precision",
        "FLOAT32",
        "--threads",
        1);
  }

  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "local-cluster needs a POSIX shell")
  void aLostExecutorCostsNoResult() throws Exception {
    Path alone = folder.resolve("alone");
    mask(crossValidation(alone).toArray());
    cluster();
    Path out = folder.resolve("shared");
    StringWriter told = new StringWriter();
    ExecutorService driver = Executors.newSingleThreadExecutor();
    Future<Integer> code =
        driver.submit(
            () -> {
              PrintWriter to = new PrintWriter(told, true);
              return RunTrials.run(crossValidation(out), to, to);
            });
    try {
      while (!code.isDone() && epochs(out) == 0) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
      Optional<ProcessHandle> lost = executors().findFirst();
      assertThat(lost).as(told.toString()).isPresent();

      lost.get().destroyForcibly();

      assertThat(code.get()).as(told.toString()).isZero();
      assertThat(told.toString()).contains("trainings to share: fold-0, fold-1");
      assertThat(runs(out)).hasSize(2).isEqualTo(runs(alone));
      assertThat(predictions(out)).isEqualTo(predictions(alone));
    } finally {
      driver.shutdown();
      assertThat(driver.awaitTermination(5, TimeUnit.MINUTES)).isTrue();
    }
  }

  private static Stream<ProcessHandle> executors() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> commandLine(process).contains("ExecutorBackend"));
  }

  /** {@link ProcessHandle.Info} leaves out what does not fit into a page. */
  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
    } catch (IOException e) {
      return ""; // it has ended
    }
  }

  private static int epochs(Path out) throws IOException {
    int lines = 0;
    if (Files.exists(out)) {
      try (Stream<Path> all = Files.walk(out, 3)) {
        for (Path file : all.filter(f -> f.endsWith("metrics.jsonl")).toList()) {
          lines += Files.readAllLines(file).size();
        }
      }
    }
    return lines;
  }

  /** Returns the metrics of the runs without their timing, by fold; one run for each. */
  private static Map<String, List<String>> runs(Path out) throws IOException {
    Map<String, List<String>> metrics = new TreeMap<>();
    try (Stream<Path> all = Files.walk(out, 3)) {
      for (Path file : all.filter(f -> f.endsWith("metrics.jsonl")).toList()) {
        String fold = out.relativize(file).getName(0).toString();
        List<String> lines =
            Files.readAllLines(file).stream()
                .map(line -> line.replaceAll("\"timing\":\\{[^}]*\\}", ""))
                .toList();
        assertThat(metrics.put(fold, lines)).as(fold).isNull();
      }
    }
    return metrics;
  }

  private static List<String> predictions(Path out) throws IOException {
    List<String> lines = Files.readAllLines(out.resolve("out-of-fold.csv"), UTF_8);
    return lines.subList(1, lines.size());
  }

  @Test
  void aSearchSharesEachRungAndRecordsAFailedTrial() throws IOException {
    master("local[2]");
    Path plan = folder.resolve("plan.yaml");
    Files.writeString(
        plan,
        """
        space:
          lr: [0.001, 1.0e30, 0.0003]
        base: {size: 32, backbone: narrow_resnet, precision: FLOAT32, clip: 1.0e30, threads: 1}
        method: grid
        halving: {epochs: [1, 2], keep: 0.5}
        """);
    Path out = folder.resolve("search");

    StringWriter told = new StringWriter();
    PrintWriter to = new PrintWriter(told, true);
    int code =
        RunTrials.run(words("search", "--plan", plan, "--data", photos, "--out", out), to, to);

    assertThat(code).as(told.toString()).isZero();
    assertThat(told.toString())
        .contains("trainings to share: 001-rung1, 002-rung1, 003-rung1")
        .containsPattern("trainings to share: 00[13]-rung2")
        .contains("trial 2, rung 1: failed: training loss is NaN");
    Path alone = folder.resolve("search-alone");
    mask("search", "--plan", plan, "--data", photos, "--out", alone);
    assertThat(scores(out)).isEqualTo(scores(alone));
  }

  /** Returns the table without the names of the runs. */
  private static List<String> scores(Path out) throws IOException {
    return Files.readAllLines(out.resolve("search.csv")).stream()
        .map(line -> line.replaceAll("trials/[^,]*", "").replaceAll("\\d{8}-\\d{6}-\\d+", ""))
        .toList();
  }

  @Test
  void otherCommandsAreRefused() {
    StringWriter told = new StringWriter();
    PrintWriter to = new PrintWriter(told, true);

    assertThat(RunTrials.run(List.of(), to, to)).isEqualTo(2);
    assertThat(RunTrials.run(List.of("train"), to, to)).isEqualTo(2);
    assertThat(RunTrials.run(List.of("search", "--pending"), to, to)).isEqualTo(2);
    assertThat(RunTrials.run(words("search", "--plan", folder.resolve("none")), to, to))
        .isEqualTo(2);

    assertThat(told.toString().lines().toList())
        .hasSize(4)
        .satisfies(
            lines -> assertThat(lines.get(0)).contains("is missing, expected cross-validate"))
        .satisfies(lines -> assertThat(lines.get(1)).contains("'train', expected cross-validate"))
        .satisfies(lines -> assertThat(lines.get(3)).contains("there is no such file"));
  }

  private static void mask(Object... arguments) {
    StringWriter told = new StringWriter();
    PrintWriter to = new PrintWriter(told, true);
    int code = MaskCommand.commandLine(to, to).execute(words(arguments).toArray(String[]::new));
    assertThat(code).as(told.toString()).isZero();
  }
}
