package io.github.facemask.image;

/**
 * The header of a photo file, read before any pixel is decoded.
 *
 * @param format the file format
 * @param height stored height in pixels, before the EXIF orientation
 * @param width stored width in pixels, before the EXIF orientation
 */
record PhotoHeader(Format format, long height, long width) {

  /** The formats that are decoded. */
  public enum Format {
    JPEG,
    PNG,
    WEBP,
    BMP
  }

  /**
   * Reads the header and checks that the file is complete. Allocates no memory that depends on the
   * header.
   *
   * @param bytes the whole file
   * @param name the file's name in error messages
   * @param maxPixels the largest height * width to accept
   * @return the header
   * @throws UnreadablePhotoException if it is none of the formats, or too large, broken or cut off
   */
  public static PhotoHeader read(byte[] bytes, String name, long maxPixels)
      throws UnreadablePhotoException {
    if (bytes.length == 0) {
      throw new UnreadablePhotoException(name, "the file is empty");
    }
    FileBytes file = new FileBytes(bytes, name, maxPixels);
    if (file.startsWith(0, 0xff, 0xd8, 0xff)) {
      return JpegFile.read(file);
    }
    if (file.startsWith(0, 0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a)) {
      return PngFile.read(file);
    }
    if (file.startsWith(0, 'R', 'I', 'F', 'F') && file.startsWith(8, 'W', 'E', 'B', 'P')) {
      return WebpFile.read(file);
    }
    if (file.startsWith(0, 'B', 'M')) {
      return BmpFile.read(file);
    }
    throw new UnreadablePhotoException(
        name, "its content is not a photo's, expected JPEG, PNG, WebP or BMP");
  }
}
