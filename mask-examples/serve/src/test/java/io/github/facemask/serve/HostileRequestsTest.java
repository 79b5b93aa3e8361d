package io.github.facemask.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that would hurt. After each, the service still answers. */
class HostileRequestsTest {

  private static final int MOST_BYTES = 1 << 20;

  private static Served served;

  @BeforeAll
  static void start() throws IOException {
    served =
        Served.start(
            service ->
                service
                    .optMaxBytes(MOST_BYTES)
                    .optMaxPhotos(3)
                    .optMaxPixels(1_000_000)
                    .optQueue(4)
                    .optConnections(120)
                    .optBodyTime(Duration.ofMillis(700)));
  }

  @AfterAll
  static void stop() throws IOException {
    assertThat(served.post("/v1/faces", "image/jpeg", Served.photo(2, 3)).statusCode())
        .isEqualTo(200);
    assertThat(new String(served.get("/metrics").body(), UTF_8))
        .contains("mask_bodies_bytes 0")
        .contains("mask_requests_in_work 0")
        .contains("mask_queue_photos 0");
    served.close();
  }

  private static void assertProblem(HttpResponse<byte[]> answer, int status, String kind) {
    assertThat(answer.statusCode()).as(new String(answer.body(), UTF_8)).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains(RequestProblem.CONTENT_TYPE);
    JsonNode problem = Served.json(answer);
    assertThat(problem.get("type").asText()).isEqualTo("urn:facemask:problem:" + kind);
    assertThat(problem.get("status").asInt()).isEqualTo(status);
    assertThat(problem.get("detail").asText()).isNotEmpty();
  }

  @Test
  void aBodyThatIsDeclaredTooLongIsRefusedUnread() {
    assertProblem(
        served.post("/v1/faces", "image/jpeg", new byte[MOST_BYTES + 1]), 413, "too-many-bytes");
  }

