package io.github.facemask.facecrop;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.facecrop.FaceDetector.Point;
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
import org.bytedeco.opencv.global.opencv_core;
import org.bytedeco.opencv.global.opencv_dnn;
import org.bytedeco.opencv.global.opencv_imgproc;
import org.bytedeco.opencv.global.opencv_objdetect;
import org.bytedeco.opencv.opencv_core.Mat;
import org.bytedeco.opencv.opencv_core.Scalar;
import org.bytedeco.opencv.opencv_core.Size;
import org.bytedeco.opencv.opencv_objdetect.FaceDetectorYN;

/**
 * Finds faces and their landmarks with OpenCV's {@code FaceDetectorYN} (Wu et al., "YuNet: a tiny
 * millisecond-level face detector", 2023) and a network file of the user; this library contains
 * none.
 *
 * <p>The network finds faces of about 10 to 300 pixels. So a photo is searched at several sizes: at
 * half the usual size for a face that fills the photo, at the usual size (smaller photos are scaled
 * up to it), and larger photos at their own size, up to a limit, for small faces. Of overlapping
 * boxes the one with the highest score stays.
 *
 * <p>Thread-safe: the native networks are in a pool with one for each processor, however many
 * threads there are.
 */
final class YuNetDetector implements FaceDetector {

  static final String NAME = "yunet";

  private static final int USUAL_SIDE = 320;
  private static final int LARGEST_SIDE = 2048;

  /** A photo that is larger by less than this is not searched at its own size, too. */
  private static final double LARGER = 1.25;

  /**
   * Narrower photos get a black margin: on less, OpenCV's network reads memory that nobody wrote,
   * and finds other faces each time.
   */
  private static final int LEAST_SIDE = 64;

  private static final float LOWEST_SCORE = 0.3f;
  private static final float SAME_FACE = 0.3f;
  private static final int MOST_CANDIDATES = 1000;
  private static final int LANDMARKS = 5;
  private static final int FIRST_LANDMARK = 4;
  private static final int SCORE_COLUMN = 14;
  private static final long MOST_BYTES = 64 << 20;

  /**
   * Increments when a change of the search finds other faces. The first version searched at one
   * size and names no version; models that were trained with it still find its faces.
   */
  private static final double VERSION = 2;

  private final byte[] network;
  private final String digest;
  private final int longestSide;
  private final int largestSide;
  private final boolean first;
  private final NativePool<FaceDetectorYN> detectors = new NativePool<>(this::newDetector);

  private YuNetDetector(
      byte[] network, String digest, int longestSide, int largestSide, boolean first) {
    this.network = network;
    this.digest = digest;
    this.longestSide = longestSide;
    this.largestSide = largestSide;
    this.first = first;
  }

  /**
   * Reads a network and tries it on an empty photo; photos are searched at 160 and 320 pixels and,
   * if they are larger, at up to 2048.
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
    if (Files.size(file) > MOST_BYTES) {
      throw unusable(file, "has " + Files.size(file) + " bytes", null);
    }
    byte[] network = Files.readAllBytes(file);
    YuNetDetector detector =
        new YuNetDetector(network, Digest.ofBytes(network).hex(), USUAL_SIDE, LARGEST_SIDE, false);
    if (network.length == 0) {
      throw unusable(file, "is empty", null);
    }
    try {
      detector.detect(Pixels.wrap(64, 64, new byte[64 * 64 * Pixels.CHANNELS]));
    } catch (RuntimeException e) { // how JavaCPP passes a C++ exception on
      throw unusable(file, "is not a network that finds faces", e);
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

  /**
   * Returns the same detector for other sizes.
   *
   * @param usual the longest side at which photos are searched, 100 to 2000
   * @param largest the longest side at which larger photos are searched for small faces, at least
   *     the usual one, up to 8192
   * @return the changed detector
   */
  @CheckReturnValue
  public YuNetDetector withSides(int usual, int largest) {
    check(usual >= 100 && usual <= 2000, "longestSide", usual, "100 to 2000");
    check(largest >= usual && largest <= 8192, "largestSide", largest, usual + " to 8192");
    return new YuNetDetector(network, digest, usual, largest, false);
  }

