package io.github.facemask.image;

import java.util.zip.CRC32;

/** The chunks of a PNG file (ISO/IEC 15948). */
final class PngFile {

  private static final long IHDR = 0x49484452;
  private static final long IEND = 0x49454e44;

  private PngFile() {}

  static PhotoHeader read(FileBytes file) throws UnreadablePhotoException {
    if (file.u32BigEndian(12) != IHDR) {
      throw file.broken("the PNG does not begin with its header");
    }
    PhotoHeader header =
        file.header(PhotoHeader.Format.PNG, file.u32BigEndian(20), file.u32BigEndian(16));
    long at = 8;
    while (true) {
      long length = file.u32BigEndian(at);
      long type = file.u32BigEndian(at + 4);
      long stored = file.u32BigEndian(at + 8 + length);
      if (isCritical(type) && crc(file, at + 4, length + 4) != stored) {
        throw file.broken("the PNG's chunk at byte " + at + " is damaged");
      }
      if (type == IEND) {
        return header;
      }
      at += length + 12;
    }
  }

  private static boolean isCritical(long type) {
    return (type & 0x20000000) == 0;
  }

  private static long crc(FileBytes file, long from, long length) {
    CRC32 crc = new CRC32();
    crc.update(file.array(), (int) from, (int) length);
    return crc.getValue();
  }
}
