package io.github.facemask.serve;

/** A photo of a request, in memory. Its bytes are neither copied nor changed. */
final class PhotoFile {

  private final String name;
  private final byte[] bytes;

  /**
   * Wraps a photo.
   *
   * @param name its name in answers; empty if the client gave none
   * @param bytes the bytes of its file
   */
  PhotoFile(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  String name() {
    return name;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Returns whether the first bytes are those of a format that is decoded. */
  boolean ofKnownFormat() {
    return startsWith(0, 0xff, 0xd8, 0xff)
        || startsWith(0, 0x89, 'P', 'N', 'G')
        || (startsWith(0, 'R', 'I', 'F', 'F') && startsWith(8, 'W', 'E', 'B', 'P'))
        || startsWith(0, 'B', 'M');
  }

  private boolean startsWith(int at, int... expected) {
    if (bytes.length < at + expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((bytes[at + i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
