package io.github.facemask.facecrop;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.internal.matrix.PixelMatrix;
import io.github.facemask.internal.opencv.OpenCv;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.bytedeco.opencv.global.opencv_dnn;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.global.opencv_objdetect;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_objdetect.FaceDetectorYN;

/**
 * Finds faces with OpenCV's {@code FaceDetectorYN} (Wu et al., "YuNet: a tiny millisecond-level
 * face detector", 2023) and a network file of the user; this library contains none. A photo is
 * searched at a limited size.
 *
 * <p>Thread-safe: each thread has its own native network.
 */
final class YuNetDetector implements FaceDetector {

  static final String NAME = "yunet";

  private static final int USUAL_SIDE = 320;
  private static final float LOWEST_SCORE = 0.3f;
  private static final float SAME_FACE = 0.3f;
  private static final int MOST_CANDIDATES = 1000;
  private static final int SCORE_COLUMN = 14;

  private final byte[] network;
  private final String digest;
  private final int longestSide;
  private final ThreadLocal<FaceDetectorYN> detectors = ThreadLocal.withInitial(this::newDetector);

  private YuNetDetector(byte[] network, String digest, int longestSide) {
    this.network = network;
    this.digest = digest;
    this.longestSide = longestSide;
  }

  /**
   * Reads a network and tries it on an empty photo; photos are searched at 320 pixels.
   *
   * @param file an ONNX file with YuNet's inputs and outputs
   * @return the detector
   * @throws NoSuchFileException if there is no such file
   * @throws InvalidFileException if it holds no such network
   * @throws IOException if it cannot be read
   */
  public static YuNetDetector of(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw unusable(file, "is not a file", null);
    }
    byte[] network = Files.readAllBytes(file);
    YuNetDetector detector = new YuNetDetector(network, Digest.ofBytes(network).hex(), USUAL_SIDE);
    if (network.length == 0) {
      throw unusable(file, "is empty", null);
    }
    try {
      detector.detect(Pixels.wrap(64, 64, new byte[64 * 64 * Pixels.CHANNELS]));
    } catch (RuntimeException e) { // how JavaCPP passes a C++ exception on
      throw unusable(file, "OpenCV cannot use it: " + firstLine(e), e);
    }
    return detector;
  }

  private static InvalidFileException unusable(Path file, String why, Throwable cause) {
    return new InvalidFileException(
        file,
        new Problem(
            "",
            why,
            "an ONNX file for OpenCV's FaceDetectorYN, for instance"
                + " face_detection_yunet_2023mar.onnx of OpenCV's model zoo",
            ""),
        cause);
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("no reason given");
  }

  /**
   * Returns the same detector for another size.
   *
   * @param pixels the longest side at which photos are searched, 100 to 2000
   * @return the changed detector
   */
  @CheckReturnValue
  public YuNetDetector withLongestSide(int pixels) {
    check(pixels >= 100 && pixels <= 2000, "longestSide", pixels, "100 to 2000");
    return new YuNetDetector(network, digest, pixels);
  }

  @Override
  public List<Detection> detect(Pixels photo) {
    FaceDetectorYN detector = detectors.get();
    double scale = Math.min(1, (double) longestSide / Math.max(photo.height(), photo.width()));
    int height = (int) Math.max(1, Math.rint(photo.height() * scale));
    int width = (int) Math.max(1, Math.rint(photo.width() * scale));
    Pixels small = Resampler.resize(photo, height, width, Interpolation.BILINEAR);
    try (Mat mat = PixelMatrix.toMat(small);
        Mat found = new Mat();
        Size size = new Size(width, height)) {
      opencv_imgproc.cvtColor(mat, mat, opencv_imgproc.COLOR_RGB2BGR);
      detector.setInputSize(size);
      detector.detect(mat, found);
      return faces(found, (double) photo.width() / width, (double) photo.height() / height);
    }
  }

  /** Rows of x, y, width, height, five points and the score. */
  private static List<Detection> faces(Mat found, double toX, double toY) {
    List<Detection> faces = new ArrayList<>();
    if (!found.empty()) {
      try (FloatIndexer rows = found.createIndexer()) {
        for (int i = 0; i < found.rows(); i++) {
          double x = rows.get(i, 0);
          double y = rows.get(i, 1);
          double w = rows.get(i, 2);
          double h = rows.get(i, 3);
          double score = Math.max(0, Math.min(1, rows.get(i, SCORE_COLUMN)));
          if (w > 0 && h > 0) {
            Box box = new Box(x, y, x + w, y + h).scaled(toX, toY);
            faces.add(new Detection(box, score, "yunet"));
          }
        }
      }
    }
    faces.sort(
        Comparator.comparingDouble(Detection::score)
            .reversed()
            .thenComparingDouble(face -> face.box().left())
            .thenComparingDouble(face -> face.box().top()));
    return List.copyOf(faces);
  }

  private FaceDetectorYN newDetector() {
    OpenCv.load();
    Loader.load(opencv_dnn.class);
    Loader.load(opencv_objdetect.class);
    try (Size size = new Size(64, 64)) {
      return FaceDetectorYN.create(
          "onnx",
          network,
          new byte[0],
          size,
          LOWEST_SCORE,
          SAME_FACE,
          MOST_CANDIDATES,
          opencv_dnn.DNN_BACKEND_OPENCV,
          opencv_dnn.DNN_TARGET_CPU);
    }
  }

  /** Returns the detector with some settings, with the network of a file. */
  static YuNetDetector of(Path file, FaceCropSettings.Detector settings) throws IOException {
    double side = settings.options().getOrDefault("longestSide", (double) USUAL_SIDE);
    return of(file).withLongestSide((int) side);
  }

  @Override
  public FaceCropSettings.Detector settings() {
    return new FaceCropSettings.Detector(
        NAME, digest, ImmutableMap.of("longestSide", (double) longestSide));
  }

  @Override
  public byte[] network() {
    return network.clone();
  }
}
