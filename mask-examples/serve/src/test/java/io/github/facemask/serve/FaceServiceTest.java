package io.github.facemask.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The service answers what the library answers. */
class FaceServiceTest {

  private static Served served;

  @BeforeAll
  static void start() throws IOException {
    served = Served.start(service -> service.optBatchWait(Duration.ofMillis(20)));
  }

  @AfterAll
  static void stop() throws IOException {
    served.close();
  }

  @Test
  void theFacesOfAPhotoAreThoseOfTheLibrary() throws IOException {
    byte[] photo = Served.photo(3, 1);

    HttpResponse<byte[]> answer = served.post("/v1/faces", "image/jpeg", photo);

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode json = Served.json(answer).get("photos");
    assertThat(json).hasSize(1);
    assertThat(json.get(0)).isEqualTo(served.expected("", photo));
    assertThat(json.get(0).get("faces")).hasSize(3);
    assertThat(json.get(0).get("faces").get(1).get("box").get("left").asDouble()).isEqualTo(120);
    assertThat(json.get(0).get("faces").get(1).get("landmarks")).hasSize(5);
  }

  @Test
  void manyClientsAtOnceGetTheLibrarysAnswers() throws Exception {
    for (Map.Entry<JsonNode, JsonNode> answer : answersOfManyClients(served)) {
      Served.assertSame(answer.getKey(), answer.getValue());
    }
  }

  @Test
  void inBatchesOfOneTheyAreEqualToTheLastBit() throws Exception {
    try (Served alone = Served.start(s -> s.optBatchSize(1))) {
      for (Map.Entry<JsonNode, JsonNode> answer : answersOfManyClients(alone)) {
        assertThat(answer.getKey()).isEqualTo(answer.getValue());
      }
    }
  }

