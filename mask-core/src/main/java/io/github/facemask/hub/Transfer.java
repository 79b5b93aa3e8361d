package io.github.facemask.hub;

import io.github.facemask.internal.files.WriteFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * The body of an answer on its way into a file. A body that brings nothing for a while is closed.
 */
final class Transfer implements AutoCloseable {

  private static final int BLOCK = 1 << 20;

  private final InputStream body;
  private final Duration patience;
  private volatile boolean abandoned;

  private Transfer(InputStream body, Duration patience) {
    this.body = body;
    this.patience = patience;
  }

  /** Thrown for a connection that broke; what came so far is in the file. */
  static final class BrokenException extends IOException {

    private static final long serialVersionUID = 1;

    BrokenException(String reason) {
      super(reason);
    }

    BrokenException(IOException cause) {
      super(cause.getMessage() == null ? cause.toString() : cause.getMessage(), cause);
    }
  }

  static BodyHandler<Transfer> handler(Duration patience) {
    return info ->
        BodySubscribers.mapping(
            BodySubscribers.ofInputStream(), stream -> new Transfer(stream, patience));
  }

  /**
   * Writes the body at the end of a file.
   *
   * @param file the file; made if missing
   * @param from the byte of the file at which the body begins; what is behind it is cut off
   * @param progress gets the size of the file after each block
   */
  void copy(Path file, long from, LongConsumer progress) throws IOException {
    ScheduledExecutorService watch =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "facemask-download-watch");
              thread.setDaemon(true);
              return thread;
            });
    try (FileChannel out = open(file)) {
      out.truncate(from).position(from);
      byte[] block = new byte[BLOCK];
      int read = next(watch, block);
      while (read >= 0) {
        write(out, ByteBuffer.wrap(block, 0, read), file);
        progress.accept(out.position());
        read = next(watch, block);
      }
    } finally {
      watch.shutdownNow();
    }
  }

  private int next(ScheduledExecutorService watch, byte[] block) throws BrokenException {
    ScheduledFuture<?> end =
        watch.schedule(this::abandon, patience.toMillis(), TimeUnit.MILLISECONDS);
    try {
      int read = body.read(block);
      if (read < 0 && abandoned) {
        throw silent();
      }
      return read;
    } catch (BrokenException e) {
      throw e;
    } catch (IOException e) {
      throw abandoned ? silent() : new BrokenException(e);
    } finally {
      end.cancel(false);
    }
  }

  private BrokenException silent() {
    return new BrokenException("no byte for " + patience.toMillis() / 1000.0 + " s");
  }

  private void abandon() {
    abandoned = true;
    try {
      body.close();
    } catch (IOException e) {
      // The read that waits for it fails, too, and says why.
    }
  }

  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw WriteFailure.of(file, e);
    }
  }

  private static void write(FileChannel out, ByteBuffer bytes, Path file) throws IOException {
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw WriteFailure.of(file, e);
    }
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
