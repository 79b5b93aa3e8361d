package io.github.facemask.internal.opencv;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;

/** The native OpenCV library, which is loaded once. */
public final class OpenCv {

  private OpenCv() {}

  /** Loads the library, if that was not done before. */
  public static void load() {
    Loaded.touch();
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
