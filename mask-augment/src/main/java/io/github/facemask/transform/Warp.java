package io.github.facemask.transform;

import io.github.facemask.image.Pixels;
import io.github.facemask.internal.matrix.PixelMatrix;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;

/**
 * An affine map around the photo's centre: the pixel at (x, y) from there goes to (a x + b y + dx,
 * c x + d y + dy). Bilinear; pixels from outside get the fill colour.
 */
record Warp(double a, double b, double c, double d, double dx, double dy)
    implements PixelTransform.Sampled {

  @Override
  public Pixels applyTo(Pixels photo) {
    try (Mat from = PixelMatrix.toMat(photo);
        Mat to = new Mat();
        Mat matrix = matrix(photo.height(), photo.width());
        Scalar fill = new Scalar(Fill.RED, Fill.GREEN, Fill.BLUE, 0)) {
      opencv_imgproc.warpAffine(
          from,
          to,
          matrix,
          from.size(),
          opencv_imgproc.INTER_LINEAR,
          opencv_core.BORDER_CONSTANT,
          fill);
      return PixelMatrix.fromMat(to);
    }
  }

  /** The 2 x 3 matrix from the photo's coordinates to the result's; pixels lie at integers. */
  private Mat matrix(int height, int width) {
    double x = (width - 1) / 2.0;
    double y = (height - 1) / 2.0;
    Mat matrix = new Mat(2, 3, opencv_core.CV_64F);
    try (DoubleIndexer values = matrix.createIndexer()) {
      values.put(0, 0, a, b, x + dx - a * x - b * y);
      values.put(1, 0, c, d, y + dy - c * x - d * y);
    }
    return matrix;
  }
}
