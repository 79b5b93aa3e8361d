package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.internal.pickle.PickleException;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The directory of a zip archive, of which PyTorch and numpy write uncompressed entries (APPNOTE
 * 6.3, with the 64-bit fields). Entries are ranges of the file. Nothing is decompressed, so the
 * content cannot be larger than the file. Checksums are not checked, as in PyTorch, which may omit
 * them.
 */
final class StoredZip {

  /**
   * The range of an entry's bytes in the file.
   *
   * @param begin the first byte
   * @param length the number of bytes
   * @param stored whether the bytes are neither compressed nor encrypted
   */
  record Range(long begin, long length, boolean stored) {

    Range(long begin, long length) {
      this(begin, length, true);
    }
  }

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int END_SIZE = 22;
  private static final int CENTRAL_SIZE = 46;
  private static final int LOCAL_SIZE = 30;
  private static final long ALL_ONES = 0xffffffffL;

  private final FileBytes bytes;
  private long directoryBegin;
  private long directorySize;

  private StoredZip(FileBytes bytes) {
    this.bytes = bytes;
  }

  /** Reads the directory as ranges by name, in its order. */
  static ImmutableMap<String, Range> entries(FileBytes bytes) throws IOException {
    StoredZip zip = new StoredZip(bytes);
    zip.findDirectory();
    return zip.directory();
  }

  /**
   * Checks that no entry is compressed or encrypted.
   *
   * @param what the kind of archive, for instance {@code "PyTorch archive"}
   */
  static void checkStored(FileBytes bytes, Map<String, Range> entries, String what)
      throws IOException {
    for (Map.Entry<String, Range> entry : entries.entrySet()) {
      if (!entry.getValue().stored) {
        throw new InvalidFileException(
            bytes.file(),
            Problem.saying(
                "is no valid "
                    + what
                    + ": "
                    + PickleException.quote(entry.getKey())
                    + " is compressed or encrypted, expected stored bytes"));
      }
    }
  }

  private void findDirectory() throws IOException {
    long size = bytes.size();
    int length = (int) Math.min(size, END_SIZE + 0xffff + 20);
    ByteBuffer tail = bytes.slice(size - length, length);
    int at = length - END_SIZE;
    while (at >= 0 && tail.getInt(at) != END) {
      at--;
    }
    if (at < 0) {
      throw malformed("its directory is missing; the file was cut off");
    }
    directorySize = tail.getInt(at + 12) & ALL_ONES;
    directoryBegin = tail.getInt(at + 16) & ALL_ONES;
    if (at >= 20 && tail.getInt(at - 20) == LOCATOR_64) {
      long end64 = tail.getLong(at - 12);
      checkRange(end64, 56, size, "its 64-bit end record");
      ByteBuffer end = bytes.slice(end64, 56);
      if (end.getInt(0) != END_64) {
        throw malformed("its 64-bit end record is not where its locator says");
      }
      directorySize = end.getLong(40);
      directoryBegin = end.getLong(48);
    }
    checkRange(directoryBegin, directorySize, size, "its directory");
    if (directorySize > Integer.MAX_VALUE) {
      throw malformed("its directory has " + directorySize + " bytes");
    }
  }

  private ImmutableMap<String, Range> directory() throws IOException {
    ByteBuffer directory = bytes.slice(directoryBegin, directorySize);
    ImmutableMap.Builder<String, Range> entries = ImmutableMap.builder();
    while (directory.hasRemaining()) {
      if (directory.remaining() < CENTRAL_SIZE
          || directory.getInt(directory.position()) != CENTRAL) {
        throw malformed("its directory is broken at byte " + directory.position());
      }
      int at = directory.position();
      int nameLength = directory.getShort(at + 28) & 0xffff;
      int extraLength = directory.getShort(at + 30) & 0xffff;
      int commentLength = directory.getShort(at + 32) & 0xffff;
      int total = CENTRAL_SIZE + nameLength + extraLength + commentLength;
      if (directory.remaining() < total) {
        throw malformed("its directory ends within an entry");
      }
      byte[] name = new byte[nameLength];
      directory.get(at + CENTRAL_SIZE, name);
      String text = new String(name, StandardCharsets.UTF_8);
      ByteBuffer extra = directory.slice(at + CENTRAL_SIZE + nameLength, extraLength);
      entries.put(text, range(text, directory, at, extra.order(directory.order())));
      directory.position(at + total);
    }
    try {
      return entries.buildOrThrow();
    } catch (IllegalArgumentException e) {
      throw malformed("it has two entries of one name");
    }
  }

  private Range range(String name, ByteBuffer directory, int at, ByteBuffer extra)
      throws IOException {
    int method = directory.getShort(at + 10) & 0xffff;
    long packed = directory.getInt(at + 20) & ALL_ONES;
    long length = directory.getInt(at + 24) & ALL_ONES;
    long header = directory.getInt(at + 42) & ALL_ONES;
    ByteBuffer wide = wideFields(extra);
    length = length == ALL_ONES ? wideField(name, wide) : length;
    packed = packed == ALL_ONES ? wideField(name, wide) : packed;
    header = header == ALL_ONES ? wideField(name, wide) : header;
    boolean stored = method == 0 && packed == length && (directory.getShort(at + 8) & 1) == 0;
    checkRange(header, LOCAL_SIZE, directoryBegin, PickleException.quote(name));
    ByteBuffer local = bytes.slice(header, LOCAL_SIZE);
    if (local.getInt(0) != LOCAL) {
      throw malformed(PickleException.quote(name) + " is not where the directory says");
    }
    long begin =
        header + LOCAL_SIZE + (local.getShort(26) & 0xffff) + (local.getShort(28) & 0xffff);
    checkRange(begin, packed, directoryBegin, PickleException.quote(name));
    return new Range(begin, packed, stored);
  }

  /** Returns the 64-bit extra field, or an empty buffer. */
  private static ByteBuffer wideFields(ByteBuffer extra) {
    int at = 0;
    while (at + 4 <= extra.limit()) {
      int length = Math.min(extra.getShort(at + 2) & 0xffff, extra.limit() - at - 4);
      if (extra.getShort(at) == 1) {
        return extra.slice(at + 4, length).order(extra.order());
      }
      at += 4 + length;
    }
    return ByteBuffer.allocate(0);
  }

  private long wideField(String name, ByteBuffer wide) throws IOException {
    if (wide.remaining() < 8) {
      throw malformed(PickleException.quote(name) + " lacks its 64-bit sizes");
    }
    return wide.getLong();
  }

  private void checkRange(long begin, long length, long end, String what) throws IOException {
    if (begin < 0 || length < 0 || begin > end || length > end - begin) {
      throw malformed(what + " reaches beyond byte " + end + "; the file was cut off or changed");
    }
  }

  private IOException malformed(String what) {
    return new InvalidFileException(
        bytes.file(), Problem.saying("is no valid zip archive: " + what));
  }
}
