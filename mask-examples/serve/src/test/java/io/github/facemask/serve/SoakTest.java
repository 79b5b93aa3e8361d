package io.github.facemask.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import io.github.facemask.classify.FaceClassifier.Face;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Eight threads that classify the same photos again and again, half of the time through the library
 * and half through the service. Every answer is that of the first time, and memory stays as it is
 * after the first tenth: 100,000 answers, or twice what the property {@code facemask.soak} says.
 */
class SoakTest {

  private static final int CALLS = Integer.getInteger("facemask.soak", 50_000);
  private static final int THREADS = 8;
  private static final int PHOTOS = 40;

  /** Room for what the allocators keep, in KiB, and for half a KiB of each call. */
  private static final long ROOM_KIB = 64 * 1024 + CALLS / 2L;

  @Test
  @Tag("slow")
  @EnabledOnOs(value = OS.LINUX, disabledReason = "reads resident memory from /proc")
  void answersAndMemoryStayTheSame() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms384m",
                "-Xmx384m",
                "-XX:+AlwaysPreTouch",
                "-Dai.djl.offline=true",
                "-Dfacemask.soak=" + CALLS,
                "-cp",
                System.getProperty("java.class.path"),
                SoakTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    String last = out.lines().filter(l -> l.contains("answers, ")).reduce("", (a, b) -> b);
    System.out.println(last);
    String[] numbers = last.replaceAll("[^0-9 -]", "").strip().split(" +", -1);

    assertThat(Integer.parseInt(numbers[0])).as("answers").isEqualTo(2 * CALLS);
    assertThat(Integer.parseInt(numbers[1])).as("other answers").isZero();
    assertThat(Long.parseLong(numbers[2])).as("growth in KiB").isLessThan(ROOM_KIB);
  }

  /** Prints the number of answers, of those that differ, and by how many KiB the process grew. */
  public static void main(String[] args) throws Exception {
    long start = System.nanoTime();
    try (Served served =
        Served.start(s -> s.optQueue(4 * THREADS).optBatchWait(Duration.ofMillis(1)))) {
      Soak soak = new Soak(served);
      int other = soak.run(CALLS / 10);
      long before = residentKib();
      other += soak.run(CALLS - CALLS / 10);
      System.out.printf(
          Locale.ROOT,
          "%d answers, %d others, %d KiB more, %d seconds%n",
          2 * CALLS,
          other,
          residentKib() - before,
          Duration.ofNanos(System.nanoTime() - start).toSeconds());
    }
  }

  private static long residentKib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("/proc/self/status: lacks VmRSS");
  }

  /** The photos and their first answers. */
  private static final class Soak {

    private final Served served;
    private final List<byte[]> photos = new ArrayList<>();
    private final List<List<Face>> faces = new ArrayList<>();
    private final List<JsonNode> answers = new ArrayList<>();

    Soak(Served served) throws IOException {
      this.served = served;
      for (int i = 0; i < PHOTOS; i++) {
        byte[] photo = Served.photo(1 + i % 3, i, i % 2 == 0 ? "jpg" : "png");
        photos.add(photo);
        faces.add(served.classifier.classifyFaces(photo));
        answers.add(served.expected("photo", photo));
      }
    }

    /** Makes so many calls of the library and of the service; returns how many answers differ. */
    int run(int calls) throws Exception {
      AtomicInteger next = new AtomicInteger();
      AtomicInteger others = new AtomicInteger();
      Callable<Boolean> worker =
          () -> {
            for (int i = next.getAndIncrement(); i < calls; i = next.getAndIncrement()) {
              int photo = i % PHOTOS;
              if (!sameFaces(served.classifier.classifyFaces(photos.get(photo)), photo)) {
                others.incrementAndGet();
              }
              if (!sameAnswer(photo)) {
                others.incrementAndGet();
              }
            }
            return true;
          };
      ExecutorService pool = Executors.newFixedThreadPool(THREADS);
      try {
        for (Future<Boolean> done :
            pool.invokeAll(ImmutableList.copyOf(java.util.Collections.nCopies(THREADS, worker)))) {
          assertThat(done.get()).isTrue();
        }
      } finally {
        pool.shutdown();
      }
      return others.get();
    }

    private boolean sameFaces(List<Face> found, int photo) {
      List<Face> expected = faces.get(photo);
      boolean same = found.size() == expected.size();
      for (int i = 0; same && i < found.size(); i++) {
        same = found.get(i).box().equals(expected.get(i).box());
        for (int id = 0; same && id < 18; id++) {
          double p = expected.get(i).prediction().probabilities().get(id);
          same = Math.abs(found.get(i).prediction().probabilities().get(id) - p) < 1e-5;
        }
      }
      return same;
    }

    private boolean sameAnswer(int photo) {
      var answer =
          served.post("/v1/faces", photo % 2 == 0 ? "image/jpeg" : "image/png", photos.get(photo));
      if (answer.statusCode() != 200) {
        return false;
      }
      JsonNode found = Served.json(answer).path("photos").path(0).path("faces");
      JsonNode expected = answers.get(photo).path("faces");
      try {
        Served.assertSame(found, expected);
        return true;
      } catch (AssertionError e) {
        return false;
      }
    }
  }
}
