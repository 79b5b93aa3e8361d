package io.github.facemask.hub;

import com.google.common.base.CharMatcher;
import com.google.common.hash.Hashing;
import com.google.common.io.ByteSource;
import com.google.common.io.MoreFiles;
import com.google.common.primitives.Longs;
import io.github.facemask.hub.Hub.Artifact;
import io.github.facemask.hub.Hub.Listener;
import io.github.facemask.hub.Hub.UnavailableException;
import io.github.facemask.internal.files.WriteFailure;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Environment;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Downloads one file into the cache of Hugging Face, as huggingface_hub does: a HEAD request tells
 * commit, ETag and size, then the content comes from where the hub redirects to. Used once.
 */
final class Download {

  private static final int REDIRECTS = 5;
  private static final int TRIES = 5;
  private static final long MARGIN = 16L << 20;
  private static final long LOCK_PAUSE_MILLIS = 100;
  private static final long RETRY_PAUSE_MILLIS = 200;

  private final HubSettings settings;
  private final Artifact artifact;
  private final Listener listener;
  private final HubCache cache;
  private final HttpClient client;

  Download(HubSettings settings, Artifact artifact, Listener listener) {
    this.settings = settings;
    this.artifact = artifact;
    this.listener = listener;
    this.cache = new HubCache(settings.hubCache(), artifact.repository());
    this.client =
        HttpClient.newBuilder()
            .followRedirects(Redirect.NEVER)
            .connectTimeout(settings.patience())
            .proxy(ProxySelector.getDefault())
            .build();
  }

  /**
   * The file on the server.
   *
   * @param name its name in the repository
   * @param address the address that a person would use
   * @param content the address of its content
   * @param commit the commit of the repository
   * @param etag the name of its content
   * @param size its bytes, -1 if the server does not say
   */
  private record Remote(
      String name, URI address, URI content, String commit, String etag, long size) {}

