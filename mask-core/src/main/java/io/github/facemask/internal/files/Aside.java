package io.github.facemask.internal.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A temporary file or folder. It is deleted when it is closed, and when the process ends by Ctrl-C,
 * SIGTERM or exit while it is written.
 */
final class Aside implements AutoCloseable {

  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  static {
    try {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(Aside::deleteAll, "facemask-temporary-files"));
    } catch (IllegalStateException e) {
      // The process is ending, and this is one of its last writes.
    }
  }

  private final Path path;

  private Aside(Path path) {
    this.path = path;
  }

  /** Chooses a name in a folder; nothing is written yet. */
  static Aside in(Path folder) {
    Aside aside = new Aside(Leftovers.nameIn(folder));
    OPEN.add(aside.path);
    return aside;
  }

  /** Deletes what is being written; errors are ignored. The process must end after it. */
  static void deleteAll() {
    for (Path path : OPEN) {
      try {
        Leftovers.delete(path);
      } catch (IOException | UncheckedIOException e) {
        // The next write into the same folder deletes it.
      }
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    Leftovers.delete(path);
    OPEN.remove(path);
  }
}