  private static List<Map.Entry<JsonNode, JsonNode>> answersOfManyClients(Served from)
      throws Exception {
    List<byte[]> photos = new ArrayList<>();
    List<JsonNode> expected = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      photos.add(Served.photo(i % 4, i, i % 3 == 0 ? "png" : "jpg"));
      expected.add(from.expected("", photos.get(i)));
    }
    ExecutorService clients = Executors.newFixedThreadPool(12);
    try {
      List<Callable<JsonNode>> calls = new ArrayList<>();
      for (int i = 0; i < 96; i++) {
        byte[] photo = photos.get(i % photos.size());
        calls.add(() -> Served.json(from.post("/v1/faces", "image/jpeg", photo)));
      }
      List<Map.Entry<JsonNode, JsonNode>> pairs = new ArrayList<>();
      for (Future<JsonNode> answer : clients.invokeAll(calls)) {
        pairs.add(
            Map.entry(
                answer.get().get("photos").get(0), expected.get(pairs.size() % expected.size())));
      }
      return pairs;
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void requestsThatArriveTogetherAreOneBatch() throws Exception {
    try (Served slow = Served.start(s -> s.optBatchWait(Duration.ofSeconds(10)).optBatchSize(4))) {
      byte[] photo = Served.photo(1, 5);
      ExecutorService clients = Executors.newFixedThreadPool(4);
      try {
        Callable<Integer> call = () -> slow.post("/v1/faces", "image/jpeg", photo).statusCode();
        for (Future<Integer> status : clients.invokeAll(List.of(call, call, call, call))) {
          assertThat(status.get()).isEqualTo(200);
        }
      } finally {
        clients.shutdownNow();
      }
      // A batch of four is full, so nobody waited for ten seconds.
      assertThat(new String(slow.get("/metrics").body(), UTF_8))
          .contains("mask_batch_photos_count 1")
          .contains("mask_batch_photos_sum 4");
    }
  }

  @Test
  void aPhotoOfSeveralThatCannotBeReadHasItsOwnError() throws IOException {
    byte[] good = Served.photo(2, 7);
    byte[] cut = java.util.Arrays.copyOf(good, good.length / 2);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("good.jpg", good);
    files.put("cut.jpg", cut);
    files.put("page.html", "<html>".getBytes(UTF_8));
    files.put("again.jpg", good);

    HttpResponse<byte[]> answer = served.post("/v1/faces", Served.FORM, Served.form(files));

    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode photos = Served.json(answer).get("photos");
    assertThat(photos).hasSize(4);
    Served.assertSame(photos.get(0), served.expected("good.jpg", good));
    assertThat(photos.get(1).get("name").asText()).isEqualTo("cut.jpg");
    assertThat(photos.get(1).get("error").get("status").asInt()).isEqualTo(422);
    assertThat(photos.get(1).get("error").get("type").asText())
        .isEqualTo("urn:facemask:problem:unreadable-photo");
    assertThat(photos.get(2).get("error").get("status").asInt()).isEqualTo(415);
    assertThat(photos.get(2).get("error").get("expected").asText()).contains("JPEG");
    Served.assertSame(photos.get(3), served.expected("again.jpg", good));
  }

  @Test
  void aPhotoWithoutFacesIsAnAnswer() {
    JsonNode photo =
        Served.json(served.post("/v1/faces", "application/octet-stream", Served.photo(0, 1)))
            .get("photos")
            .get(0);

    assertThat(photo.get("faces")).isEmpty();
    assertThat(photo.get("width").asInt()).isEqualTo(20);
  }

  @Test
  void anAttributeBelowTheThresholdIsUnsure() throws IOException {
    try (Served strict = Served.start(s -> s, c -> c.optUnsure(1).optMaxFaces(2))) {
      JsonNode faces =
          Served.json(strict.post("/v1/faces", "image/png", Served.photo(5, 2, "png")))
              .get("photos")
              .get(0)
              .get("faces");

      assertThat(faces).hasSize(2);
      assertThat(faces.get(0).get("label").get("mask").asText()).isEqualTo("unsure");
      assertThat(faces.get(0).get("confidence").get("mask").asDouble()).isLessThan(1);
    }
  }

  @Test
  void theHeatMapOfAFaceIsTheLibrarys() throws IOException {
    byte[] photo = Served.photo(2, 11);

    HttpResponse<byte[]> answer = served.post("/v1/heatmap?face=1&squares=4", "image/jpeg", photo);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("image/png");
    BufferedImage drawn = ImageIO.read(new ByteArrayInputStream(answer.body()));
    BufferedImage expected = served.classifier.explainFace(photo, 1, 4).picture();
    assertThat(drawn.getWidth()).isEqualTo(expected.getWidth());
    for (int y = 0; y < drawn.getHeight(); y++) {
      for (int x = 0; x < drawn.getWidth(); x++) {
        assertThat(drawn.getRGB(x, y)).isEqualTo(expected.getRGB(x, y));
      }
    }
  }

  @Test
  void aFaceThatIsNotThereIsNamed() {
    HttpResponse<byte[]> answer =
        served.post("/v1/heatmap?face=2", "image/jpeg", Served.photo(2, 11));

    assertThat(answer.statusCode()).isEqualTo(422);
    JsonNode problem = Served.json(answer);
    assertThat(problem.get("what").asText()).isEqualTo("face");
    assertThat(problem.get("value").asText()).isEqualTo("2");
    assertThat(problem.get("expected").asText()).isEqualTo("0 to 1");
  }

  @Test
  void theModelIsDescribed() {
    JsonNode model = Served.json(served.get("/v1/model"));

    assertThat(model.get("models").get(0).get("architecture").asText()).isEqualTo("resnet18");
    assertThat(model.get("models").get(0).get("weightsSha256").asText())
        .isEqualTo(served.models.members().get(0).model().weightsDigest().hex());
    assertThat(model.get("attributes").get("age")).hasSize(3);
    assertThat(model.get("faces").get("detector").get("name").asText()).isEqualTo("by width");
  }

  @Test
  void aDefectIsAnAnswerWithoutAStackTrace() throws IOException {
    try (Served broken = Served.start(s -> s, c -> c)) {
      broken.classifier.close();

      HttpResponse<byte[]> answer = broken.post("/v1/faces", "image/jpeg", Served.photo(1, 1));

      assertThat(answer.statusCode()).isEqualTo(500);
      assertThat(new String(answer.body(), UTF_8))
          .contains("urn:facemask:problem:defect")
          .doesNotContain("java.", "Exception", "at ai.");
      assertThat(broken.get("/health/live").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void metricsCountRequestsFacesAndRefusals() {
    served.post("/v1/faces", "image/jpeg", Served.photo(2, 1));
    served.post("/v1/faces", "text/plain", Served.photo(2, 1));

    HttpResponse<byte[]> answer = served.get("/metrics");

    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
    assertThat(new String(answer.body(), UTF_8))
        .contains("mask_requests_seconds_bucket{method=\"POST\",route=\"/v1/faces\",status=\"200\"")
        .contains("mask_requests_seconds_count{method=\"POST\",route=\"/v1/faces\",status=\"415\"}")
        .contains("mask_requests_rejected_total{problem=\"unsupported-type\"}")
        .contains("mask_queue_photos 0")
        .contains("mask_photo_faces_sum")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void everyAnswerHasTheSecurityHeaders() {
    for (String path : List.of("/", "/nothing", "/v1/model", "/v1/faces")) {
      HttpResponse<byte[]> answer = served.get(path);

      assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
          .as(path)
          .startsWith("default-src 'self'");
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
      assertThat(answer.headers().firstValue("Server")).isEmpty();
    }
  }

  @Test
  void anUnknownPathOrMethodIsAProblem() {
    HttpResponse<byte[]> missing = served.get("/nothing");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.headers().firstValue("Content-Type").orElse(""))
        .isEqualTo("application/problem+json");
    assertThat(Served.json(missing).get("type").asText())
        .isEqualTo("urn:facemask:problem:not-found");

    HttpResponse<byte[]> wrong = served.get("/v1/faces");
    assertThat(wrong.statusCode()).isEqualTo(405);
    assertThat(Served.json(wrong).get("title").asText()).isNotEmpty();
  }

  @Test
  void aPageOfAnotherSiteIsRefused() {
    HttpResponse<byte[]> answer =
        served.send(
            HttpRequest.newBuilder(served.at("/v1/faces"))
                .header("Content-Type", "image/jpeg")
                .header("Sec-Fetch-Site", "cross-site")
                .POST(BodyPublishers.ofByteArray(Served.photo(1, 1)))
                .build());

    assertThat(answer.statusCode()).isEqualTo(403);
  }

  @Test
  void anUnknownParameterIsNamed() {
    HttpResponse<byte[]> answer =
        served.send(
            HttpRequest.newBuilder(served.at("/v1/heatmap?sqares=4"))
                .header("Content-Type", "image/jpeg")
                .POST(BodyPublishers.ofByteArray(Served.photo(1, 1)))
                .build());

    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(Served.json(answer).get("detail").asText())
        .isEqualTo("parameter is sqares, expected one of face, squares");
  }

  @Test
  void aNameThatAPagePointsToThisMachineIsRefused() throws IOException {
    for (String other : List.of("page.example.org", "notlocalhost", "localhost.example.org")) {
      assertThat(statusFor(served.service.uri(), other)).as(other).isEqualTo("421");
    }
    assertThat(
            statusFor(served.service.uri(), "page.example.org:" + served.service.uri().getPort()))
        .isEqualTo("421");
    for (String known :
        List.of("localhost:1", "LOCALHOST.", "127.0.0.1", "[::1]:8080", "10.1.2.3")) {
      assertThat(statusFor(served.service.uri(), known)).as(known).isEqualTo("200");
    }

    try (FaceService named =
        FaceService.builder(served.classifier)
            .optPort(0)
            .optHostNames(List.of("Photos.example.org"))
            .start()) {
      assertThat(statusFor(named.uri(), "photos.example.org")).isEqualTo("200");
      assertThat(statusFor(named.uri(), "example.org")).isEqualTo("421");
    }
    try (FaceService open =
        FaceService.builder(served.classifier).optPort(0).optHost("0.0.0.0").start()) {
      assertThat(statusFor(open.uri(), "photos.example.org")).isEqualTo("200");
    }
  }

  /** The client of the JDK sets the header itself. */
  private static String statusFor(URI service, String host) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.getPort())) {
      String request = "GET /v1/model HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
    }
  }

  @Test
  void aTakenPortIsNamed() {
    URI taken = served.service.uri();

    assertThatThrownBy(
            () -> FaceService.builder(served.classifier).optPort(taken.getPort()).start())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("port is " + taken.getPort() + ", expected a port that is free on 127.0.0.1");
  }

  @Test
  void aHostThatIsNotThisMachinesIsNamed() {
    assertThatThrownBy(
            () -> FaceService.builder(served.classifier).optHost("192.0.2.1").optPort(0).start())
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(FaceService.builder(served.classifier).optHost("0.0.0.0").isLoopback()).isFalse();
    assertThat(FaceService.builder(served.classifier).optHost("localhost").isLoopback()).isTrue();
  }
}