  /**
   * Downloads the file.
   *
   * @return its name in the cache
   */
  Path fetch() throws IOException {
    Remote remote = remote();
    Path blob = cache.blob(remote.etag);
    Path lock = cache.lock(remote.etag);
    try {
      Files.createDirectories(blob.getParent());
      Files.createDirectories(lock.getParent());
    } catch (IOException e) {
      throw WriteFailure.of(blob.getParent(), e);
    }
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = lock(channel)) {
      // Another process may have written it while this one waited.
      if (held.isValid() && !Files.exists(blob)) {
        write(remote, blob);
      }
      return cache.link(remote.etag, remote.commit, remote.name);
    }
  }

  /** Waits for the lock; threads of one JVM are refused instead of made to wait. */
  private static FileLock lock(FileChannel channel) throws IOException {
    while (true) {
      try {
        return channel.lock();
      } catch (OverlappingFileLockException e) {
        sleep(LOCK_PAUSE_MILLIS);
      }
    }
  }

  private static void sleep(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    IOException stopped = new InterruptedIOException("interrupted during a download");
    stopped.initCause(e);
    return stopped;
  }

  private Remote remote() throws IOException {
    UnavailableException last = null;
    for (String file : artifact.files()) {
      try {
        return remote(file);
      } catch (UnavailableException e) {
        if (e.status().orElse(0) != 404) {
          throw e;
        }
        last = last == null ? e : last;
      }
    }
    throw last;
  }

  private Remote remote(String file) throws IOException {
    URI address = settings.address(artifact, file);
    URI at = address;
    for (int i = 0; i <= REDIRECTS; i++) {
      HttpResponse<Void> answer =
          send(
              address,
              request(at).method("HEAD", BodyPublishers.noBody()).build(),
              BodyHandlers.discarding());
      Optional<String> commit = answer.headers().firstValue("X-Repo-Commit");
      Optional<URI> next = location(address, at, answer);
      boolean redirects = answer.statusCode() / 100 == 3 && next.isPresent();
      if (redirects && !HubSettings.isSafe(next.get())) {
        throw failure(address, 0, "redirects to " + next.get() + ", which has no TLS", null);
      }
      if (!redirects && answer.statusCode() != 200) {
        throw refused(address, answer);
      }
      // A relative address is the repository's new name; another one is where the content is.
      boolean renamed = redirects && next.get().getRawAuthority().equals(at.getRawAuthority());
      if (redirects && (renamed || commit.isEmpty())) {
        at = next.get();
      } else {
        return remote(file, address, redirects ? next.get() : at, answer);
      }
    }
    throw failure(address, 0, "redirects more than " + REDIRECTS + " times", null);
  }

  private Optional<URI> location(URI address, URI from, HttpResponse<?> answer)
      throws UnavailableException {
    Optional<String> named = answer.headers().firstValue("Location");
    try {
      return named.map(from::resolve);
    } catch (IllegalArgumentException e) {
      throw failure(address, 0, "redirects to " + named.get() + ", which is no address", e);
    }
  }

  private Remote remote(String file, URI address, URI content, HttpResponse<Void> answer)
      throws IOException {
    String commit = answer.headers().firstValue("X-Repo-Commit").orElse("");
    String etag =
        answer
            .headers()
            .firstValue("X-Linked-Etag")
            .or(() -> answer.headers().firstValue("ETag"))
            .orElse("");
    etag = CharMatcher.is('"').trimFrom(etag.startsWith("W/") ? etag.substring(2) : etag);
    if (!HubCache.isName(commit) || !HubCache.isName(etag)) {
      throw failure(
          address, 0, "answers without commit and ETag: it is no hub, or a proxy is between", null);
    }
    boolean redirects = answer.statusCode() / 100 == 3;
    long size =
        answer
            .headers()
            .firstValue("X-Linked-Size")
            .or(() -> redirects ? Optional.empty() : answer.headers().firstValue("Content-Length"))
            .map(Longs::tryParse)
            .orElse(-1L);
    return new Remote(file, address, content, commit, etag, size);
  }

  /** Writes the content, resumed as long as each try brings some. */
  private void write(Remote remote, Path blob) throws IOException {
    Path aside = cache.incomplete(remote.etag);
    checkDisk(remote, aside);
    listener.onDownload(remote.address, sizeOf(aside), remote.size);
    int fruitless = 0;
    boolean done = false;
    while (!done) {
      long before = sizeOf(aside);
      try {
        append(remote, aside);
        done = true;
      } catch (Transfer.BrokenException e) {
        fruitless = sizeOf(aside) > before ? 0 : fruitless + 1;
        if (fruitless >= TRIES) {
          throw failure(
              remote.address,
              0,
              "the connection broke after "
                  + sizeOf(aside)
                  + " of "
                  + remote.size
                  + " bytes ("
                  + e.getMessage()
                  + ")",
              e);
        }
        sleep(fruitless * RETRY_PAUSE_MILLIS);
      }
    }
    check(remote, aside);
    Files.move(aside, blob, StandardCopyOption.ATOMIC_MOVE);
  }

  private void append(Remote remote, Path aside) throws IOException {
    long have = sizeOf(aside);
    if (have == remote.size) {
      return;
    }
    if (remote.size >= 0 && have > remote.size) {
      Files.delete(aside);
      have = 0;
    }
    URI at = remote.content;
    HttpResponse<Transfer> answer = null;
    for (int i = 0; i <= REDIRECTS && answer == null; i++) {
      HttpRequest.Builder request = request(at).GET();
      if (have > 0) {
        request.header("Range", "bytes=" + have + "-");
      }
      HttpResponse<Transfer> got = content(request.build());
      Optional<URI> next = location(remote.address, at, got);
      if (got.statusCode() / 100 != 3 || next.isEmpty()) {
        answer = got;
      } else {
        got.body().close();
        if (!HubSettings.isSafe(next.get())) {
          throw failure(
              remote.address, 0, "redirects to " + next.get() + ", which has no TLS", null);
        }
        at = next.get();
      }
    }
    if (answer == null) {
      throw failure(remote.address, 0, "redirects more than " + REDIRECTS + " times", null);
    }
    try (Transfer body = answer.body()) {
      if (answer.statusCode() == 416) {
        // The server has less than what is here: begin again.
        Files.deleteIfExists(aside);
        throw new Transfer.BrokenException("the server has fewer bytes than an earlier try left");
      }
      if (answer.statusCode() / 100 == 5) {
        throw new Transfer.BrokenException("status " + answer.statusCode());
      }
      if (answer.statusCode() != 200 && answer.statusCode() != 206) {
        throw refused(remote.address, answer);
      }
      boolean resumed = answer.statusCode() == 206;
      body.copy(aside, resumed ? have : 0, done -> listener.onBytes(done, remote.size));
      if (remote.size >= 0 && sizeOf(aside) < remote.size) {
        throw new Transfer.BrokenException("the server closed it");
      }
    }
  }

  private HttpResponse<Transfer> content(HttpRequest request) throws IOException {
    try {
      return exchange(request, Transfer.handler(settings.patience()));
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (IOException e) {
      throw new Transfer.BrokenException(e);
    }
  }

  private void checkDisk(Remote remote, Path aside) throws IOException {
    long needed = Math.max(0, remote.size - sizeOf(aside));
    long free = Files.getFileStore(aside.getParent()).getUsableSpace();
    if (remote.size > 0 && needed > free - MARGIN) {
      throw failure(
          remote.address,
          0,
          "needs "
              + (needed >> 20)
              + " MiB in "
              + settings.hubCache()
              + ", which has "
              + (free >> 20)
              + " MiB; make room, name another folder in HF_HUB_CACHE",
          null);
    }
  }

  /**
   * Compares size and digest; an ETag is a SHA-256 for large files and git's SHA-1 for small ones.
   */
  @SuppressWarnings("deprecation") // Git's names are SHA-1
  private void check(Remote remote, Path aside) throws IOException {
    String found = "";
    String expected = remote.etag;
    if (expected.matches("[0-9a-f]{64}")) {
      found = MoreFiles.asByteSource(aside).hash(Hashing.sha256()).toString();
    } else if (expected.matches("[0-9a-f]{40}")) {
      byte[] head = ("blob " + sizeOf(aside) + "\0").getBytes(StandardCharsets.UTF_8);
      found =
          ByteSource.concat(ByteSource.wrap(head), MoreFiles.asByteSource(aside))
              .hash(Hashing.sha1())
              .toString();
    } else {
      found = expected;
    }
    boolean whole = remote.size < 0 || sizeOf(aside) == remote.size;
    if (!whole || !found.equals(expected)) {
      long size = sizeOf(aside);
      Files.delete(aside);
      throw failure(
          remote.address,
          0,
          whole
              ? "came with digest "
                  + found
                  + ", expected "
                  + expected
                  + "; nothing was kept, try again"
              : "came with " + size + " bytes, expected " + remote.size + "; nothing was kept",
          null);
    }
  }

  private static long sizeOf(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  private HttpRequest.Builder request(URI at) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(at)
            .timeout(settings.patience())
            .header("User-Agent", "facemask/" + Environment.libraryVersion())
            .header("Accept-Encoding", "identity");
    if (at.getRawAuthority().equals(settings.endpoint().getRawAuthority())) {
      // Never to the server that only stores the content.
      settings.token().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    }
    return request;
  }

  private <T> HttpResponse<T> send(URI address, HttpRequest request, BodyHandler<T> body)
      throws IOException {
    try {
      return exchange(request, body);
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (IOException e) {
      throw failure(
          address,
          0,
          "cannot be reached ("
              + reason(e)
              + "); check the network and the proxy (-Dhttps.proxyHost), name a mirror in HF_ENDPOINT",
          e);
    }
  }

  /** The client of the JDK throws another exception for headers such as "Content-Length: true". */
  private <T> HttpResponse<T> exchange(HttpRequest request, BodyHandler<T> body)
      throws IOException, InterruptedException {
    try {
      return client.send(request, body);
    } catch (IllegalArgumentException e) {
      throw (ProtocolException) new ProtocolException("the answer is no HTTP").initCause(e);
    }
  }

  private static String reason(IOException e) {
    String said = e.getMessage();
    String type = e.getClass().getSimpleName();
    return said == null || said.isBlank() ? type : type + ": " + said;
  }

  private UnavailableException refused(URI address, HttpResponse<?> answer) {
    int status = answer.statusCode();
    String wait = answer.headers().firstValue("Retry-After").map(s -> " in " + s + " s").orElse("");
    String clause =
        switch (status) {
          case 401, 403 ->
              "the server answers "
                  + status
                  + (settings.token().isPresent()
                      ? ": the token may not read it"
                      : ": it asks for a token")
                  + "; accept its terms on the page of "
                  + artifact.repository()
                  + " and set HF_TOKEN";
          case 404 -> "the server answers 404: it has no such file";
          case 429 ->
              "the server answers 429: too many requests; try again"
                  + wait
                  + ", with HF_TOKEN set if you have an account";
          default -> "the server answers " + status + "; try again later";
        };
    return failure(address, status, clause, null);
  }

  private UnavailableException failure(URI address, int status, String clause, Throwable cause) {
    return new UnavailableException(
        artifact.name(),
        address,
        status,
        Problem.saying(address + ": " + clause)
            .withRemedy("or " + settings.byHand(artifact, address)),
        cause);
  }
}
