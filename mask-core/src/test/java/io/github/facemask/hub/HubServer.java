package io.github.facemask.hub;

import com.google.common.hash.Hashing;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A hub on this machine with one file, that answers as huggingface.co: HEAD with commit, ETag and
 * size, and a redirect to another host for the content. It can misbehave.
 */
public final class HubServer implements AutoCloseable {

  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String path;
  private final byte[] content;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile int status;
  private volatile String retryAfter = "";
  private volatile int cutAfter = Integer.MAX_VALUE;
  private volatile long pauseMillis;
  private volatile int block = 1 << 16;
  private volatile boolean ignoresRanges;
  private volatile String etag;
  private volatile boolean tells = true;
  private volatile String location = "";

  /** Starts a hub with a file, for instance "timm/resnet18.a1_in1k" and "model.safetensors". */
  public HubServer(String repository, String file, byte[] content) throws IOException {
    this.path = "/" + repository + "/resolve/main/" + file;
    this.content = content.clone();
    this.etag = Hashing.sha256().hashBytes(content).toString();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  /** Returns the value for HF_ENDPOINT. */
  public String endpoint() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  /** The host of the content, which must not see the token. */
  private String contentHost() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Answers every HEAD with a status. */
  public HubServer refusing(int with) {
    status = with;
    return this;
  }

  public HubServer retryingAfter(String seconds) {
    retryAfter = seconds;
    return this;
  }

  /** Closes the connection after some bytes, in the first answers. */
  public HubServer cutting(int bytes, int times) {
    cutAfter = bytes;
    cuts.set(times);
    return this;
  }

  /** Sends blocks with pauses. */
  public HubServer pausing(int bytes, long millis) {
    block = bytes;
    pauseMillis = millis;
    return this;
  }

  public HubServer ignoringRanges() {
    ignoresRanges = true;
    return this;
  }

  public HubServer withEtag(String other) {
    etag = other;
    return this;
  }

  /** Answers like a server that is no hub. */
  public HubServer tellingNothing() {
    tells = false;
    return this;
  }

  public HubServer redirectingTo(String address) {
    location = address;
    return this;
  }

  /** Returns method, address, range and authorization of each request so far. */
  public List<String> requests() {
    return requests;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String range = header(exchange, "Range");
      requests.add(
          exchange.getRequestMethod()
              + " "
              + header(exchange, "Host").replaceAll(":.*", "")
              + exchange.getRequestURI().getPath()
              + (range.isEmpty() ? "" : " " + range)
              + (header(exchange, "Authorization").isEmpty() ? "" : " with token"));
      if (exchange.getRequestMethod().equals("HEAD")) {
        head(exchange);
      } else {
        content(exchange, range);
      }
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  private void head(HttpExchange exchange) throws IOException {
    if (status != 0) {
      if (!retryAfter.isEmpty()) {
        exchange.getResponseHeaders().add("Retry-After", retryAfter);
      }
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    if (!exchange.getRequestURI().getPath().equals(path)) {
      exchange.sendResponseHeaders(404, -1);
      return;
    }
    if (tells) {
      exchange.getResponseHeaders().add("X-Repo-Commit", COMMIT);
      exchange.getResponseHeaders().add("X-Linked-Etag", "\"" + etag + "\"");
      exchange.getResponseHeaders().add("X-Linked-Size", Integer.toString(content.length));
      exchange
          .getResponseHeaders()
          .add("Location", location.isEmpty() ? contentHost() + "/content" : location);
    }
    exchange.sendResponseHeaders(tells ? 302 : 200, -1);
  }

  private void content(HttpExchange exchange, String range) throws IOException {
    int from = 0;
    if (!range.isEmpty() && !ignoresRanges) {
      from = Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
    }
    if (from >= content.length) {
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
    int end =
        cuts.getAndDecrement() > 0 ? Math.min(content.length, from + cutAfter) : content.length;
    try (OutputStream out = exchange.getResponseBody()) {
      for (int at = from; at < end; at += block) {
        out.write(content, at, Math.min(block, end - at));
        out.flush();
        pause();
      }
      if (end < content.length) {
        throw new IOException("cut on purpose");
      }
    }
  }

  private void pause() throws IOException {
    if (pauseMillis > 0) {
      try {
        Thread.sleep(pauseMillis);
      } catch (InterruptedException e) {
        throw new IOException("the server ends", e);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** Returns bytes that look like nothing in particular. */
  public static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    byte[] seed = Hashing.sha256().hashString("hub", StandardCharsets.UTF_8).asBytes();
    for (int i = 0; i < count; i++) {
      bytes[i] = (byte) (seed[i % seed.length] + i / seed.length);
    }
    return bytes;
  }
}
