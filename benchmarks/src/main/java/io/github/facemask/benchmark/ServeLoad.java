package io.github.facemask.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.primitives.Longs;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.serve.FaceService;
import io.github.facemask.tensor.Precision;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Load on a service that runs in a process of its own. Compares each answer with that of the
 * process's first batch of one, which is the library's, and watches the memory.
 */
public final class ServeLoad {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MOST_PHOTOS = 64;
  private static final int MOST_SAMPLES = 2_000_000;

  /** Batches round the sums of float32 differently; nothing else may differ. */
  private static final double ROUNDING = 1e-5;

  private final List<byte[]> photos;
  private final List<JsonNode> expected;
  private final URI faces;
  private final AtomicLong wrong = new AtomicLong();
  private final AtomicLong found = new AtomicLong();
  private final Map<String, AtomicLong> answers = new ConcurrentSkipListMap<>();

  private ServeLoad(List<byte[]> photos, List<JsonNode> expected, URI faces) {
    this.photos = photos;
    this.expected = expected;
    this.faces = faces;
  }

  /**
   * Starts a service and its clients.
   *
   * @param arguments folder of the model, folder of photos; seconds (300) and clients (32) may
   *     follow
   * @throws Exception if the service cannot be started
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length == 2 && arguments[0].equals("--serve")) {
      serve(Path.of(arguments[1]));
      return;
    }
    int seconds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 300;
    int clients = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 32;
    List<byte[]> photos = read(Path.of(arguments[1]));
    List<JsonNode> expected = expected(Path.of(arguments[0]), photos);
    Process service =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // A heap that is there from the start, so that growth is that of native memory.
                "-Xms512m",
                "-Xmx512m",
                "-XX:+AlwaysPreTouch",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                ServeLoad.class.getName(),
                "--serve",
                arguments[0])
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(service.getInputStream(), StandardCharsets.UTF_8))) {
      URI uri = URI.create(out.readLine());
      ServeLoad load = new ServeLoad(photos, expected, uri.resolve("v1/faces"));
      load.run(seconds, clients, service.pid());
    } finally {
      service.destroy();
      if (!service.waitFor(10, TimeUnit.SECONDS)) {
        System.out.println("the service did not stop within 10 s");
        service.destroyForcibly();
      }
    }
  }

  /** The service: prints its address, and ends with the process that started it. */
  private static void serve(Path model) throws IOException, InterruptedException {
    FaceClassifier classifier =
        FaceClassifier.builder(model).optPrecision(Precision.FLOAT32).optMaxFaces(100).open();
    FaceService service =
        FaceService.builder(classifier).optModels(Ensemble.open(model)).optPort(0).start();
    Runtime.getRuntime().addShutdownHook(new Thread(service::close));
    System.out.println(service.uri());
    while (ProcessHandle.current().parent().isPresent()) {
      TimeUnit.SECONDS.sleep(1);
    }
    System.exit(0);
  }

  private static List<byte[]> read(Path folder) throws IOException {
    List<byte[]> photos = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file :
          files.filter(f -> f.toString().endsWith(".jpg")).sorted().limit(MOST_PHOTOS).toList()) {
        photos.add(Files.readAllBytes(file));
      }
    }
    if (photos.isEmpty()) {
      throw new IOException(folder + ": holds no .jpg");
    }
    return photos;
  }

  /** What the library finds, in the words of the service. */
  private static List<JsonNode> expected(Path model, List<byte[]> photos) throws Exception {
    try (FaceClassifier classifier =
            FaceClassifier.builder(model).optPrecision(Precision.FLOAT32).optMaxFaces(100).open();
        FaceService alone = FaceService.builder(classifier).optPort(0).optBatchSize(1).start()) {
      List<JsonNode> expected = new ArrayList<>();
      HttpClient client = HttpClient.newHttpClient();
      for (byte[] photo : photos) {
        JsonNode answer =
            JSON.readTree(
                client
                    .send(request(alone.uri().resolve("v1/faces"), photo), BodyHandlers.ofString())
                    .body());
        // In batches of one the service answers with what classifyFaces returns.
        int library = classifier.classifyFaces(photo).size();
        if (answer.at("/photos/0/faces").size() != library) {
          throw new IllegalStateException("the library finds " + library + ": " + answer);
        }
        expected.add(answer);
      }
      return expected;
    }
  }

  private static HttpRequest request(URI to, byte[] photo) {
    return HttpRequest.newBuilder(to)
        .header("Content-Type", "image/jpeg")
        .POST(BodyPublishers.ofByteArray(photo))
        .build();
  }

  private void run(int seconds, int clients, long process) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    List<Future<List<Long>>> running = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      int first = i;
      running.add(threads.submit(() -> client(first, until)));
    }
    List<Long> memory = new ArrayList<>();
    long pause = Math.max(1, seconds / 30);
    while (System.nanoTime() < until) {
      TimeUnit.SECONDS.sleep(pause);
      memory.add(residentKib(process) / 1024);
    }
    List<Long> times = new ArrayList<>();
    for (Future<List<Long>> one : running) {
      times.addAll(one.get());
    }
    threads.shutdown();
    report(seconds, clients, times, memory);
  }

  private List<Long> client(int first, long until) throws InterruptedException {
    HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    List<Long> times = new ArrayList<>();
    for (int i = first; System.nanoTime() < until && times.size() < MOST_SAMPLES; i++) {
      int which = i % photos.size();
      long start = System.nanoTime();
      try {
        HttpResponse<String> answer =
            http.send(request(faces, photos.get(which)), BodyHandlers.ofString());
        count("status " + answer.statusCode());
        if (answer.statusCode() == 200) {
          times.add(System.nanoTime() - start);
          JsonNode json = JSON.readTree(answer.body());
          found.addAndGet(json.at("/photos/0/faces").size());
          if (!same(json, expected.get(which))) {
            wrong.incrementAndGet();
          }
        } else {
          TimeUnit.MILLISECONDS.sleep(100);
        }
      } catch (IOException e) {
        count(e.toString());
      }
    }
    return times;
  }

  private void count(String what) {
    answers.computeIfAbsent(what, key -> new AtomicLong()).incrementAndGet();
  }

  private static boolean same(JsonNode answer, JsonNode library) {
    if (library.isNumber()) {
      return answer.isNumber() && Math.abs(answer.asDouble() - library.asDouble()) <= ROUNDING;
    }
    if (!library.isContainerNode()) {
      return answer.equals(library);
    }
    if (answer.size() != library.size()) {
      return false;
    }
    Iterator<JsonNode> others = library.iterator();
    for (JsonNode value : answer) {
      if (!same(value, others.next())) {
        return false;
      }
    }
    return true;
  }

  private static long residentKib(long process) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process), "status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return 0;
  }

  private void report(int seconds, int clients, List<Long> times, List<Long> memory) {
    long[] sorted = Longs.toArray(times);
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "%d clients, %d s, %d processors%nanswers: %s%n%.1f photos/s, %.1f faces/s%n"
            + "latency: p50 %.0f ms, p90 %.0f ms, p99 %.0f ms, most %.0f ms%n"
            + "answers that differ from the library's: %d%nmemory in MiB: %s%n",
        clients,
        seconds,
        Runtime.getRuntime().availableProcessors(),
        answers,
        sorted.length / (double) seconds,
        found.get() / (double) seconds,
        millis(sorted, 0.5),
        millis(sorted, 0.9),
        millis(sorted, 0.99),
        millis(sorted, 1),
        wrong.get(),
        memory);
  }

  private static double millis(long[] sorted, double share) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1L, (long) (share * sorted.length))] / 1e6;
  }
}
