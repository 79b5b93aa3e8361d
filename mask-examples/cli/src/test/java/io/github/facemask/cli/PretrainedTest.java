package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.hub.HubServer;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.internal.weights.Safetensors;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --weights pretrained} in processes of their own, against a hub on this machine. */
final class PretrainedTest {

  @TempDir static Path folder;

  private static byte[] weights;
  private static Path photos;

  @BeforeAll
  static void prepare() throws IOException {
    Path file = folder.resolve("model.safetensors");
    Safetensors.write(
        file, Initialization.random(Backbones.get("resnet18").network(1000), 3), Map.of());
    weights = Files.readAllBytes(file);
    photos = folder.resolve("photos");
    DrawnPhotos.copyTo(photos);
  }

  private static Process train(String name, Map<String, String> environment, Object... more)
      throws IOException {
    List<Object> words = new ArrayList<>();
    words.addAll(ImmutableList.of("train", "--data", photos, "--weights", "pretrained"));
    words.addAll(ImmutableList.of("--size", 32, "--epochs", 1, "--valid-share", 0.4));
    words.addAll(ImmutableList.of("--runs", folder.resolve(name)));
    words.addAll(ImmutableList.copyOf(more));
    ProcessBuilder builder = MaskProcess.builder(ImmutableList.of(), words.toArray());
    builder.environment().put("HF_HOME", folder.resolve("hf").toString());
    builder.environment().put("TORCH_HOME", folder.resolve("torch").toString());
    builder.environment().putAll(environment);
    return builder.redirectErrorStream(true).redirectOutput(log(name).toFile()).start();
  }

  private static Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private static void await(Process process, String name, int code) throws Exception {
    assertThat(process.waitFor(4, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(log(name))).isEqualTo(code);
  }

  @Test
  void aKilledDownloadGoesOnAndIsThenUsedOffline() throws Exception {
    Path blobs = folder.resolve("hf/hub/models--timm--resnet18.a1_in1k/blobs");
    try (HubServer slow =
        new HubServer("timm/resnet18.a1_in1k", "model.safetensors", weights)
            .pausing(1 << 20, 100)) {
      Process killed = train("killed", Map.of("HF_ENDPOINT", slow.endpoint()));
      for (int i = 0; i < 1200 && killed.isAlive() && size(blobs) < 5 << 20; i++) {
        killed.waitFor(50, TimeUnit.MILLISECONDS);
      }
      killed.destroyForcibly().waitFor();
      assertThat(size(blobs)).isBetween(5L << 20, (long) weights.length - 1);
      assertThat(folder.resolve("killed")).doesNotExist();
    }
    try (HubServer fast = new HubServer("timm/resnet18.a1_in1k", "model.safetensors", weights)) {
      await(train("resumed", Map.of("HF_ENDPOINT", fast.endpoint())), "resumed", 0);
      assertThat(fast.requests()).filteredOn(r -> r.startsWith("GET")).hasSize(1);
      assertThat(fast.requests().get(1)).contains("bytes=");
    }
    assertThat(Files.readString(log("resumed")))
        .contains("mask: downloading", "(44.6 MiB", "from byte", "starts from resnet18.a1_in1k");

    await(train("offline", Map.of("HF_HUB_OFFLINE", "1")), "offline", 0);
    assertThat(RunJson.record(RunFolder.open(run("offline"))).at("/startedFrom/sha256").asText())
        .isEqualTo(Digest.ofBytes(weights).hex());
    assertThat(metrics("offline")).isEqualTo(metrics("resumed"));
  }

  @Test
  void whatCannotBeHadIsOneLine() throws Exception {
    await(train("missing", Map.of("HF_HUB_OFFLINE", "1"), "--backbone", "resnet34"), "missing", 2);
    assertThat(Files.readAllLines(log("missing")))
        .last()
        .asString()
        .startsWith("mask: resnet34.a1_in1k: is not on this machine, and HF_HUB_OFFLINE");

    await(
        train(
            "licence",
            Map.of("HF_HUB_OFFLINE", "1"),
            "--backbone",
            "resnet18.fb_swsl_ig1b_ft_in1k"),
        "licence",
        2);
    assertThat(Files.readAllLines(log("licence")))
        .last()
        .asString()
        .contains("cc-by-nc-4.0", "--accept-licence");
  }

  private static long size(Path blobs) throws IOException {
    if (!Files.isDirectory(blobs)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(blobs)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static Path run(String name) throws IOException {
    try (Stream<Path> runs = Files.list(folder.resolve(name))) {
      return runs.findFirst().orElseThrow();
    }
  }

  private static String metrics(String name) throws IOException {
    return RunJson.metrics(RunFolder.open(run(name))).get(0).path("validationLoss").toString();
  }
}
