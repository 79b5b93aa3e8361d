package io.github.facemask.cli.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.facemask.provenance.RunFolder;
import io.github.facemask.provenance.RunId;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;

class MlflowExportTest {

  @TempDir Path folder;

  private RunFolder run() throws IOException {
    RunId id = RunId.of(Instant.parse("2026-01-01T12:00:00Z"), "tracked");
    RunFolder run =
        RunFolder.create(
            folder.resolve("runs"),
            id,
            Map.of(
                "started",
                "2026-01-01T12:00:00Z",
                "optimizer",
                Map.of("name", "adamw", "learningRate", 0.001),
                "long",
                "x".repeat(900)));
    Map<String, Double> timing = Map.of("trainingSeconds", 2.0, "validationSeconds", 1.0);
    run.appendMetrics(Map.of("epoch", 1, "macroF1", 0.25, "timing", timing));
    run.appendMetrics(Map.of("epoch", 2, "macroF1", 0.5, "timing", timing));
    return run;
  }

  @Test
  void aServerThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> MlflowExport.to("http://localhost:1", "any"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("http://localhost:1: no MLflow server answers");
  }

  @Test
  void aRunArrivesOnceAtARealServer() throws Exception {
    Optional<Path> program = mlflow();
    assumeTrue(program.isPresent(), "mlflow is not installed: pip install mlflow");
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process server =
        new ProcessBuilder(
                program.get().toString(),
                "server",
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--workers",
                "1",
                "--backend-store-uri",
                "sqlite:///" + folder.resolve("store.db"),
                "--default-artifact-root",
                folder.resolve("artifacts").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("server.log").toFile())
            .start();
    try {
      await(port, server);
      String uri = "http://127.0.0.1:" + port;
      RunFolder run = run();
      try (MlflowExport export = MlflowExport.to(uri, "masks")) {
        assertThat(export.export(run)).isTrue();
        assertThat(export.export(run)).isFalse();
      }
      try (MlflowClient client = new MlflowClient(uri)) {
        String experiment = client.getExperimentByName("masks").orElseThrow().getExperimentId();
        String id =
            client
                .searchRuns(List.of(experiment), "", ViewType.ACTIVE_ONLY, 10)
                .getItems()
                .get(0)
                .getInfo()
                .getRunId();
        Run arrived = client.getRun(id);
        assertThat(arrived.getData().getParamsList())
            .anyMatch(
                p -> p.getKey().equals("optimizer.learningRate") && p.getValue().equals("0.001"));
        assertThat(client.getMetricHistory(id, "macroF1"))
            .extracting(m -> m.getStep() + ": " + m.getValue())
            .containsExactlyInAnyOrder("1: 0.25", "2: 0.5");
      }
    } finally {
      server.descendants().forEach(ProcessHandle::destroyForcibly);
      server.destroyForcibly().waitFor();
    }
  }

  private static Optional<Path> mlflow() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .map(directory -> Path.of(directory, "mlflow"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private void await(int port, Process server) throws Exception {
    for (int i = 0; i < 600; i++) {
      assertThat(server.isAlive()).as(Files.readString(folder.resolve("server.log"))).isTrue();
      try (Socket open = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(open.isConnected()).isTrue();
        return;
      } catch (IOException e) {
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
    throw new AssertionError(Files.readString(folder.resolve("server.log")));
  }
}
