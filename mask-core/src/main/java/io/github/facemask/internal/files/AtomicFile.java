package io.github.facemask.internal.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a temporary file, flushes it to the disk and moves it into place. Readers never see a
 * partial file. A process that is stopped leaves none; a temporary file of one that is killed is
 * deleted by the next write into its folder.
 */
public final class AtomicFile {

  private AtomicFile() {}

  /** Writes the bytes. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes the whole content.
     *
     * @param out a buffered stream, closed by the caller
     * @throws IOException if writing fails; then the target is unchanged
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes or replaces a file atomically. Missing parent folders are created.
   *
   * @param target the file to write
   * @param content the content
   * @throws IOException if it cannot be written; then the target is unchanged
   */
  public static void write(Path target, Content content) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    Leftovers.sweep(folder);
    try (Aside aside = Aside.in(folder)) {
      try (FileChannel channel =
              aside.create(
                  path ->
                      FileChannel.open(
                          path, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
          OutputStream out = new BufferedOutputStream(new Named(target, channel), 1 << 16)) {
        content.writeTo(out);
        out.flush();
        force(target, channel);
      }
      move(aside.path(), target);
    }
  }

  /**
   * Deletes the temporary files and folders that this process is writing now, for a process that
   * ends without shutdown hooks. It must end at once: threads that write wait until it does.
   */
  public static void discardUnfinished() {
    Aside.deleteAllAtEnd();
  }

  private static void force(Path target, FileChannel channel) throws IOException {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw WriteFailure.of(target, e);
    }
  }

  /** A stream whose exceptions name the target file instead of the temporary one. */
  private static final class Named extends OutputStream {

    private final Path target;
    private final OutputStream out;

    Named(Path target, FileChannel channel) {
      this.target = target;
      this.out = Channels.newOutputStream(channel);
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      try {
        out.write(bytes, from, length);
      } catch (IOException e) {
        throw WriteFailure.of(target, e);
      }
    }
  }

  /**
   * Writes a text in UTF-8 atomically.
   *
   * @param target the file to write
   * @param text the text
   * @throws IOException if it cannot be written; then the target is unchanged
   */
  public static void writeText(Path target, String text) throws IOException {
    write(target, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
