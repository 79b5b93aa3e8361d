package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.image.TestFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What takes a process of its own: little memory, signals, a home that cannot be written. */
class ProcessTest {

  @TempDir static Path folder;

  private static Path photos;
  private static Path model;

  @BeforeAll
  static void prepare() throws IOException {
    photos = folder.resolve("photos");
    DrawnPhotos.copyTo(photos);
    model = folder.resolve("model");
    Tiny.model(model);
  }

  private static String log(String name) throws IOException {
    return Files.readString(folder.resolve(name));
  }

  @Test
  void tooLittleMemoryIsOneLineWithWhatToDo() throws Exception {
    Path log = folder.resolve("memory.log");
    Process process =
        MaskProcess.start(
            log,
            List.of("-Xmx64m"),
            "train",
            "--data",
            photos,
            "--size",
            224,
            "--batch",
            256,
            "--runs",
            folder.resolve("small"),
            "--valid-share",
            0.4,
            "--epochs",
            1);

    assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(log("memory.log")).isEqualTo(2);
    assertThat(log("memory.log"))
        .contains(
            "mask: there is not enough memory (", "64 MiB", "MASK_JAVA_OPTIONS=-Xmx4g", "--batch")
        .doesNotContain("\tat ");
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no SIGTERM")
  void aStoppedCommandLeavesNoHiddenFile() throws Exception {
    Path into = Files.createDirectories(folder.resolve("answers"));
    // More photos than are answered before the signal.
    Path list = folder.resolve("many.txt");
    StringBuilder names = new StringBuilder();
    try (Stream<Path> all = Files.walk(photos.resolve("train/images"))) {
      for (Path photo : all.filter(p -> p.toString().endsWith(".jpg")).toList()) {
        for (int i = 0; i < 200; i++) {
          names
              .append(photo.getParent())
              .append("/.".repeat(i))
              .append('/')
              .append(photo.getFileName())
              .append('\n');
        }
      }
    }
    Files.writeString(list, names.toString());
    Process process =
        MaskProcess.start(
            folder.resolve("stop.log"),
            List.of(),
            "predict",
            "--model",
            model,
            "--json",
            "--files-from",
            list,
            "--out",
            into.resolve("answers.jsonl"));
    while (process.isAlive() && bytes(into) < 1) {
      process.waitFor(5, TimeUnit.MILLISECONDS);
    }
    assertThat(process.isAlive()).as(log("stop.log")).isTrue();

    process.destroy();

    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isNotZero();
    assertThat(into).isEmptyDirectory();
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Test
  void aRunThatIsTrainedElsewhereIsRefused() throws Exception {
    Path runs = folder.resolve("runs");
    Path log = folder.resolve("first.log");
    Process first =
        MaskProcess.start(
            log,
            List.of(),
            "train",
            "--data",
            photos,
            "--size",
            64,
            "--runs",
            runs,
            "--valid-share",
            0.4,
            "--epochs",
            1000);
    try {
      while (first.isAlive() && !log("first.log").contains("training begins")) {
        first.waitFor(20, TimeUnit.MILLISECONDS);
      }
      assertThat(first.isAlive()).as(log("first.log")).isTrue();
      Path run;
      try (Stream<Path> all = Files.list(runs)) {
        run = all.findFirst().orElseThrow();
      }

      MaskRun second = MaskRun.of("resume", run);

      assertThat(second.code()).as(second.err()).isEqualTo(2);
      assertThat(second.err()).contains(run + ": is in use by another process");
    } finally {
      first.destroyForcibly().waitFor();
    }
  }

  @Test
  void aHomeThatCannotBeWrittenIsNoHindrance() throws Exception {
    try (Mount mount = Mount.of(folder.resolve("home"), "1m")) {
      mount.readOnly();
      ProcessBuilder builder =
          MaskProcess.builder(
              List.of("-Duser.home=" + mount.path()),
              "predict",
              "--model",
              model,
              TestFiles.path("images/q90.jpg"));
      builder.environment().put("HOME", mount.path().toString());
      Path log = folder.resolve("home.log");
      Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();

      assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
      assertThat(log("home.log")).doesNotContain("\tat ");
      assertThat(process.exitValue()).as(log("home.log")).isZero();
    }
  }
}
