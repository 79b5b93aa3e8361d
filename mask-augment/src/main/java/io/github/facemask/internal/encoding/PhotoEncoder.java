package io.github.facemask.internal.encoding;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.image.Pixels;
import io.github.facemask.internal.matrix.PixelMatrix;
import java.util.Base64;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/** Encodes pixels as photo files. Thread-safe. */
public final class PhotoEncoder {

  private PhotoEncoder() {}

  /**
   * Encodes as JPEG.
   *
   * @param photo the photo
   * @param quality 1 to 100
   * @return the bytes of the file
   */
  public static byte[] jpeg(Pixels photo, int quality) {
    check(quality >= 1 && quality <= 100, "quality", quality, "1 to 100");
    return encode(photo, ".jpg", opencv_imgcodecs.IMWRITE_JPEG_QUALITY, quality);
  }

  /**
   * Encodes as PNG, which is lossless.
   *
   * @param photo the photo
   * @return the bytes of the file
   */
  public static byte[] png(Pixels photo) {
    return encode(photo, ".png", opencv_imgcodecs.IMWRITE_PNG_COMPRESSION, 1);
  }

  /**
   * Encodes as a JPEG data URI for an HTML page.
   *
   * @param photo the photo
   * @param quality 1 to 100
   * @return a data URI
   */
  public static String jpegDataUri(Pixels photo, int quality) {
    return "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(jpeg(photo, quality));
  }

  private static byte[] encode(Pixels photo, String extension, int setting, int value) {
    try (Mat mat = PixelMatrix.toMat(photo);
        BytePointer encoded = new BytePointer();
        IntPointer settings = new IntPointer(setting, value)) {
      opencv_imgproc.cvtColor(mat, mat, opencv_imgproc.COLOR_RGB2BGR);
      if (!opencv_imgcodecs.imencode(extension, mat, encoded, settings)) {
        throw new IllegalStateException("OpenCV cannot encode " + photo + " as " + extension);
      }
      byte[] bytes = new byte[(int) encoded.limit()];
      encoded.get(bytes);
      return bytes;
    }
  }
}
