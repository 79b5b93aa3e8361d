package io.github.facemask.internal.files;

import io.github.facemask.problem.InvalidFileException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Fills a temporary folder and moves it into place. The folder is complete or absent, even if the
 * process is stopped or killed.
 */
public final class AtomicFolder {

  private AtomicFolder() {}

  /**
   * Fills the folder.
   *
   * @param <T> the type of its result
   */
  @FunctionalInterface
  public interface Content<T> {
    /**
     * Writes all files.
     *
     * @param aside an empty folder beside the target
     * @return the result
     * @throws IOException if writing fails; then nothing remains
     */
    T writeTo(Path aside) throws IOException;
  }

  /**
   * Writes a folder atomically. Missing parent folders are created.
   *
   * @param <T> the type of the content's result
   * @param target the folder to create; it must be absent or empty
   * @param content the content
   * @return the content's result
   * @throws IOException if it exists and is not empty, or cannot be written; then nothing remains
   */
  public static <T> T write(Path target, Content<T> content) throws IOException {
    Path parent = target.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    Leftovers.sweep(parent);
    try (Aside written = Aside.in(parent)) {
      Path aside = written.create(Files::createDirectory);
      try {
        T told = content.writeTo(aside);
        if (Files.isDirectory(target)) {
          Files.delete(target);
        }
        Files.move(aside, target);
        return told;
      } catch (IOException e) {
        throw named(aside, target, e);
      }
    }
  }

  /**
   * Returns whether a folder is one that is being written, or that a killed process left.
   *
   * @param folder a folder
   */
  public static boolean isUnfinished(Path folder) {
    return Leftovers.isOne(folder);
  }

  /** Returns the exception with the path in the target instead of the deleted temporary path. */
  private static IOException named(Path aside, Path target, IOException e) {
    if (e instanceof InvalidFileException invalid && invalid.file().startsWith(aside)) {
      return new InvalidFileException(
          target.resolve(aside.relativize(invalid.file())),
          invalid.line().orElse(0),
          invalid.problem(),
          e);
    }
    if (e instanceof FileSystemException there
        && there.getFile() != null
        && Path.of(there.getFile()).startsWith(aside)) {
      Path to = target.resolve(aside.relativize(Path.of(there.getFile())));
      return WriteFailure.of(to, alike(there, to));
    }
    return WriteFailure.saysFull(e) ? WriteFailure.of(target, e) : e;
  }

  /**
   * Returns the same exception for another file. The type is kept, because it may be the only
   * reason given.
   */
  private static FileSystemException alike(FileSystemException e, Path file) {
    String name = file.toString();
    FileSystemException alike;
    if (e instanceof AccessDeniedException) {
      alike = new AccessDeniedException(name, e.getOtherFile(), e.getReason());
    } else if (e instanceof NoSuchFileException) {
      alike = new NoSuchFileException(name, e.getOtherFile(), e.getReason());
    } else if (e instanceof FileAlreadyExistsException) {
      alike = new FileAlreadyExistsException(name, e.getOtherFile(), e.getReason());
    } else {
      alike = new FileSystemException(name, e.getOtherFile(), e.getReason());
    }
    alike.initCause(e);
    return alike;
  }
}
