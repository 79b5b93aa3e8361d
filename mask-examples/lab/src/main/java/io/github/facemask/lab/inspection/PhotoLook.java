package io.github.facemask.lab.inspection;

import com.google.common.hash.Hashing;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.matrix.PixelMatrix;
import io.github.facemask.provenance.Digest;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_img_hash.PHash;

/**
 * The measured appearance of a photo.
 *
 * @param photo the photo
 * @param height height in pixels
 * @param width width in pixels
 * @param brightness mean grey value, 0 to 255
 * @param contrast standard deviation of the grey values
 * @param sharpness variance of the Laplacian of the grey photo at a width of 192 pixels
 * @param hash perceptual hash of 64 bits: which of the 8 x 8 lowest DCT frequencies are above their
 *     mean (Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010)
 * @param channels sums of the channels
 * @param thumbnail the photo at 16 x 16 pixels
 * @param content the digest of height, width and pixels, equal for exact copies
 */
record PhotoLook(
    FacePhoto photo,
    int height,
    int width,
    double brightness,
    double contrast,
    double sharpness,
    long hash,
    ChannelStatistics channels,
    Pixels thumbnail,
    Digest content) {

  private static final int SHARPNESS_WIDTH = 192;
  private static final int THUMBNAIL = 16;

  static PhotoLook of(FacePhoto photo, Pixels pixels) {
    ChannelStatistics channels = ChannelStatistics.of(pixels);
    try (Mat rgb = PixelMatrix.toMat(pixels);
        Mat grey = new Mat();
        Mat small = new Mat();
        Mat waves = new Mat()) {
      opencv_imgproc.cvtColor(rgb, grey, opencv_imgproc.COLOR_RGB2GRAY);
      double[] light = meanAndDeviation(grey);
      int height = Math.max(1, pixels.height() * SHARPNESS_WIDTH / pixels.width());
      resize(grey, small, height, SHARPNESS_WIDTH);
      opencv_imgproc.Laplacian(small, waves, opencv_core.CV_64F);
      double deviation = meanAndDeviation(waves)[1];
      Pixels thumbnail = thumbnail(rgb);
      return new PhotoLook(
          photo,
          pixels.height(),
          pixels.width(),
          light[0],
          light[1],
          deviation * deviation,
          hash(grey),
          channels,
          thumbnail,
          content(pixels));
    }
  }

  private static Digest content(Pixels pixels) {
    return new Digest(
        Hashing.sha256()
            .newHasher()
            .putInt(pixels.height())
            .putInt(pixels.width())
            .putBytes(pixels.array())
            .hash()
            .toString());
  }

  /** Returns the number of different bits in the hashes, 0 to 64. */
  int distance(PhotoLook other) {
    return Long.bitCount(hash ^ other.hash);
  }

  /** Returns the mean difference of the thumbnails' values, 0 to 255. */
  double difference(PhotoLook other) {
    byte[] a = thumbnail.array();
    byte[] b = other.thumbnail.array();
    int sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
    }
    return sum / (double) a.length;
  }

  private static Pixels thumbnail(Mat rgb) {
    try (Mat tiny = new Mat()) {
      resize(rgb, tiny, THUMBNAIL, THUMBNAIL);
      return PixelMatrix.fromMat(tiny);
    }
  }

  private static void resize(Mat from, Mat to, int height, int width) {
    try (Size size = new Size(width, height)) {
      opencv_imgproc.resize(from, to, size, 0, 0, opencv_imgproc.INTER_AREA);
    }
  }

  private static double[] meanAndDeviation(Mat mat) {
    try (Mat mean = new Mat();
        Mat deviation = new Mat()) {
      opencv_core.meanStdDev(mat, mean, deviation);
      return new double[] {mean.data().getDouble(), deviation.data().getDouble()};
    }
  }

  private static long hash(Mat grey) {
    try (PHash hash = PHash.create();
        Mat bits = new Mat()) {
      hash.compute(grey, bits);
      byte[] bytes = new byte[Long.BYTES];
      try (BytePointer pointer = bits.data()) {
        pointer.get(bytes);
      }
      long value = 0;
      for (byte b : bytes) {
        value = value << 8 | (b & 0xff);
      }
      return value;
    }
  }
}