  /** Returns the search of the first version, at one size. */
  private YuNetDetector ofFirstVersion(int side) {
    check(side >= 100 && side <= 2000, "longestSide", side, "100 to 2000");
    return new YuNetDetector(network, digest, side, side, true);
  }

  @Override
  public List<Detection> detect(Pixels photo) {
    int own = Math.max(photo.height(), photo.width());
    if (first) {
      return distinct(search(photo, Math.min(own, longestSide)));
    }
    List<Detection> found = new ArrayList<>(search(photo, longestSide / 2));
    found.addAll(search(photo, longestSide));
    if (own > LARGER * longestSide) {
      found.addAll(search(photo, Math.min(own, largestSide)));
    }
    return distinct(found);
  }

  /** Finds faces on a photo that is scaled to a longest side. */
  private List<Detection> search(Pixels photo, int side) {
    double scale = (double) side / Math.max(photo.height(), photo.width());
    int height = (int) Math.max(1, Math.rint(photo.height() * scale));
    int width = (int) Math.max(1, Math.rint(photo.width() * scale));
    Pixels scaled = Resampler.resize(photo, height, width, Interpolation.BILINEAR);
    double toX = (double) photo.width() / width;
    double toY = (double) photo.height() / height;
    return detectors.with(
        detector -> {
          int high = Math.max(LEAST_SIDE, height);
          int wide = Math.max(LEAST_SIDE, width);
          try (Mat mat = PixelMatrix.toMat(scaled);
              Mat padded = new Mat();
              Mat found = new Mat();
              Scalar black = new Scalar(0, 0, 0, 0);
              Size size = new Size(wide, high)) {
            opencv_imgproc.cvtColor(mat, mat, opencv_imgproc.COLOR_RGB2BGR);
            opencv_core.copyMakeBorder(
                mat, padded, 0, high - height, 0, wide - width, opencv_core.BORDER_CONSTANT, black);
            detector.setInputSize(size);
            detector.detect(padded, found);
            return faces(found, toX, toY);
          }
        });
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
          if (w > 0 && h > 0 && Double.isFinite(x + y + w + h)) {
            Box box = new Box(x, y, x + w, y + h).scaled(toX, toY);
            faces.add(new Detection(box, score, NAME, landmarks(rows, i, toX, toY)));
          }
        }
      }
    }
    return faces;
  }

  /** The network's order: eye, eye, nose, corner of the mouth, corner; each pair from the left. */
  private static List<Point> landmarks(FloatIndexer rows, int row, double toX, double toY) {
    List<Point> points = new ArrayList<>();
    for (int k = 0; k < LANDMARKS; k++) {
      int column = FIRST_LANDMARK + 2 * k;
      points.add(new Point(rows.get(row, column) * toX, rows.get(row, column + 1) * toY));
    }
    return points;
  }

  /** Sorts by score, and leaves out boxes that overlap a better one. */
  private static List<Detection> distinct(List<Detection> found) {
    List<Detection> sorted =
        found.stream()
            .sorted(
                Comparator.comparingDouble(Detection::score)
                    .reversed()
                    .thenComparingDouble(face -> face.box().left())
                    .thenComparingDouble(face -> face.box().top()))
            .toList();
    List<Detection> faces = new ArrayList<>();
    for (Detection face : sorted) {
      if (faces.stream().noneMatch(better -> better.box().overlap(face.box()) > SAME_FACE)) {
        faces.add(face);
      }
    }
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
    double largest = settings.options().getOrDefault("largestSide", (double) LARGEST_SIDE);
    return settings.options().containsKey("version")
        ? of(file).withSides((int) side, (int) largest)
        : of(file).ofFirstVersion((int) side);
  }

  @Override
  public FaceCropSettings.Detector settings() {
    ImmutableMap<String, Double> one = ImmutableMap.of("longestSide", (double) longestSide);
    ImmutableMap<String, Double> several =
        ImmutableMap.of(
            "version",
            VERSION,
            "longestSide",
            (double) longestSide,
            "largestSide",
            (double) largestSide);
    return new FaceCropSettings.Detector(NAME, digest, first ? one : several);
  }

  @Override
  public boolean findsLandmarks() {
    return true;
  }

  @Override
  public byte[] network() {
    return network.clone();
  }
}
