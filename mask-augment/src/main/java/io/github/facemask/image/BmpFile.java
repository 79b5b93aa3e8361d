package io.github.facemask.image;

/** The header of a Windows bitmap. */
final class BmpFile {

  private BmpFile() {}

  static PhotoHeader read(FileBytes file) throws UnreadablePhotoException {
    long headerSize = file.u32(14);
    if (headerSize == 12) {
      return checked(file, file.u16(20), file.u16(18), file.u16(24));
    }
    if (headerSize < 40) {
      throw file.broken("the BMP's header has the size " + headerSize);
    }
    long height = Math.abs((long) (int) file.u32(22)); // negative: rows from the top
    long width = file.u32(18);
    boolean plain = file.u32(30) == 0;
    return checked(file, height, width, plain ? file.u16(28) : 0);
  }

  private static PhotoHeader checked(FileBytes file, long height, long width, int bitsPerPixel)
      throws UnreadablePhotoException {
    PhotoHeader header = file.header(PhotoHeader.Format.BMP, height, width);
    long row = (width * bitsPerPixel + 31) / 32 * 4;
    if (file.u32(10) + row * height > file.length()) {
      throw file.cutOff();
    }
    return header;
  }
}
