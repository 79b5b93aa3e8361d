package io.github.facemask.image;

/** The chunks of a WebP file (RFC 9649). */
final class WebpFile {

  private WebpFile() {}

  static PhotoHeader read(FileBytes file) throws UnreadablePhotoException {
    if (file.u32(4) + 8 > file.length()) {
      throw file.cutOff();
    }
    if (file.startsWith(12, 'V', 'P', '8', ' ')) {
      return header(file, file.u16(28) & 0x3fff, file.u16(26) & 0x3fff);
    }
    if (file.startsWith(12, 'V', 'P', '8', 'L')) {
      long bits = file.u32(21);
      return header(file, (bits >> 14 & 0x3fff) + 1, (bits & 0x3fff) + 1);
    }
    if (file.startsWith(12, 'V', 'P', '8', 'X')) {
      return header(file, file.u24(27) + 1L, file.u24(24) + 1L);
    }
    throw file.broken("the WebP has no image");
  }

  private static PhotoHeader header(FileBytes file, long height, long width)
      throws UnreadablePhotoException {
    return file.header(PhotoHeader.Format.WEBP, height, width);
  }
}
