package io.github.facemask.image;

import io.github.facemask.problem.Problem;
import java.util.Optional;

/**
 * The header of a photo file, read before any pixel is decoded.
 *
 * @param format the file format
 * @param height stored height in pixels, before the EXIF orientation
 * @param width stored width in pixels, before the EXIF orientation
 */
record PhotoHeader(Format format, long height, long width) {

  /** The formats that are decoded. */
  enum Format {
    JPEG,
    PNG,
    WEBP,
    BMP
  }

  /**
   * Reads the header and checks that the file is complete. Allocates no memory that depends on the
   * header, except for a PNG without its end.
   *
   * @param file the whole file; a PNG without its end is completed
   * @return the header
   * @throws UnreadablePhotoException if it is none of the formats, or too large, broken or cut off
   */
  static PhotoHeader read(FileBytes file) throws UnreadablePhotoException {
    if (file.length() == 0) {
      throw new UnreadablePhotoException(
          file.name(),
          Problem.saying("the file is empty").withRemedy("copy or download it again"),
          false);
    }
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
    throw noPhoto(file.name(), FileKind.of(file.array()));
  }

  /** The exception for a file that is no photo that is read. */
  static UnreadablePhotoException noPhoto(String name, Optional<FileKind> kind) {
    Problem problem =
        Problem.saying(kind.map(k -> "it is " + k.name()).orElse("its content is not a photo's"))
            .withExpected("JPEG, PNG, WebP or BMP")
            .withRemedy(kind.map(FileKind::remedy).orElse(""));
    return new UnreadablePhotoException(name, problem, false);
  }
}