  @Test
  void aBodyThatNeverEndsIsRefusedAtTheLimit() throws IOException {
    try (Socket socket = socket()) {
      OutputStream out = socket.getOutputStream();
      out.write(head("Transfer-Encoding: chunked"));
      byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(UTF_8);
      CompletableFuture<Void> sender =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (true) {
                    out.write(chunk);
                  }
                } catch (IOException e) {
                  // The service has closed the connection.
                }
              });

      assertThat(answer(socket)).startsWith("HTTP/1.1 413").contains("too-many-bytes");
      socket.shutdownInput();
      socket.shutdownOutput();
      sender.join();
    }
  }

  @Test
  void aBodyThatStopsIsTooSlow() throws IOException {
    try (Socket socket = socket()) {
      socket.getOutputStream().write(head("Content-Length: 1000"));
      socket.getOutputStream().write(new byte[10]);

      assertThat(answer(socket)).startsWith("HTTP/1.1 408").contains("too-slow");
    }
  }

  @Test
  void aBodyOfSingleBytesIsTooSlow() throws IOException {
    try (Socket socket = socket()) {
      OutputStream out = socket.getOutputStream();
      out.write(head("Content-Length: 100000"));
      CompletableFuture<Void> sender =
          CompletableFuture.runAsync(
              () -> {
                try {
                  while (true) {
                    out.write(0);
                    out.flush();
                    Thread.sleep(20);
                  }
                } catch (IOException | InterruptedException e) {
                  // The service has closed the connection.
                }
              });

      assertThat(answer(socket)).startsWith("HTTP/1.1 408").contains("too-slow");
      socket.shutdownInput();
      socket.shutdownOutput();
      sender.join();
    }
  }

  @Test
  void aClientThatLeavesFreesItsPlace() throws IOException {
    for (int i = 0; i < 10; i++) {
      try (Socket socket = socket()) {
        socket.getOutputStream().write(head("Content-Length: 1000"));
        socket.getOutputStream().write(new byte[10]);
      }
    }
    // With four places, one of them is free again at the latest after the time of a body.
    HttpResponse<byte[]> answer = untilServed(Served.photo(1, 1));
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  private static HttpResponse<byte[]> untilServed(byte[] photo) {
    HttpResponse<byte[]> answer = served.post("/v1/faces", "image/jpeg", photo);
    for (int i = 0; i < 1000 && answer.statusCode() == 429; i++) {
      answer = served.post("/v1/faces", "image/jpeg", photo);
    }
    return answer;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/json",
        "application/x-www-form-urlencoded",
        "",
        "image"
      })
  void otherContentTypesAreRefused(String type) {
    assertProblem(served.post("/v1/faces", type, Served.photo(1, 1)), 415, "unsupported-type");
  }

  @Test
  void aCompressedBodyIsRefused() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(new byte[10_000]);
    }
    HttpResponse<byte[]> answer =
        served.send(
            HttpRequest.newBuilder(served.at("/v1/faces"))
                .header("Content-Type", "image/jpeg")
                .header("Content-Encoding", "gzip")
                .POST(BodyPublishers.ofByteArray(zipped.toByteArray()))
                .build());

    assertProblem(answer, 415, "unsupported-type");
    assertThat(Served.json(answer).get("what").asText()).isEqualTo("contentEncoding");
  }

  @Test
  void aPngThatClaimsManyPixelsIsRefusedByItsHeader() throws IOException {
    HttpResponse<byte[]> answer = served.post("/v1/faces", "image/png", pngHeader(30_000, 30_000));

    assertProblem(answer, 422, "unreadable-photo");
    assertThat(Served.json(answer).get("detail").asText()).contains("30000");
  }

  @Test
  void aPhotoAboveTheLimitOfPixelsIsRefused() {
    byte[] wide = Served.photo(90, 1, "png"); // 9020 x 120

    assertProblem(served.post("/v1/faces", "image/png", wide), 422, "unreadable-photo");
  }

  @Test
  void aPhotoOfOnePixelIsRead() throws IOException {
    java.awt.image.BufferedImage dot =
        new java.awt.image.BufferedImage(1, 1, java.awt.image.BufferedImage.TYPE_INT_RGB);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    javax.imageio.ImageIO.write(dot, "png", file);

    JsonNode photo =
        Served.json(served.post("/v1/faces", "image/png", file.toByteArray())).get("photos").get(0);

    assertThat(photo.get("width").asInt()).isEqualTo(1);
    assertThat(photo.get("faces")).isEmpty();
  }

  @Test
  void aFileOfAnotherKindIsUnsupportedAndADamagedPhotoIsUnreadable() {
    byte[] photo = Served.photo(1, 1);

    assertProblem(
        served.post("/v1/faces", "image/jpeg", "GIF89a".getBytes(UTF_8)), 415, "unsupported-type");
    assertProblem(
        served.post("/v1/faces", "image/jpeg", Arrays.copyOf(photo, photo.length / 2)),
        422,
        "unreadable-photo");
    assertProblem(served.post("/v1/faces", "image/jpeg", new byte[0]), 400, "bad-request");
  }

  @Test
  void aFormThatIsCutOffIsRefused() {
    byte[] form = Served.form(Map.of("a.jpg", Served.photo(1, 1)));
    for (int length : new int[] {1, 20, 60, 200, form.length - 8}) {
      assertProblem(
          served.post("/v1/faces", Served.FORM, Arrays.copyOf(form, length)), 400, "bad-request");
    }
    assertProblem(served.post("/v1/faces", "multipart/form-data", form), 400, "bad-request");
    assertProblem(
        served.post("/v1/faces", Served.FORM, "--edge--\r\n".getBytes(UTF_8)), 400, "bad-request");
    byte[] field =
        "--edge\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--edge--\r\n"
            .getBytes(UTF_8);
    assertProblem(served.post("/v1/faces", Served.FORM, field), 400, "bad-request");
  }

  @Test
  void aFormWithTooManyPhotosIsRefused() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 5; i++) {
      files.put(i + ".jpg", Served.photo(1, i));
    }

    assertProblem(
        served.post("/v1/faces", Served.FORM, Served.form(files)), 422, "too-many-photos");
  }

  @Test
  void moreRequestsThanPlacesAreRefusedAndTheOthersAnswered() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(32);
    try {
      List<Future<HttpResponse<byte[]>>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        byte[] photo = Served.photo(3, i % 5);
        answers.add(clients.submit(() -> served.post("/v1/faces", "image/jpeg", photo)));
      }
      int done = 0;
      for (Future<HttpResponse<byte[]>> answer : answers) {
        assertThat(answer.get().statusCode()).isIn(200, 429);
        if (answer.get().statusCode() == 429) {
          assertThat(answer.get().headers().firstValue("Retry-After")).isPresent();
        } else {
          done++;
        }
      }
      assertThat(done).isPositive();
    } finally {
      clients.shutdownNow();
    }
  }

  @Test
  void manyIdleConnectionsDoNotStopTheOthers() throws IOException {
    List<Socket> idle = new ArrayList<>();
    try {
      for (int i = 0; i < 80; i++) {
        Socket socket = socket();
        // Half a request: its thread is free, and it is closed when the time is over.
        socket.getOutputStream().write("POST /v1/faces HTTP/1.1\r\nHost:".getBytes(UTF_8));
        idle.add(socket);
      }

      assertThat(untilServed(Served.photo(1, 1)).statusCode()).isEqualTo(200);
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  @Test
  @Tag("slow")
  void tenThousandConnectionsDoNotStopTheService() throws IOException {
    List<Socket> all = new ArrayList<>();
    try {
      for (int i = 0; i < 10_000; i++) {
        try {
          Socket socket = new Socket();
          socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port()), 20);
          socket.getOutputStream().write("GET /v1".getBytes(UTF_8));
          all.add(socket);
        } catch (IOException e) {
          // The queue of the system is full, or this process may open no more files.
          if (all.size() > 1000) {
            all.remove(0).close();
          }
        }
      }
      assertThat(all).hasSizeGreaterThan(500);
    } finally {
      for (Socket socket : all) {
        socket.close();
      }
    }
    assertThat(untilServed(Served.photo(1, 1)).statusCode()).isEqualTo(200);
  }

  private static int port() {
    return served.service.uri().getPort();
  }

  @Test
  void aPngThatUnpacksToManyBytesIsRefusedOrRead() throws IOException {
    // 256 MiB of zeros in 256 KiB: as pixels behind the last row, and as a text.
    byte[] zeros = zlib(256 << 20);
    for (String type : List.of("IDAT", "zTXt", "iCCP")) {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(file);
      pngStart(out, 8, 8);
      ByteArrayOutputStream bomb = new ByteArrayOutputStream();
      bomb.writeBytes(type.getBytes(UTF_8));
      if (!type.equals("IDAT")) {
        bomb.writeBytes(new byte[] {'a', 0, 0});
      }
      bomb.writeBytes(zeros);
      chunk(out, bomb.toByteArray());
      if (!type.equals("IDAT")) {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream();
        pixels.writeBytes("IDAT".getBytes(UTF_8));
        pixels.writeBytes(zlib(8 * 25));
        chunk(out, pixels.toByteArray());
      }
      chunk(out, "IEND".getBytes(UTF_8));

      HttpResponse<byte[]> answer = served.post("/v1/faces", "image/png", file.toByteArray());

      assertThat(answer.statusCode()).as(type).isIn(200, 422);
    }
  }

  private static byte[] zlib(int zeros) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    byte[] block = new byte[1 << 16];
    try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
      for (int left = zeros; left > 0; left -= block.length) {
        out.write(block, 0, Math.min(left, block.length));
      }
    }
    return packed.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "BREW", "GET", "HEAD"})
  void aMethodThatAPathDoesNotHaveIsNamedWithThoseItHas(String method) throws IOException {
    try (Socket socket = socket()) {
      socket
          .getOutputStream()
          .write(
              (method + " /v1/faces HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                  .getBytes(UTF_8));

      String answer = answer(socket);

      assertThat(answer).doesNotContain("Exception");
      if (!method.equals("CONNECT")) { // whose target is no path
        assertThat(answer).startsWith("HTTP/1.1 405 ").containsIgnoringCase("Allow: POST, OPTIONS");
      }
      assertThat(answer.contains("method-not-allowed")).isEqualTo(!method.matches("HEAD|CONNECT"));
    }
  }

  @Test
  void pathsAreAskedForTheirHeadAndTheirMethods() {
    for (String path : List.of("/", "/page.js", "/v1/model", "/health/live", "/metrics")) {
      HttpResponse<byte[]> head =
          served.send(
              HttpRequest.newBuilder(served.at(path))
                  .method("HEAD", BodyPublishers.noBody())
                  .build());
      assertThat(head.statusCode()).as(path).isEqualTo(200);
      assertThat(head.body()).isEmpty();
      assertThat(head.headers().firstValue("Content-Type"))
          .isEqualTo(served.get(path).headers().firstValue("Content-Type"));
      HttpResponse<byte[]> methods =
          served.send(
              HttpRequest.newBuilder(served.at(path))
                  .method("OPTIONS", BodyPublishers.noBody())
                  .build());
      assertThat(methods.statusCode()).isEqualTo(204);
      assertThat(methods.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
    }
    HttpResponse<byte[]> posted = served.post("/v1/model", "image/jpeg", new byte[3]);
    assertProblem(posted, 405, "method-not-allowed");
    assertThat(posted.headers().firstValue("Allow")).contains("GET, HEAD, OPTIONS");
    assertProblem(
        served.send(
            HttpRequest.newBuilder(served.at("/nothing"))
                .method("BREW", BodyPublishers.noBody())
                .build()),
        404,
        "not-found");
  }

  @Test
  void aFloodOfHeadersIsRefused() throws IOException {
    try (Socket socket = socket()) {
      StringBuilder head = new StringBuilder("GET / HTTP/1.1\r\nHost: localhost\r\n");
      for (int i = 0; i < 500; i++) {
        head.append("X-Header-").append(i).append(": ").append("y".repeat(100)).append("\r\n");
      }
      try {
        socket.getOutputStream().write(head.append("\r\n").toString().getBytes(UTF_8));
      } catch (IOException e) {
        // The service may have closed the connection before the last header.
      }

      assertThat(answer(socket))
          .startsWith("HTTP/1.1 431")
          .contains("headers-too-large", "application/problem+json")
          .doesNotContain("Exception");
    }
  }

  @Test
  void whatIsNoHttpIsRefused() throws IOException {
    for (String line :
        List.of("\u0000\u0001\u0002\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n")) {
      try (Socket socket = socket()) {
        socket.getOutputStream().write(line.getBytes(UTF_8));

        assertThat(answer(socket)).doesNotContain("Exception", "jetty", "<html");
      }
    }
    assertThat(served.get("/..%2f..%2fetc/passwd").statusCode()).isIn(400, 404);
  }

  private static Socket socket() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.service.uri().getPort());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static byte[] head(String length) {
    return ("POST /v1/faces HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\n"
            + length
            + "\r\n\r\n")
        .getBytes(UTF_8);
  }

  /** Reads until the service closes the connection, or has sent a whole problem. */
  private static String answer(Socket socket) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      InputStream in = socket.getInputStream();
      byte[] some = new byte[8192];
      for (int read = in.read(some); read >= 0; read = in.read(some)) {
        all.write(some, 0, read);
        if (all.toString(UTF_8).endsWith("}")) {
          break;
        }
      }
    } catch (IOException e) {
      if (all.size() == 0) {
        throw new UncheckedIOException(e);
      }
    }
    return all.toString(UTF_8);
  }

  /** A PNG without pixels, whose header is whole. */
  private static byte[] pngHeader(int width, int height) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(file);
    pngStart(out, width, height);
    chunk(out, "IDAT".getBytes(UTF_8));
    chunk(out, "IEND".getBytes(UTF_8));
    return file.toByteArray();
  }

  private static void pngStart(DataOutputStream out, int width, int height) throws IOException {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    DataOutputStream fields = new DataOutputStream(header);
    fields.writeBytes("IHDR");
    fields.writeInt(width);
    fields.writeInt(height);
    fields.write(new byte[] {8, 2, 0, 0, 0});
    out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    chunk(out, header.toByteArray());
  }

  private static void chunk(DataOutputStream out, byte[] typeAndData) throws IOException {
    CRC32 sum = new CRC32();
    sum.update(typeAndData);
    out.writeInt(typeAndData.length - 4);
    out.write(typeAndData);
    out.writeInt((int) sum.getValue());
  }
}
