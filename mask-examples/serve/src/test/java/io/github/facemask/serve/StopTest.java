package io.github.facemask.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A service that stops answers what is in work, and keeps nothing. */
class StopTest {

  @Test
  void requestsInWorkAreAnsweredAndLaterOnesRefused() throws Exception {
    Served served =
        Served.start(s -> s.optBatchWait(Duration.ofSeconds(2)).optStopTime(Duration.ofMinutes(1)));
    byte[] photo = Served.photo(2, 1);
    ExecutorService others = Executors.newFixedThreadPool(4);
    try {
      // It has read its photo, and waits for others to come into its batch.
      Future<Integer> waiting =
          others.submit(() -> served.post("/v1/faces", "image/jpeg", photo).statusCode());
      awaitInWork(served);
      Future<?> closed = others.submit(served.service::close);
      while (served.get("/health/ready").statusCode() == 200) {
        TimeUnit.MILLISECONDS.sleep(5);
      }

      assertThat(served.get("/health/live").statusCode()).isEqualTo(200);
      var refused = served.post("/v1/faces", "image/jpeg", photo);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      assertThat(Served.json(refused).get("type").asText())
          .isEqualTo("urn:facemask:problem:stopping");
      assertThat(waiting.get()).isEqualTo(200);
      closed.get();
      assertThat(served.service.uri().getPort()).satisfies(StopTest::isFree);
    } finally {
      others.shutdownNow();
      served.close();
    }
  }

  private static void awaitInWork(Served served) throws InterruptedException {
    String metrics = "";
    for (int i = 0; i < 6000 && !metrics.contains("mask_requests_in_work 1"); i++) {
      TimeUnit.MILLISECONDS.sleep(5);
      metrics = new String(served.get("/metrics").body(), UTF_8);
    }
    assertThat(metrics).contains("mask_requests_in_work 1");
  }

  private static void isFree(int port) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      throw new AssertionError(socket + " is still open");
    } catch (IOException e) {
      assertThat(e).isNotNull();
    }
  }

  @Test
  void aRequestThatNeverEndsDoesNotHoldUpTheStop() throws Exception {
    Served served = Served.start(s -> s.optStopTime(Duration.ofMillis(200)));
    try (Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), served.service.uri().getPort())) {
      socket
          .getOutputStream()
          .write(
              "POST /v1/faces HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/png\r\nContent-Length: 9\r\n\r\n"
                  .getBytes(UTF_8));
      awaitInWork(served);

      served.close();

      assertThat(served.service.uri().getPort()).satisfies(StopTest::isFree);
    }
  }

  @Test
  void noPhotoIsOnDisk() throws Exception {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    try (Served served = Served.start(s -> s)) {
      List<Path> before = files(temporary);
      byte[] large = Served.photo(40, 1, "png");
      assertThat(
              served
                  .post(
                      "/v1/faces",
                      Served.FORM,
                      Served.form(java.util.Map.of("a.png", large, "b.png", large)))
                  .statusCode())
          .isEqualTo(200);
      assertThat(served.post("/v1/heatmap?squares=2", "image/png", large).statusCode())
          .isEqualTo(200);

      List<Path> after = new ArrayList<>(files(temporary));
      after.removeAll(before);
      assertThat(after)
          .noneMatch(f -> f.toString().contains("jetty") || f.toString().contains("MultiPart"))
          .noneMatch(f -> f.getFileName().toString().startsWith("imageio"));
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
