package io.github.facemask.internal.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Names the file in errors of writing it, and says of a full disk that it is one. */
public final class WriteFailure {

  /** Less than any file here needs. */
  private static final long ROOM = 1 << 16;

  /** What systems call a full disk; the JDK has no type for it and passes their words on. */
  private static final List<String> FULL =
      List.of(
          "No space left on device",
          "Disk quota exceeded",
          "There is not enough space on the disk");

  private WriteFailure() {}

  /**
   * Returns the error of a write that failed, which names what could not be written. The JDK's own
   * names no file where a write fails, as opposed to an opening.
   *
   * @param target what was to be written
   * @param e what the JDK threw when bytes were written, and nothing else did
   * @return the same error if it names a file and tells why
   */
  public static IOException of(Path target, IOException e) {
    boolean named = e instanceof FileSystemException;
    if (saysFull(e) || (!named && usableBytes(target) < ROOM)) {
      return failure(target, "cannot be written, the disk is full; make room and start again", e);
    }
    return named ? e : failure(target, "cannot be written: " + e.getMessage(), e);
  }

  /** Whether the system gave a full disk as the reason. */
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
