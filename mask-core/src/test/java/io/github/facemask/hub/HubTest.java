package io.github.facemask.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.common.collect.ImmutableList;
import io.github.facemask.hub.Hub.Artifact;
import io.github.facemask.hub.Hub.Kind;
import io.github.facemask.hub.Hub.Located;
import io.github.facemask.hub.Hub.UnavailableException;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HubTest {

  private static final String REPOSITORY = "timm/tiny.a1_in1k";
  private static final byte[] CONTENT = HubServer.bytes(300_000);
  private static final String SHA256 = Digest.ofBytes(CONTENT).hex();
  private static final Artifact TINY =
      new Artifact(
          "tiny.a1_in1k",
          REPOSITORY,
          ImmutableList.of("model.safetensors", "pytorch_model.bin"),
          Optional.of("tiny-" + SHA256.substring(0, 8) + ".pth"),
          Optional.empty());

  @TempDir Path home;

  private static HubServer server() throws IOException {
    return new HubServer(REPOSITORY, "model.safetensors", CONTENT);
  }

  private Map<String, String> environment(String... more) {
    Map<String, String> all = new HashMap<>();
    all.put("HF_HOME", home.resolve("hf").toString());
    all.put("TORCH_HOME", home.resolve("torch").toString());
    // Nobody listens there: a test that asks the network fails.
    all.put("HF_ENDPOINT", "http://localhost:1");
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return all;
  }

  private Hub of(HubServer server, String... more) {
    Map<String, String> all = environment(more);
    all.put("HF_ENDPOINT", server.endpoint());
    return Hub.of(all);
  }

  private Path model() {
    return home.resolve("hf/hub/models--timm--tiny.a1_in1k");
  }

  private Path write(String path) throws IOException {
    Path file = home.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.write(file, CONTENT);
  }

  @Test
  void aDownloadHasTheLayoutOfHuggingFace() throws IOException {
    try (HubServer server = server()) {
      Located found = of(server).locate(TINY);

      Path name =
          model().resolve("snapshots").resolve(HubServer.COMMIT).resolve("model.safetensors");
      assertThat(found).isEqualTo(new Located(name, new Digest(SHA256), Kind.DOWNLOAD));
      assertThat(name).isSymbolicLink();
      assertThat(Files.readSymbolicLink(name)).isEqualTo(Path.of("../../blobs", SHA256));
      assertThat(model().resolve("refs/main")).hasContent(HubServer.COMMIT);
      assertThat(model().resolve("blobs").resolve(SHA256)).hasBinaryContent(CONTENT);
      try (var blobs = Files.list(model().resolve("blobs"))) {
        assertThat(blobs).hasSize(1);
      }
    }
  }

  @Test
  void anAnswerWhoseLengthIsNoNumberIsOneLine() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answering =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  byte[] answer = "HTTP/1.1 200 OK\r\nContent-Length: true\r\n\r\n".getBytes(UTF_8);
                  socket.getOutputStream().write(answer);
                  socket.getInputStream().readAllBytes();
                } catch (IOException e) {
                  // The client has closed the connection.
                }
              });
      answering.start();
      Hub hub = Hub.of(environment("HF_ENDPOINT", "http://localhost:" + server.getLocalPort()));

      assertThatThrownBy(() -> hub.locate(TINY))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("the answer is no HTTP");
    }
  }

  @Test
  void aSecondTimeNothingIsAsked() throws IOException {
    try (HubServer server = server()) {
      of(server).locate(TINY);
      int asked = server.requests().size();

      assertThat(of(server).locate(TINY).kind()).isEqualTo(Kind.HUGGING_FACE);
      assertThat(server.requests()).hasSize(asked);
    }
  }

  @Test
  void theTokenGoesToTheEndpointOnly() throws IOException {
    try (HubServer server = server()) {
      of(server, "HF_TOKEN", "hf_secret").locate(TINY);

      assertThat(server.requests())
          .containsExactly(
              "HEAD localhost/timm/tiny.a1_in1k/resolve/main/model.safetensors with token",
              "GET 127.0.0.1/content");
    }
  }

  @Test
  void theTokenOfTheLoginFileIsTaken() throws IOException {
    Files.createDirectories(home.resolve("hf"));
    Files.writeString(home.resolve("hf/token"), "hf_secret\n");
    try (HubServer server = server()) {
      of(server).locate(TINY);

      assertThat(server.requests().get(0)).endsWith(" with token");
    }
  }

  @Test
  void theSecondNameIsTriedWhereTheFirstIsMissing() throws IOException {
    try (HubServer server = new HubServer(REPOSITORY, "pytorch_model.bin", CONTENT)) {
      assertThat(of(server).locate(TINY).file()).hasFileName("pytorch_model.bin");
    }
  }

  @Test
  void aCutDownloadGoesOnWhereItStopped() throws IOException {
    try (HubServer server = server().cutting(100_000, 2)) {
      Located found = of(server).locate(TINY);

      assertThat(found.file()).hasBinaryContent(CONTENT);
      assertThat(server.requests())
          .filteredOn(request -> request.startsWith("GET"))
          .hasSize(3)
          .last()
          .asString()
          .contains("bytes=");
    }
  }

  @Test
  void anEarlierTryIsResumed() throws IOException {
    Path incomplete = model().resolve("blobs").resolve(SHA256 + ".facemask.incomplete");
    Files.createDirectories(incomplete.getParent());
    Files.write(incomplete, java.util.Arrays.copyOf(CONTENT, 123_456));
    try (HubServer server = server()) {
      Located found = of(server).locate(TINY);

      assertThat(found.file()).hasBinaryContent(CONTENT);
      assertThat(server.requests()).contains("GET 127.0.0.1/content bytes=123456-");
      assertThat(incomplete).doesNotExist();
    }
  }

  @Test
  void aServerWithoutRangesSendsTheWholeFileAgain() throws IOException {
    try (HubServer server = server().cutting(100_000, 1).ignoringRanges()) {
      assertThat(of(server).locate(TINY).file()).hasBinaryContent(CONTENT);
    }
  }

  @Test
  void aSilentServerIsLeftAndAskedAgain() throws IOException {
    try (HubServer server = server().pausing(1 << 17, 2_500)) {
      Located found = of(server, "HF_HUB_DOWNLOAD_TIMEOUT", "1").locate(TINY);

      assertThat(found.file()).hasBinaryContent(CONTENT);
      assertThat(server.requests()).filteredOn(r -> r.startsWith("GET")).hasSizeGreaterThan(1);
    }
  }

  @Test
  void aConnectionThatBringsNothingEnds() throws IOException {
    try (HubServer server = server().cutting(0, Integer.MAX_VALUE)) {
      assertThatThrownBy(() -> of(server).locate(TINY))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("the connection broke after 0 of 300000 bytes")
          .hasMessageContaining("fetch " + server.endpoint());
    }
  }

  @Test
  void anotherContentThanTheDigestIsNotKept() throws IOException {
    String other = "f".repeat(64);
    try (HubServer server = server().withEtag(other)) {
      assertThatThrownBy(() -> of(server).locate(TINY))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("came with digest " + SHA256 + ", expected " + other);
      try (var blobs = Files.list(model().resolve("blobs"))) {
        assertThat(blobs).isEmpty();
      }
      assertThat(model().resolve("snapshots")).doesNotExist();
    }
  }

  @Test
  void aSmallFileIsCheckedByGitsDigest() throws IOException {
    byte[] text = "hello\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    // git hash-object
    try (HubServer server =
        new HubServer(REPOSITORY, "model.safetensors", text)
            .withEtag("ce013625030ba8dba906f756967f9e9ca394464a")) {
      assertThat(of(server).locate(TINY).file()).hasBinaryContent(text);
    }
  }

  @Test
  void aPinnedDigestIsCompared() throws IOException {
    Artifact pinned =
        new Artifact(
            TINY.name(),
            REPOSITORY,
            TINY.files(),
            Optional.empty(),
            Optional.of(new Digest("a".repeat(64))));
    try (HubServer server = server()) {
      assertThatThrownBy(() -> of(server).locate(pinned))
          .isInstanceOf(InvalidFileException.class)
          .hasMessageContaining("has SHA-256 " + SHA256 + ", expected " + "a".repeat(64));
    }
  }

  @Test
  void eachRefusalSaysWhatToDo() throws IOException {
    Map<Integer, String> remedies =
        Map.of(
            401, "set HF_TOKEN",
            403, "set HF_TOKEN",
            404, "it has no such file",
            429, "too many requests; try again in 17 s",
            500, "the server answers 500; try again later");
    for (Map.Entry<Integer, String> each : remedies.entrySet()) {
      try (HubServer server = server().refusing(each.getKey()).retryingAfter("17")) {
        UnavailableException e =
            catchThrowableOfType(UnavailableException.class, () -> of(server).locate(TINY));

        assertThat(e.status()).hasValue(each.getKey());
        assertThat(e.address())
            .isEqualTo(
                URI.create(
                    server.endpoint() + "/" + REPOSITORY + "/resolve/main/model.safetensors"));
        assertThat(e)
            .hasMessageContaining(each.getValue())
            .hasMessageContaining("or fetch " + e.address() + " by hand and save it as")
            .hasMessageNotContaining("\n");
      }
    }
  }

  @Test
  void noNetworkIsNamed() {
    assertThatThrownBy(() -> Hub.of(environment()).locate(TINY))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("cannot be reached (ConnectException")
        .hasMessageContaining("HF_ENDPOINT");
  }

  @Test
  void aServerThatIsNoHubIsNamed() throws IOException {
    try (HubServer server = server().tellingNothing()) {
      assertThatThrownBy(() -> of(server).locate(TINY))
          .hasMessageContaining("answers without commit and ETag");
    }
  }

  @Test
  void contentIsNotFetchedWithoutTls() throws IOException {
    try (HubServer server = server().redirectingTo("http://example.com/content")) {
      assertThatThrownBy(() -> of(server).locate(TINY))
          .hasMessageContaining("redirects to http://example.com/content, which has no TLS");
    }
    assertThatThrownBy(() -> Hub.of(environment("HF_ENDPOINT", "http://example.com")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("https://");
  }

  @Test
  void anEtagCannotLeaveTheCache() throws IOException {
    try (HubServer server = server().withEtag("../../../evil")) {
      assertThatThrownBy(() -> of(server).locate(TINY)).isInstanceOf(UnavailableException.class);
      assertThat(home.resolve("evil")).doesNotExist();
    }
  }

  @Test
  void offlineNamesTheAddressAndThePlace() throws IOException {
    Files.createDirectories(home.resolve("w"));
    assertThatThrownBy(
            () ->
                Hub.of(
                        environment(
                            "HF_HUB_OFFLINE",
                            "1",
                            "FACEMASK_WEIGHTS",
                            home.resolve("w").toString()))
                    .locate(TINY))
        .isInstanceOf(UnavailableException.class)
        .hasMessage(
            "tiny.a1_in1k: is not on this machine, and HF_HUB_OFFLINE forbids to download it; fetch"
                + " http://localhost:1/timm/tiny.a1_in1k/resolve/main/model.safetensors by hand and"
                + " save it as "
                + home.resolve("w/tiny.a1_in1k.safetensors"));
  }

  @Test
  void theFolderComesBeforeTheCachesAndTheyBeforeTheNetwork() throws IOException {
    Path torch = write("torch/hub/checkpoints/" + TINY.checkpoint().orElseThrow());
    assertThat(Hub.of(environment()).locate(TINY))
        .isEqualTo(new Located(torch, new Digest(SHA256), Kind.TORCH_HUB));

    write("hf/hub/models--timm--tiny.a1_in1k/snapshots/abc/pytorch_model.bin");
    assertThat(Hub.of(environment()).locate(TINY).kind()).isEqualTo(Kind.HUGGING_FACE);

    String folder = home.resolve("mine").toString();
    write("mine/tiny.a1_in1k.pth");
    assertThat(Hub.of(environment("FACEMASK_WEIGHTS", folder)).locate(TINY))
        .extracting(Located::kind, found -> found.file().getFileName().toString())
        .containsExactly(Kind.FOLDER, "tiny.a1_in1k.pth");
  }

  @Test
  void theSnapshotOfMainComesFirst() throws IOException {
    write("hf/hub/models--timm--tiny.a1_in1k/snapshots/new/model.safetensors");
    Path main = write("hf/hub/models--timm--tiny.a1_in1k/snapshots/main1/model.safetensors");
    Files.createDirectories(model().resolve("refs"));
    Files.writeString(model().resolve("refs/main"), "main1");

    assertThat(Hub.of(environment()).locate(TINY).file()).isEqualTo(main);
  }

  @Test
  void damagedCopiesAreNamed() throws IOException {
    Path torch = write("torch/hub/checkpoints/" + TINY.checkpoint().orElseThrow());
    Files.write(torch, new byte[] {1});
    assertThatThrownBy(() -> Hub.of(environment()).locate(TINY))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("expected " + SHA256.substring(0, 8))
        .hasMessageContaining("delete it");
    try (HubServer server = server()) {
      of(server, "TORCH_HOME", home.resolve("other").toString()).locate(TINY);
    }
    Files.write(model().resolve("blobs").resolve(SHA256), new byte[] {1});
    assertThatThrownBy(() -> Hub.of(environment()).locate(TINY))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("expected " + SHA256);
  }

  @Test
  void severalThreadsDownloadOnce() throws Exception {
    try (HubServer server = server().pausing(1 << 16, 20)) {
      ExecutorService threads = Executors.newFixedThreadPool(4);
      List<Future<Located>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(threads.submit(() -> of(server).locate(TINY)));
      }
      for (Future<Located> each : all) {
        assertThat(each.get().file()).hasBinaryContent(CONTENT);
      }
      threads.shutdown();
      assertThat(server.requests()).filteredOn(request -> request.startsWith("GET")).hasSize(1);
    }
  }

  @Test
  void theListenerHearsEachPlaceAndTheBytes() throws IOException {
    List<String> heard = new ArrayList<>();
    Hub.Listener listener =
        new Hub.Listener() {
          @Override
          public void onPlace(Hub.Place place) {
            heard.add(place.kind() + " " + place.found().isPresent());
          }

          @Override
          public void onDownload(URI address, long done, long size) {
            heard.add("download " + done + " of " + size);
          }

          @Override
          public void onBytes(long done, long size) {
            heard.add("at " + done);
          }
        };
    try (HubServer server = server()) {
      of(server).withListener(listener).locate(TINY);
    }

    assertThat(heard)
        .startsWith(
            "HUGGING_FACE false", "TORCH_HUB false", "DOWNLOAD false", "download 0 of 300000")
        .endsWith("at 300000");
  }

  @Test
  void pythonsVariablesAreKnown() {
    Map<String, String> all = new HashMap<>();
    assertThat(HubSettings.of(all).hubCache())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".cache/huggingface/hub"));
    assertThat(HubSettings.of(all).torchCache())
        .isEqualTo(Path.of(System.getProperty("user.home"), ".cache/torch/hub/checkpoints"));
    all.put("XDG_CACHE_HOME", "/x");
    assertThat(HubSettings.of(all).hubCache()).isEqualTo(Path.of("/x/huggingface/hub"));
    all.put("HF_HOME", "/y");
    assertThat(HubSettings.of(all).hubCache()).isEqualTo(Path.of("/y/hub"));
    all.put("HF_HUB_CACHE", "~/z");
    assertThat(HubSettings.of(all).hubCache())
        .isEqualTo(Path.of(System.getProperty("user.home"), "z"));
    all.put("TRANSFORMERS_OFFLINE", "yes");
    assertThat(HubSettings.of(all).offline()).isTrue();
    all.put("HF_ENDPOINT", "https://hf-mirror.com/");
    assertThat(HubSettings.of(all).endpoint()).isEqualTo(URI.create("https://hf-mirror.com"));
  }

  @Test
  void aVariableThatIsWrongIsNamedAsItIsWritten() throws IOException {
    Path file = Files.write(home.resolve("file"), CONTENT);
    assertThatThrownBy(() -> Hub.of(environment("FACEMASK_WEIGHTS", file.toString())))
        .hasMessage("FACEMASK_WEIGHTS is " + file + ", expected an existing folder");
    assertThatThrownBy(() -> Hub.of(environment("HF_HUB_DOWNLOAD_TIMEOUT", "soon")))
        .hasMessage("HF_HUB_DOWNLOAD_TIMEOUT is soon, expected a number of seconds");
    assertThatThrownBy(() -> Hub.of(environment("HF_ENDPOINT", "foo")))
        .hasMessageStartingWith("HF_ENDPOINT is foo, expected");
  }

  @Test
  void shardsInAFolderOfTheNameAreFoundByTheirIndex() throws IOException {
    Path index = write("mine/tiny.a1_in1k/model.safetensors.index.json");
    assertThat(
            Hub.of(environment("FACEMASK_WEIGHTS", home.resolve("mine").toString()))
                .locate(TINY)
                .file())
        .isEqualTo(index);
  }
}
