package io.github.facemask.internal.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Adds the file's name to write errors, and recognises a full disk. */
public final class WriteFailure {

  /** Free bytes below which the disk counts as full; every file here needs more. */
  private static final long ROOM = 1 << 16;

  /** Messages of operating systems for a full disk. The JDK has no exception type for it. */
  private static final List<String> FULL =
      List.of(
          "No space left on device",
          "Disk quota exceeded",
          "There is not enough space on the disk");

  private WriteFailure() {}

  /**
   * Returns the exception of a failed write with the name of the target. The JDK's exception names
   * the file only if opening fails.
   *
   * @param target the file or folder to write
   * @param e the exception of the JDK that writing bytes threw
   * @return the exception; the same one if it already names a file and the reason
   */
  public static IOException of(Path target, IOException e) {
    boolean named = e instanceof FileSystemException;
    if (saysFull(e) || (!named && usableBytes(target) < ROOM)) {
      return failure(target, "cannot be written, the disk is full; make room and start again", e);
    }
    return named ? e : failure(target, "cannot be written: " + e.getMessage(), e);
  }

  /** Returns whether the exception reports a full disk. */
  static boolean saysFull(IOException e) {
    String reason = e instanceof FileSystemException named ? named.getReason() : e.getMessage();
    return reason != null && FULL.contains(reason);
  }

  private static IOException failure(Path target, String reason, IOException cause) {
    FileSystemException failure = new FileSystemException(target.toString(), null, reason);
    failure.initCause(cause);
    return failure;
  }

  private static long usableBytes(Path target) {
    Path there = target.toAbsolutePath();
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    try {
      return there == null ? Long.MAX_VALUE : Files.getFileStore(there).getUsableSpace();
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }
}
