package io.github.facemask.internal.matrix;

import io.github.facemask.image.Pixels;
import io.github.facemask.internal.opencv.OpenCv;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.opencv_core.Mat;

/** Converts photos to OpenCV matrices and back. */
public final class PixelMatrix {

  private PixelMatrix() {}

  /**
   * Copies a photo into native memory.
   *
   * @param photo the photo
   * @return a CV_8UC3 matrix in RGB order, which the caller closes
   */
  public static Mat toMat(Pixels photo) {
    OpenCv.load();
    Mat mat = new Mat(photo.height(), photo.width(), opencv_core.CV_8UC3);
    mat.data().put(photo.array());
    return mat;
  }

  /**
   * Copies a photo from native memory.
   *
   * @param mat a continuous CV_8UC3 matrix in RGB order; the caller keeps it
   * @return the photo
   */
  public static Pixels fromMat(Mat mat) {
    byte[] array = new byte[mat.rows() * mat.cols() * Pixels.CHANNELS];
    mat.data().get(array);
    return Pixels.wrap(mat.rows(), mat.cols(), array);
  }
}
