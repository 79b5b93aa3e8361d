package io.github.facemask.internal.weights;

import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file's bytes. Small files are read into an array, larger ones are memory-mapped, so a slice is
 * not a copy. A mapped file must not change while slices are in use.
 */
final class FileBytes implements AutoCloseable {

  private static final long SMALL = 1 << 16;

  private final Path file;
  private final long size;
  private final ByteBuffer whole;
  private final FileChannel channel;

  private FileBytes(Path file, long size, ByteBuffer whole, FileChannel channel) {
    this.file = file;
    this.size = size;
    this.whole = whole;
    this.channel = channel;
  }

  static FileBytes open(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file)) {
      throw InvalidFileException.of(file, "is a device or a pipe", "a regular file");
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      long size = channel.size();
      ByteBuffer whole = null;
      if (size <= SMALL) {
        whole = readFully(file, channel, (int) size);
      } else if (size <= Integer.MAX_VALUE) {
        whole = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
      }
      return new FileBytes(file, size, whole, channel);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  static FileBytes of(Path name, byte[] bytes) {
    return new FileBytes(name, bytes.length, ByteBuffer.wrap(bytes), null);
  }

  Path file() {
    return file;
  }

  long size() {
    return size;
  }

  /** Returns a part as a separate little-endian view. The caller has checked the bounds. */
  ByteBuffer slice(long at, long length) throws IOException {
    ByteBuffer slice;
    if (whole != null) {
      slice = whole.slice(Math.toIntExact(at), Math.toIntExact(length));
    } else {
      slice = channel.map(FileChannel.MapMode.READ_ONLY, at, length);
    }
    return slice.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns the first bytes of the file, at most {@code length}. */
  ByteBuffer start(long length) throws IOException {
    return slice(0, Math.min(size, length));
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }

  private static ByteBuffer readFully(Path file, FileChannel channel, int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes) < 0) {
        throw new InvalidFileException(file, Problem.saying("became shorter while it was read"));
      }
    }
    return bytes.flip();
  }
}
