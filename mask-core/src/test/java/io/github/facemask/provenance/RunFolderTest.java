package io.github.facemask.provenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.facemask.internal.records.RunJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {

  private static final RunId ID = RunId.of(Instant.parse("2026-01-02T03:04:05.678Z"), "resnet18");

  @Test
  void theRecordIsThereBeforeAnythingElse(@TempDir Path runs) throws IOException {
    RunFolder folder = RunFolder.create(runs, ID, Map.of("epochs", 3));

    assertThat(folder.path().getFileName()).hasToString("20260102-030405-678-resnet18");
    try (var files = Files.list(folder.path())) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly("run.json");
    }
    assertThat(RunJson.record(RunFolder.open(folder.path())).path("epochs").asInt()).isEqualTo(3);
    assertThat(folder.id()).isEqualTo(ID);
  }

  @Test
  void aFileInPlaceOfTheRunsIsNamed(@TempDir Path folder) throws IOException {
    Path runs = Files.writeString(folder.resolve("runs"), "a file");

    assertThatThrownBy(() -> RunFolder.create(runs, ID, Map.of("epochs", 3)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(runs + ": is a file, expected a folder for the runs");
  }

  @Test
  void aTakenNameIsRefusedAndLeftAsItIs(@TempDir Path runs) throws IOException {
    RunFolder.create(runs, ID, Map.of("epochs", 3));

    assertThatThrownBy(() -> RunFolder.create(runs, ID, Map.of("epochs", 4)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exists already");
    assertThat(RunJson.record(RunFolder.open(runs.resolve(ID.value()))).path("epochs").asInt())
        .isEqualTo(3);
  }

  @Test
  void metricsGrowAndALineCutShortIsLeftOut(@TempDir Path runs) throws IOException {
    RunFolder folder = RunFolder.create(runs, ID, Map.of());
    assertThat(RunJson.metrics(folder)).isEmpty();
    folder.appendMetrics(Map.of("epoch", 1));
    folder.appendMetrics(Map.of("epoch", 2));
    Files.writeString(
        folder.path().resolve("metrics.jsonl"), "{\"epoch\": 3, \"ma", StandardOpenOption.APPEND);

    assertThat(RunJson.metrics(folder).stream().map(m -> m.path("epoch").asInt()))
        .containsExactly(1, 2);
  }

  @Test
  void anotherFolderIsNoRun(@TempDir Path folder) {
    assertThatThrownBy(() -> RunFolder.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not a run");
  }

  @Test
  void namesThatLeaveTheFolderAreRefused() {
    assertThatThrownBy(() -> new RunId("../x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("../x");
  }

  @Test
  void surroundingsNameVersionsAndMachine() {
    assertThat(Environment.describe())
        .containsKeys("facemask", "djl", "engine", "java", "os", "processors");
    assertThat(Environment.libraryVersion()).matches("\\d+\\.\\d+\\.\\d+.*");
  }
}
