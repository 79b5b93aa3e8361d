package io.github.facemask.internal.opencv;

import io.github.facemask.image.Pixels;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;

/** The native OpenCV library: loading it once, and photos as its matrices. */
public final class OpenCv {

  private OpenCv() {}

  /** Loads the library, if that was not done before. */
  public static void load() {
    Loaded.touch();
  }

  /**
   * Copies a photo into native memory.
   *
   * @param photo the photo
   * @return a CV_8UC3 matrix in RGB order, which the caller closes
   */
  public static Mat toMat(Pixels photo) {
    load();
    Mat mat = new Mat(photo.height(), photo.width(), opencv_core.CV_8UC3);
    mat.data().put(photo.array());
    return mat;
  }

  /**
   * Copies a photo from native memory.
   *
   * @param mat a continuous CV_8UC3 matrix in RGB order, which stays the caller's
   * @return the photo
   */
  public static Pixels fromMat(Mat mat) {
    byte[] array = new byte[mat.rows() * mat.cols() * Pixels.CHANNELS];
    mat.data().get(array);
    return Pixels.wrap(mat.rows(), mat.cols(), array);
  }

  private static final class Loaded {

    static {
      // JavaCPP's default refuses allocations when the whole process, networks included, holds more
      // than a few times the Java heap.
      String limit = "org.bytedeco.javacpp.maxPhysicalBytes";
      if (System.getProperty(limit) == null) {
        System.setProperty(limit, "0");
      }
      Loader.load(opencv_core.class);
      Loader.load(opencv_imgcodecs.class);
      Loader.load(opencv_imgproc.class);
    }

    static void touch() {}
  }
}
