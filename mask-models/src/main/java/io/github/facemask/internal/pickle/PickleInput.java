package io.github.facemask.internal.pickle;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the bytes of a pickle. Every length is checked before memory is allocated for it. */
final class PickleInput {

  /**
   * The longest integer in bytes. Each hash of a long integer takes time, and a hostile file could
   * repeat it.
   */
  private static final int INTEGER_LIMIT = 255;

  private final ByteBuffer bytes;

  PickleInput(ByteBuffer bytes) {
    this.bytes = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  int position() {
    return bytes.position();
  }

  int limit() {
    return bytes.limit();
  }

  int u1() throws PickleException {
    need(1);
    return bytes.get() & 0xff;
  }

  int u2() throws PickleException {
    need(2);
    return bytes.getShort() & 0xffff;
  }

  int i4() throws PickleException {
    need(4);
    return bytes.getInt();
  }

  long u4() throws PickleException {
    return i4() & 0xffffffffL;
  }

  long i8() throws PickleException {
    need(8);
    return bytes.getLong();
  }

  double bigEndianDouble() throws PickleException {
    return Double.longBitsToDouble(Long.reverseBytes(i8()));
  }

  void expectAhead(long length) throws PickleException {
    need(length);
  }

  byte[] take(long length) throws PickleException {
    need(length);
    byte[] taken = new byte[(int) length];
    bytes.get(taken);
    return taken;
  }

  Object integer(long length) throws PickleException {
    if (length == 0) {
      return 0L;
    }
    if (length > INTEGER_LIMIT) {
      throw new PickleException("has an integer of " + length + " bytes, expected few");
    }
    byte[] little = take(length);
    byte[] big = new byte[little.length];
    for (int i = 0; i < big.length; i++) {
      big[i] = little[big.length - 1 - i];
    }
    BigInteger value = new BigInteger(big);
    return value.bitLength() < 64 ? (Object) value.longValue() : value;
  }

  String text(long length) throws PickleException {
    byte[] utf8 = take(length);
    for (byte b : utf8) {
      if (b < 0) {
        return decode(utf8);
      }
    }
    return latin(utf8);
  }

  /** Reads Python 2's str, which has no encoding: each byte becomes a character. */
  String oldText(long length) throws PickleException {
    return latin(take(length));
  }

  String line() throws PickleException {
    int end = bytes.position();
    while (end < bytes.limit() && bytes.get(end) != '\n') {
      end++;
    }
    String line = text(end - bytes.position());
    u1();
    return line;
  }

  private static String latin(byte[] bytes) {
    return bytes.length == 0 ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private String decode(byte[] utf8) throws PickleException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new PickleException("has a text before byte " + position() + " that is not UTF-8");
    }
  }

  private void need(long length) throws PickleException {
    if (length < 0 || length > bytes.remaining()) {
      throw new PickleException(
          "ends early: byte "
              + position()
              + " asks for "
              + Long.toUnsignedString(length)
              + " bytes more, there are "
              + bytes.remaining());
    }
  }
}
