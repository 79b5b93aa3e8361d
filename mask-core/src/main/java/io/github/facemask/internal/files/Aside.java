package io.github.facemask.internal.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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

  /** The process ends at once: nothing more is created, and writers wait for the end. */
  private static boolean ending;

  private final Path path;

  private Aside(Path path) {
    this.path = path;
  }

  /** Creates a file or a folder under a free name. */
  @FunctionalInterface
  interface Creation<T> {
    T create(Path path) throws IOException;
  }

  /** Chooses a name in a folder; nothing is written yet. */
  static Aside in(Path folder) {
    return new Aside(Leftovers.nameIn(folder));
  }

  /** Creates the file or folder; from now on it is deleted at the end of the process. */
  <T> T create(Creation<T> creation) throws IOException {
    synchronized (OPEN) {
      waitIfEnding();
      OPEN.add(path);
      return creation.create(path);
    }
  }

  /** Deletes what is being written, for an ordinary end of the process; errors are ignored. */
  private static void deleteAll() {
    for (Path path : OPEN) {
      try {
        Leftovers.delete(moved(path));
      } catch (IOException | UncheckedIOException e) {
        // The next write into the same folder deletes it.
      }
    }
  }

  /** Deletes what is being written, for a process that ends at once; its writers wait for that. */
  static void deleteAllAtEnd() {
    synchronized (OPEN) {
      ending = true;
    }
    deleteAll();
  }

  /** Moves a folder away from its writer, which could add a file to it while it is deleted. */
  private static Path moved(Path path) {
    try {
      return Files.isDirectory(path) ? Files.move(path, Leftovers.nameIn(path.getParent())) : path;
    } catch (IOException e) {
      // Some systems do not move a folder with open files.
      return path;
    }
  }

  private static void waitIfEnding() {
    while (ending) {
      try {
        OPEN.wait();
      } catch (InterruptedException e) {
        // Nothing is left to do for this thread.
      }
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    synchronized (OPEN) {
      // An error now would be that of a deleted file.
      waitIfEnding();
    }
    Leftovers.delete(path);
    OPEN.remove(path);
  }
}
