package io.github.facemask.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** Damages files: as bytes, as the tokens of a text, and as the chunks of a PNG. */
final class Damage {

  private static final long[] NUMBERS = {
    0, 1, -1, 0x7f, 0x80, 0xffff, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL, Long.MAX_VALUE, 1L << 62
  };

  /** What stands for one value of a text, and what is put there instead. */
  private static final Pattern TOKEN =
      Pattern.compile("\"[^\"\\n]*\"|-?[0-9][0-9.eE+-]*|[A-Za-z_]+|[,:\\[\\]{}\\n\\t-]");

  private static final List<String> TOKENS =
      List.of(
          "null",
          "[]",
          "{}",
          "\"\"",
          "-1",
          "0",
          "2147483648",
          "99999999999999999999999999",
          "1e999",
          "-1e308",
          "NaN",
          "true",
          "\"\\u0000\"",
          "\"../../../../etc/passwd\"",
          "\n",
          "\"",
          ",",
          ":",
          "- ",
          "&a [*a,*a]",
          "!!java.net.URL [x]",
          "İıĞ",
          "[".repeat(20_000),
          "{\"a\":".repeat(5_000),
          "- ".repeat(5_000),
          "9".repeat(5_000),
          "x".repeat(100_000));

  private static final byte[][] BYTES = {
    {(byte) 0xff, (byte) 0xfe, 0, 0},
    {(byte) 0xc0, (byte) 0x80},
    {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
    {(byte) 0xef, (byte) 0xbb, (byte) 0xbf},
    {0, 0, (byte) 0xfe, (byte) 0xff},
    {0},
    {'\r'},
  };

  private Damage() {}

  /** Returns a damaged copy: one to four changes of any kind. */
  static byte[] of(byte[] file, boolean text, Random random) {
    byte[] bytes = file.clone();
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times && bytes.length > 0; i++) {
      bytes = text && random.nextBoolean() ? exchangeToken(bytes, random) : change(bytes, random);
    }
    return !text && random.nextBoolean() ? withPngSums(bytes) : bytes;
  }

  private static byte[] change(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    int length = 1 + random.nextInt(Math.min(64, bytes.length - at));
    switch (random.nextInt(10)) {
      case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> bytes[at] = (byte) random.nextInt(256);
      case 3 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 4 -> {
        byte[] inserted = new byte[length];
        random.nextBytes(inserted);
        return splice(bytes, at, 0, inserted);
      }
      case 5 -> {
        return splice(bytes, at, length, new byte[0]);
      }
      case 6 -> {
        byte[] copied = Arrays.copyOfRange(bytes, at, at + length);
        return splice(bytes, random.nextInt(bytes.length), 0, copied);
      }
      case 7 -> {
        return splice(bytes, random.nextInt(2) * at, 0, BYTES[random.nextInt(BYTES.length)]);
      }
      case 8 -> exchange(bytes, at, length, random.nextInt(bytes.length - length + 1));
      default -> overwriteNumber(bytes, at, random);
    }
    return bytes;
  }

  private static void exchange(byte[] bytes, int from, int length, int to) {
    byte[] first = Arrays.copyOfRange(bytes, from, from + length);
    System.arraycopy(bytes, to, bytes, from, length);
    System.arraycopy(first, 0, bytes, to, length);
  }

  private static void overwriteNumber(byte[] bytes, int at, Random random) {
    long number = NUMBERS[random.nextInt(NUMBERS.length)];
    ByteOrder order = random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
    int width = 1 << random.nextInt(4);
    ByteBuffer buffer = ByteBuffer.allocate(8).order(order);
    buffer.putLong(0, order == ByteOrder.LITTLE_ENDIAN ? number : number << (64 - 8 * width));
    System.arraycopy(buffer.array(), 0, bytes, at, Math.min(width, bytes.length - at));
  }

  private static byte[] exchangeToken(byte[] bytes, Random random) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    Matcher matcher = TOKEN.matcher(text);
    if (!matcher.find(random.nextInt(text.length())) && !matcher.find(0)) {
      return bytes;
    }
    String token = TOKENS.get(random.nextInt(TOKENS.size()));
    byte[] inserted = token.getBytes(StandardCharsets.UTF_8);
    return splice(bytes, matcher.start(), matcher.end() - matcher.start(), inserted);
  }

  private static byte[] splice(byte[] bytes, int at, int removed, byte[] inserted) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, at);
    out.writeBytes(inserted);
    out.write(bytes, at + removed, bytes.length - at - removed);
    return out.toByteArray();
  }

  /** Damage of a PNG gets past the checksums only where these are made anew. */
  private static byte[] withPngSums(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (bytes.length < 20 || buffer.getInt(0) != 0x89504e47) {
      return bytes;
    }
    for (long at = 8; at + 12 <= bytes.length; ) {
      long length = buffer.getInt((int) at) & 0xffffffffL;
      if (at + 12 + length > bytes.length) {
        return bytes;
      }
      CRC32 sum = new CRC32();
      sum.update(bytes, (int) at + 4, (int) length + 4);
      buffer.putInt((int) (at + 8 + length), (int) sum.getValue());
      at += 12 + length;
    }
    return bytes;
  }
}
