package io.github.facemask.image;

import io.github.facemask.problem.Problem;
import java.util.Locale;

/** Bounded reads of a file's bytes; reading past the end reports a truncated file. */
final class FileBytes {

  private byte[] bytes;
  private final String name;
  private final Limits limits;

  /**
   * The most pixels by format.
   *
   * @param jpeg of a JPEG
   * @param other of other photos, which cannot be decoded at a reduced size
   */
  record Limits(long jpeg, long other) {}

  FileBytes(byte[] bytes, String name, Limits limits) {
    this.bytes = bytes;
    this.name = name;
    this.limits = limits;
  }

  /** Makes the header; called before anything that depends on the size is read. */
  PhotoHeader header(PhotoHeader.Format format, long height, long width)
      throws UnreadablePhotoException {
    if (height < 1 || width < 1) {
      throw broken("its header says " + width + " x " + height + " pixels");
    }
    long most = format == PhotoHeader.Format.JPEG ? limits.jpeg : limits.other;
    if (height > most / width) {
      throw tooLarge(height, width, most);
    }
    return new PhotoHeader(format, height, width);
  }

  /** The exception for too many pixels. */
  UnreadablePhotoException tooLarge(long height, long width, long most) {
    return new UnreadablePhotoException(
        name,
        Problem.saying(String.format(Locale.ROOT, "its header says %d x %d pixels", width, height))
            .withExpected("at most " + most + " pixels")
            .withRemedy("a higher limit of pixels reads it"),
        true);
  }

  /** Goes on with other bytes, which are the same photo in a form that all decoders read. */
  void replace(byte[] repaired) {
    bytes = repaired;
  }

  String name() {
    return name;
  }

  byte[] array() {
    return bytes;
  }

  int length() {
    return bytes.length;
  }

  boolean startsWith(int offset, int... expected) {
    if (bytes.length < offset + expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((bytes[offset + i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  int u8(long offset) throws UnreadablePhotoException {
    if (offset < 0 || offset >= bytes.length) {
      throw cutOff();
    }
    return bytes[(int) offset] & 0xff;
  }

  int u16BigEndian(long offset) throws UnreadablePhotoException {
    return u8(offset) << 8 | u8(offset + 1);
  }

  long u32BigEndian(long offset) throws UnreadablePhotoException {
    return (long) u16BigEndian(offset) << 16 | u16BigEndian(offset + 2);
  }

  int u16(long offset) throws UnreadablePhotoException {
    return u8(offset) | u8(offset + 1) << 8;
  }

  int u24(long offset) throws UnreadablePhotoException {
    return u16(offset) | u8(offset + 2) << 16;
  }

  long u32(long offset) throws UnreadablePhotoException {
    return u16(offset) | (long) u16(offset + 2) << 16;
  }

  UnreadablePhotoException cutOff() {
    return new UnreadablePhotoException(
        name,
        Problem.saying("the file is cut off after " + bytes.length + " bytes")
            .withRemedy("copy or download it again"),
        false);
  }

  UnreadablePhotoException broken(String reason) {
    return new UnreadablePhotoException(name, reason);
  }
}
