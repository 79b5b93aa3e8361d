package io.github.facemask.internal.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A temporary file or folder. It is deleted when it is closed, and when the process ends by Ctrl-C,
 * SIGTERM or exit while it is written.
 */
final class Aside implements AutoCloseable {

  private static final long PAUSE_MILLIS = 100;

  /** A write that still makes progress has this long to become complete when the process ends. */
  private static final int MOST_PAUSES = 100;

  /** So many pauses without progress tell a write that waits for something else. */
  private static final int IDLE_PAUSES = 3;

  private final Path path;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread atEnd = new Thread(this::end, "facemask-temporary-file");
  private volatile boolean finishing;

  private Aside(Path path) {
    this.path = path;
  }

  /** Chooses a name in a folder; nothing is written yet. */
  static Aside in(Path folder) {
    Aside aside = new Aside(Leftovers.nameIn(folder));
    try {
      Runtime.getRuntime().addShutdownHook(aside.atEnd);
    } catch (IllegalStateException e) {
      // The process is ending, and this is one of its last writes.
    }
    return aside;
  }

  Path path() {
    return path;
  }

  /** Tells that all is written, and only has to reach the disk and its place. */
  void finish() {
    finishing = true;
  }

  /** Runs when the process ends before the write does. */
  private void end() {
    try {
      long size = -1;
      int idle = 0;
      for (int i = 0; i < MOST_PAUSES && idle < IDLE_PAUSES; i++) {
        if (closed.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
        long now = size();
        idle = now == size && !finishing ? idle + 1 : 0;
        size = now;
      }
      Leftovers.delete(path);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | UncheckedIOException e) {
      // The next write into the same folder deletes it.
    }
  }

  private long size() {
    try (Stream<Path> all = Files.walk(path)) {
      List<Path> files = all.toList();
      long sum = files.size();
      for (Path file : files) {
        sum += Files.size(file);
      }
      return sum;
    } catch (IOException | UncheckedIOException e) {
      return 0;
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(atEnd);
    } catch (IllegalStateException e) {
      // It runs already.
    }
    Leftovers.delete(path);
  }
}
