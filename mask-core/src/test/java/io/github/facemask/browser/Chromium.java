package io.github.facemask.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A headless Chromium that tests drive by its DevTools protocol. Close it to end the process and
 * delete its profile.
 */
public final class Chromium implements AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();

  /** How long a condition may take on the slowest machine; none is expected to. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final Path profile;
  private final HttpClient http;
  private final int port;
  private final List<BrowserPage> pages = new ArrayList<>();

  private Chromium(Process process, Path profile, HttpClient http, int port) {
    this.process = process;
    this.profile = profile;
    this.http = http;
    this.port = port;
  }

  /** Returns the program, if it is on the path. */
  public static Optional<Path> program() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .flatMap(
            folder ->
                Stream.of("chromium", "chromium-browser", "google-chrome")
                    .map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts the browser; where there is none, the calling test is skipped.
   *
   * @param flags more flags
   */
  public static Chromium start(String... flags) throws IOException, InterruptedException {
    Optional<Path> program = program();
    assumeTrue(program.isPresent(), "no Chromium on the path, so no page can be opened");
    Path profile = Files.createTempDirectory("facemask-chromium");
    List<String> command =
        new ArrayList<>(
            List.of(
                program.get().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-extensions",
                "--no-first-run",
                "--remote-debugging-port=0",
                "--window-size=1200,900",
                "--user-data-dir=" + profile));
    command.addAll(List.of(flags));
    command.add("about:blank");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("log").toFile())
            .start();
    HttpClient http = HttpClient.newHttpClient();
    try {
      return new Chromium(process, profile, http, port(process, profile));
    } catch (IOException | InterruptedException | RuntimeException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static int port(Process process, Path profile) throws IOException, InterruptedException {
    Path file = profile.resolve("DevToolsActivePort");
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < until && process.isAlive()) {
      List<String> lines = lines(file);
      if (lines.size() >= 2) {
        return Integer.parseInt(lines.get(0));
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new IOException("Chromium did not start: " + Files.readString(profile.resolve("log")));
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /**
   * Opens a page and waits until it is loaded.
   *
   * @param address its address
   */
  public BrowserPage open(URI address) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/new?about:blank"))
            .PUT(BodyPublishers.noBody())
            .build();
    JsonNode tab = JSON.readTree(http.send(request, BodyHandlers.ofString()).body());
    BrowserPage page =
        BrowserPage.connect(http, URI.create(tab.get("webSocketDebuggerUrl").asText()));
    pages.add(page);
    ObjectNode where = JSON.createObjectNode().put("url", address.toString());
    page.call("Page.navigate", where);
    page.waitFor("location.href !== 'about:blank' && document.readyState === 'complete'");
    return page;
  }

  @Override
  public void close() throws IOException {
    pages.forEach(BrowserPage::close);
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
    deleteProfile();
  }

  /** Deletes what is left; a child that ends late may still write. */
  private void deleteProfile() {
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException | java.io.UncheckedIOException e) {
      profile.toFile().deleteOnExit();
    }
  }
}
