package io.github.facemask.internal.files;

import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * Keeps a second writer out of a folder while the first one works there. The lock ends with its
 * process, also a killed one. Its file stays, because a deleted one could be locked twice.
 */
public final class FolderLock {

  private static final String FILE = ".lock";

  private FolderLock() {}

  /**
   * What is done in the folder.
   *
   * @param <T> the type of its result
   * @param <E> what it may throw beside an IOException
   */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    /**
     * Works.
     *
     * @return the result
     * @throws IOException if a file cannot be read or written
     * @throws E as the caller says
     */
    T run() throws IOException, E;
  }

  /**
   * Works in a folder that is locked meanwhile. Does not wait for the lock. On a file system
   * without locks nothing is kept out.
   *
   * @param <T> the type of the result
   * @param <E> what the work may throw beside an IOException
   * @param folder the folder; created if missing
   * @param work what is done
   * @return the result of the work
   * @throws InvalidFileException if another writer has the lock
   * @throws IOException if the lock's file cannot be written, or as the work
   * @throws E as the work
   */
  public static <T, E extends Exception> T during(Path folder, Work<T, E> work)
      throws IOException, E {
    boolean made = !Files.exists(folder);
    Files.createDirectories(folder);
    boolean done = false;
    try {
      T result = locked(folder, work);
      done = true;
      return result;
    } finally {
      if (made && !done) {
        deleteIfUnused(folder);
      }
    }
  }

  private static <T, E extends Exception> T locked(Path folder, Work<T, E> work)
      throws IOException, E {
    try (FileChannel channel = open(folder.resolve(FILE))) {
      if (!isFree(channel)) {
        throw new InvalidFileException(
            folder,
            Problem.saying("is in use by another process that writes there")
                .withRemedy("wait until it ends, or stop it"));
      }
      return work.run();
    }
  }

  /** Deletes a folder in which nothing was written but the lock. */
  private static void deleteIfUnused(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      if (files.allMatch(file -> file.getFileName().toString().equals(FILE))) {
        Files.deleteIfExists(folder.resolve(FILE));
        Files.delete(folder);
      }
    } catch (IOException | UncheckedIOException e) {
      // An empty folder stays.
    }
  }

  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw WriteFailure.of(file, e);
    }
  }

  private static boolean isFree(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null && lock.isValid();
    } catch (OverlappingFileLockException e) {
      return false; // another thread of this process has it
    } catch (IOException e) {
      return true; // there are no locks here, as on some network drives
    }
  }
}
