package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.image.TestFiles;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ServeCommandTest {

  @TempDir static Path folder;

  private static Path model;

  @BeforeAll
  static void writeModel() throws IOException {
    model = folder.resolve("model");
    Network network = Backbones.get("resnet18").withInputSize(32, 32).network();
    ModelFolder.write(
        model,
        network,
        Initialization.random(network, 3),
        Optional.empty(),
        new ModelOrigin(
            new RunId("run"), Digest.ofText("t"), Digest.ofText("v"), ImmutableList.of("a"), 1));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows has no SIGTERM")
  void itAnswersUntilASignalAndEndsWithZero() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dai.djl.offline=true",
                "io.github.facemask.cli.MaskCommand",
                "serve",
                "--model",
                model.toString(),
                "--face-detector",
                TestFiles.path("yunet/green_squares.onnx").toString(),
                "--host",
                "0.0.0.0",
                "--port",
                "0",
                "--min-face",
                "100000")
            .redirectError(folder.resolve("err").toFile())
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = String.valueOf(out.readLine());
      assertThat(line).contains(" answers mask, gender, age on ", "found with yunet");
      Matcher port = Pattern.compile(":([0-9]+)/").matcher(line);
      assertThat(port.find()).as(line).isTrue();
      URI root = URI.create("http://127.0.0.1:" + port.group(1) + "/");

      HttpClient client = HttpClient.newHttpClient();
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(root.resolve("v1/faces"))
                  .header("Content-Type", "image/jpeg")
                  .POST(BodyPublishers.ofFile(TestFiles.path("photos/portrait.jpg")))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      JsonNode photo = new ObjectMapper().readTree(answer.body()).at("/photos/0");
      assertThat(photo.get("width").asInt()).isPositive();
      assertThat(photo.get("faces")).as("larger than any photo").isEmpty();

      process.destroy();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).isZero();
      assertThat(Files.readString(folder.resolve("err")))
          .contains("mask: warning: other machines can reach 0.0.0.0")
          .contains("mask: stopping")
          .doesNotContain("Exception");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void wrongValuesAreOneLineWithTheirOption() throws IOException {
    assertSays("--queue: queue is 0, expected 1 to 1000", "--queue", 0);
    assertSays("--max-bytes: max bytes is -1", "--max-bytes", -1);
    assertSays("--unsure: unsure is 2", "--unsure", 2);
    assertSays("--min-score: min score is 2", "--min-score", 2);
    assertSays("--min-face: ", "--min-face", -1);
    assertSays("--host: host is no.such.host.invalid", "--host", "no.such.host.invalid");
    try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      assertSays(
          "--port: port is " + taken.getLocalPort() + ", expected a port that is free on 127.0.0.1",
          "--port",
          taken.getLocalPort());
    }
  }

  private static void assertSays(String message, Object... options) {
    List<Object> all =
        ImmutableList.builder()
            .add("serve", "--model", model)
            .add("--face-detector", TestFiles.path("yunet/green_squares.onnx"))
            .add(options)
            .build();
    MaskRun run = MaskRun.of(all.toArray());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("mask: " + message);
    assertThat(run.err().strip().lines().filter(l -> !l.startsWith("mask: warning"))).hasSize(1);
  }
}
