package io.github.facemask.image;

import com.google.common.primitives.Ints;
import io.github.facemask.problem.Problem;
import java.io.ByteArrayOutputStream;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** The chunks of a PNG file (ISO/IEC 15948). */
final class PngFile {

  private static final int IHDR = 0x49484452;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454e44;
  private static final int CGBI = 0x43674249;
  private static final int PLTE = 0x504c5445;
  private static final int TRNS = 0x74524e53;
  private static final int EXIF = 0x65584966;

  /** The chunks that a completed PNG keeps: those that its pixels depend on. */
  private static final Set<Integer> KEPT = Set.of(IHDR, PLTE, TRNS, EXIF);

  private static final int SIGNATURE = 8;
  private static final int CHUNK = 12; // length, type and checksum

  private PngFile() {}

  static PhotoHeader read(FileBytes file) throws UnreadablePhotoException {
    if (file.u32BigEndian(12) == CGBI) {
      throw new UnreadablePhotoException(
          file.name(),
          Problem.saying("it is a PNG for iPhone apps (CgBI), which only Apple's programs read")
              .withExpected("JPEG, PNG, WebP or BMP")
              .withRemedy(
                  "use the original, or turn it back with Xcode's"
                      + " 'pngcrush -revert-iphone-optimizations'"),
          false);
    }
    if (file.u32BigEndian(12) != IHDR) {
      throw file.broken("the PNG does not begin with its header");
    }
    PhotoHeader header =
        file.header(PhotoHeader.Format.PNG, file.u32BigEndian(20), file.u32BigEndian(16));
    // The chunks that say nothing about the pixels are left out: libpng writes lines about them to
    // the process's standard error.
    ByteArrayOutputStream plain = new ByteArrayOutputStream(0);
    int plainTo = 0;
    long at = SIGNATURE;
    while (at + SIGNATURE <= file.length()) {
      long length = file.u32BigEndian(at);
      int type = (int) file.u32BigEndian(at + 4);
      if (at + CHUNK + length > file.length()) {
        break;
      }
      long stored = file.u32BigEndian(at + 8 + length);
      boolean whole = crc(file.array(), (int) at + 4, (int) length + 4) == stored;
      if (isCritical(type) && !whole) {
        throw file.broken("the PNG's chunk at byte " + at + " is damaged");
      }
      if (type == IEND) {
        if (plainTo > 0) {
          plain.write(file.array(), plainTo, file.length() - plainTo);
          file.replace(plain.toByteArray());
        }
        return header;
      }
      if (!isCritical(type) && !(whole && KEPT.contains(type))) {
        plain.write(file.array(), plainTo, (int) at - plainTo);
        plainTo = (int) (at + length + CHUNK);
      }
      at += length + CHUNK;
    }
    file.replace(completed(file, header));
    return header;
  }

  private static boolean isCritical(int type) {
    return (type & 0x20000000) == 0;
  }

  private static long crc(byte[] bytes, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    return crc.getValue();
  }

  /** Completes a PNG without its end, if it has all pixels, as Pillow does. */
  private static byte[] completed(FileBytes file, PhotoHeader header)
      throws UnreadablePhotoException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(file.array(), 0, SIGNATURE);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    long at = SIGNATURE;
    while (at + SIGNATURE <= file.length()) {
      long length = file.u32BigEndian(at);
      int type = (int) file.u32BigEndian(at + 4);
      int there = (int) Math.min(length, file.length() - at - SIGNATURE);
      if (type == IDAT) {
        data.write(file.array(), (int) at + SIGNATURE, there);
      } else if (KEPT.contains(type) && at + CHUNK + length <= file.length() && data.size() == 0) {
        whole.write(file.array(), (int) at, (int) length + CHUNK);
      }
      at += length + CHUNK;
    }
    byte[] raw = inflated(data.toByteArray(), rawLength(file, header));
    if (raw.length == 0) {
      throw file.cutOff();
    }
    write(whole, IDAT, deflated(raw));
    write(whole, IEND, new byte[0]);
    return whole.toByteArray();
  }

  /** Returns the number of bytes of all rows with their filters. */
  private static int rawLength(FileBytes file, PhotoHeader header) throws UnreadablePhotoException {
    int channels =
        switch (file.u8(25)) {
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 1;
        };
    long bits = (long) channels * file.u8(24);
    long length = 0;
    // Adam7: where the seven small pictures begin, and how far apart their pixels are.
    int[][] passes = {
      {0, 0, 8, 8},
      {4, 0, 8, 8},
      {0, 4, 4, 8},
      {2, 0, 4, 4},
      {0, 2, 2, 4},
      {1, 0, 2, 2},
      {0, 1, 1, 2}
    };
    int[][] plain = {{0, 0, 1, 1}};
    for (int[] pass : file.u8(28) == 1 ? passes : plain) {
      long across = (header.width() - pass[0] + pass[2] - 1) / pass[2];
      long down = (header.height() - pass[1] + pass[3] - 1) / pass[3];
      if (across > 0 && down > 0) {
        length += down * (1 + (across * bits + 7) / 8);
      }
    }
    if (length > Integer.MAX_VALUE - 8) {
      throw file.cutOff();
    }
    return (int) length;
  }

  /** Returns the inflated data; nothing if it is shorter than expected or damaged. */
  private static byte[] inflated(byte[] data, int length) {
    Inflater inflater = new Inflater();
    // Grows with the data, so that a header alone takes no memory.
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    byte[] part = new byte[1 << 16];
    try {
      inflater.setInput(data);
      while (raw.size() < length) {
        int count = inflater.inflate(part, 0, Math.min(part.length, length - raw.size()));
        if (count == 0) {
          return new byte[0];
        }
        raw.write(part, 0, count);
      }
      return raw.toByteArray();
    } catch (DataFormatException e) {
      return new byte[0];
    } finally {
      inflater.end();
    }
  }

  private static byte[] deflated(byte[] raw) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    byte[] part = new byte[1 << 16];
    try {
      deflater.setInput(raw);
      deflater.finish();
      while (!deflater.finished()) {
        data.write(part, 0, deflater.deflate(part));
      }
      return data.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private static void write(ByteArrayOutputStream to, int type, byte[] data) {
    ByteArrayOutputStream typed = new ByteArrayOutputStream();
    typed.writeBytes(Ints.toByteArray(type));
    typed.writeBytes(data);
    to.writeBytes(Ints.toByteArray(data.length));
    to.writeBytes(typed.toByteArray());
    to.writeBytes(Ints.toByteArray((int) crc(typed.toByteArray(), 0, typed.size())));
  }
}
