package io.github.facemask.internal.opencv;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgcodecs;
import org.bytedeco.opencv.global.opencv_imgproc;

/** The native OpenCV library, which is loaded once. */
public final class OpenCv {

  private OpenCv() {}

  /** Loads the library on the first call. */
  public static void load() {
    Loaded.touch();
  }

  private static final class Loaded {

    static {
      // By default, JavaCPP refuses allocations if the memory of the process, networks included,
      // exceeds a few times the Java heap.
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
