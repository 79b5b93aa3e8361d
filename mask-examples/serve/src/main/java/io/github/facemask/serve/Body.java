package io.github.facemask.serve;

import io.github.facemask.problem.Problem;
import io.github.facemask.serve.Places.Place;
import io.github.facemask.serve.RequestProblem.Kind;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads the bodies of requests within limits. Thread-safe. */
final class Body {

  private static final int CHUNK = 1 << 16;

  /** How much of a refused body is read and dropped, so that its client can read the answer. */
  private static final long DROPPED_BYTES = 1 << 20;

  private static final long DROPPED_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final Limits limits;

  /** Dropping takes a thread, so few do it at once. */
  private final Semaphore droppers = new Semaphore(8);

  Body(Limits limits) {
    this.limits = limits;
  }

  /**
   * Reads a body.
   *
   * @param request the request
   * @param place counts the bytes
   * @return all bytes
   * @throws RequestProblem if it is too long, too slow or cut off
   */
  byte[] read(HttpServletRequest request, Place place) throws RequestProblem {
    String coding = request.getHeader("Content-Encoding");
    if (coding != null && !coding.equalsIgnoreCase("identity")) {
      throw RequestProblem.of(
          Kind.UNSUPPORTED_TYPE,
          Problem.of("contentEncoding", coding, "none").withRemedy("send the photo as it is"));
    }
    if (request.getContentLengthLong() > limits.bytes()) {
      throw tooLong(request.getContentLengthLong() + " bytes");
    }
    long until = System.nanoTime() + limits.bodyTime().toNanos();
    List<byte[]> chunks = new ArrayList<>();
    long length = 0;
    try {
      InputStream in = request.getInputStream();
      byte[] chunk = new byte[CHUNK];
      int read = in.read(chunk);
      while (read >= 0) {
        length += read;
        if (length > limits.bytes()) {
          throw tooLong("more than " + limits.bytes() + " bytes");
        }
        if (System.nanoTime() > until) {
          throw tooSlow();
        }
        place.hold(read);
        chunks.add(Arrays.copyOf(chunk, read));
        read = in.read(chunk);
      }
    } catch (IOException e) {
      throw timedOut(e)
          ? tooSlow()
          : RequestProblem.of(Kind.BAD_REQUEST, "the body ended before its end");
    }
    if (length == 0) {
      throw RequestProblem.of(Kind.BAD_REQUEST, Problem.of("body", "", "the bytes of a photo"));
    }
    return joined(chunks, (int) length);
  }

  private static byte[] joined(List<byte[]> chunks, int length) {
    if (chunks.size() == 1) {
      return chunks.get(0);
    }
    byte[] all = new byte[length];
    int to = 0;
    for (byte[] chunk : chunks) {
      System.arraycopy(chunk, 0, all, to, chunk.length);
      to += chunk.length;
    }
    return all;
  }

  private RequestProblem tooLong(String found) {
    return RequestProblem.of(
        Kind.TOO_MANY_BYTES, Problem.of("body", found, "at most " + limits.bytes() + " bytes"));
  }

  private RequestProblem tooSlow() {
    return RequestProblem.of(
        Kind.TOO_SLOW,
        Problem.of("body", "incomplete", "all of it in " + limits.bodyTime().toSeconds() + " s"));
  }

  private static boolean timedOut(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof TimeoutException) {
        return true;
      }
    }
    return false;
  }

  /** Reads some of a refused body and forgets it. A client that sends and then reads needs that. */
  void drop(HttpServletRequest request) {
    // Who asks first has sent nothing yet.
    if (request.getHeader("Expect") != null || !droppers.tryAcquire()) {
      return;
    }
    try {
      long until = System.nanoTime() + DROPPED_NANOS;
      InputStream in = request.getInputStream();
      byte[] chunk = new byte[CHUNK];
      long dropped = 0;
      int read = 0;
      while (read >= 0 && dropped < DROPPED_BYTES && System.nanoTime() < until) {
        // A read of what has not arrived could wait long.
        read = in.available() > 0 || request.getContentLengthLong() >= 0 ? in.read(chunk) : -1;
        dropped += Math.max(0, read);
      }
    } catch (IOException e) {
      // The client is gone, or waits.
    } finally {
      droppers.release();
    }
  }
}
