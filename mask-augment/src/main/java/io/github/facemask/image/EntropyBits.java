package io.github.facemask.image;

/** The bits of a JPEG's entropy-coded data, in which a 0xff byte is followed by 0. */
final class EntropyBits {

  /** Thrown where the data ends, or has no code; it is caught by {@link JpegScans}. */
  static final class DamagedDataException extends Exception {

    private static final long serialVersionUID = 1L;

    DamagedDataException(String what) {
      super(what, null, false, false);
    }
  }

  private final byte[] bytes;
  private int at; // the first byte that is not in the bits yet
  private long bits; // the last ones of it
  private int count;

  EntropyBits(byte[] bytes, int at) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Reads a symbol. */
  int symbol(HuffmanTable table) throws DamagedDataException {
    if (count < 16) {
      fill();
    }
    int next = (int) (count >= 16 ? bits >>> (count - 16) : bits << (16 - count)) & 0xffff;
    int found = table.find(next);
    int length = found >> 8;
    if (found == 0 && count >= 16) {
      throw new DamagedDataException("it has a code that does not exist");
    }
    if (found == 0 || length > count) {
      throw new DamagedDataException("its image data ends too early");
    }
    count -= length;
    return found & 0xff;
  }

  /** Reads 0 to 16 bits. */
  int read(int length) throws DamagedDataException {
    if (count < length) {
      fill();
      if (count < length) {
        throw new DamagedDataException("its image data ends too early");
      }
    }
    count -= length;
    return (int) (bits >>> count) & ((1 << length) - 1);
  }

  /** Reads a block of 64 coefficients of a sequential JPEG. */
  void skipBlock(HuffmanTable dc, HuffmanTable ac) throws DamagedDataException {
    read(symbol(dc) & 15);
    for (int k = 1; k < 64; k++) {
      int symbol = symbol(ac);
      int size = symbol & 15;
      if (size == 0 && symbol >> 4 != 15) {
        return;
      }
      k += symbol >> 4;
      read(size);
    }
  }

  private void fill() {
    while (count <= 48 && at < bytes.length) {
      int value = bytes[at] & 0xff;
      int next = at + 1;
      if (value == 0xff) {
        while (next < bytes.length && bytes[next] == (byte) 0xff) {
          next++;
        }
        if (next >= bytes.length || bytes[next] != 0) {
          return; // a marker
        }
        next++;
      }
      bits = bits << 8 | value;
      count += 8;
      at = next;
    }
  }

  /** Returns the place after the byte of the last bit that was read. */
  int end() {
    int end = at;
    for (int unread = count / 8; unread > 0; unread--) {
      boolean stuffed = end >= 2 && bytes[end - 1] == 0 && bytes[end - 2] == (byte) 0xff;
      end -= stuffed ? 2 : 1;
    }
    return end;
  }
}
