package io.github.facemask.facecrop;

import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.matrix.PixelMatrix;
import io.github.facemask.internal.opencv.OpenCv;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;

/** Cuts a part out of a photo and turns it. */
final class Upright {

  /** A smaller angle moves no pixel of a crop by a pixel that could be seen. */
  private static final double LEVEL = 0.5;

  private Upright() {}

  /**
   * Cuts out a part that is turned around its middle; beyond the photo its edge is repeated.
   *
   * @param photo the photo
   * @param part the part, before it is turned
   * @param roll how far it leans, in degrees
   * @return the part, upright
   */
  static Pixels cut(Pixels photo, Box part, double roll) {
    if (Math.abs(roll) < LEVEL) {
      return photo.crop(part);
    }
    // The part and its surroundings as far as the turned corners reach.
    double reach = Math.hypot(part.width(), part.height()) / 2 + 2;
    double left = Math.max(0, Math.floor(part.centerX() - reach));
    double top = Math.max(0, Math.floor(part.centerY() - reach));
    Pixels near =
        photo.crop(
            new Box(
                left,
                top,
                Math.min(photo.width(), part.centerX() + reach),
                Math.min(photo.height(), part.centerY() + reach)));
    int width = (int) Math.max(1, Math.rint(part.width()));
    int height = (int) Math.max(1, Math.rint(part.height()));
    double cos = Math.cos(Math.toRadians(roll));
    double sin = Math.sin(Math.toRadians(roll));
    double x = part.centerX() - left - 0.5;
    double y = part.centerY() - top - 0.5;
    double u = (width - 1) / 2.0;
    double v = (height - 1) / 2.0;
    OpenCv.load();
    try (Mat from = PixelMatrix.toMat(near);
        Mat to = new Mat();
        Mat matrix = new Mat(2, 3, opencv_core.CV_64F);
        Size size = new Size(width, height);
        Scalar none = new Scalar(0, 0, 0, 0)) {
      // From a pixel of the part to the pixel of the photo.
      new DoublePointer(matrix.data())
          .put(cos, -sin, x - cos * u + sin * v, sin, cos, y - sin * u - cos * v);
      opencv_imgproc.warpAffine(
          from,
          to,
          matrix,
          size,
          opencv_imgproc.INTER_LINEAR | opencv_imgproc.WARP_INVERSE_MAP,
          opencv_core.BORDER_REPLICATE,
          none);
      return PixelMatrix.fromMat(to);
    }
  }
}
