package io.github.facemask.internal.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Names the file in errors of writing it, and says of a full disk that it is one. */
public final class WriteFailure {

  /** Less than any file here needs. */
  private static final long ROOM = 1 << 16;

  private WriteFailure() {}

  /**
   * Returns an error that names what could not be written. The JDK's own names no file where a
   * write fails, as opposed to an opening.
   *
   * @param target what was to be written
   * @param e the error
   * @return the same error if it says enough
   */
  public static IOException of(Path target, IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.startsWith(target + ": ")) {
      return e;
    }
    if (isFull(target, message)) {
      return new IOException(
          target + ": cannot be written, the disk is full; make room and start again", e);
    }
    boolean bare = e.getClass() == IOException.class && !message.contains(target.toString());
    return bare && isOfWriting(message)
        ? new IOException(target + ": cannot be written: " + message, e)
        : e;
  }

  private static boolean isFull(Path target, String message) {
    if (message.contains("No space left on device")
        || message.contains("Disk quota exceeded")
        || message.contains("not enough space on the disk")) {
      return true;
    }
    return isOfWriting(message) && usableBytes(target) < ROOM;
  }

  /** What the system says is short, and names no file; our own errors have a colon. */
  private static boolean isOfWriting(String message) {
    return !message.contains(": ");
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
