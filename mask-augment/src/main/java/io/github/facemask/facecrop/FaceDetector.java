package io.github.facemask.facecrop;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Finds faces. Implementations are thread-safe and deterministic. */
public interface FaceDetector {

  /**
   * Finds the faces on a photo.
   *
   * @param photo the photo
   * @return the faces, in a fixed order, empty for none
   */
  List<Detection> detect(Pixels photo);

  /** Returns its settings; detectors with equal settings find the same faces. */
  FaceCropSettings.Detector settings();

  /** Returns whether it finds landmarks, which crops are turned upright by. */
  default boolean findsLandmarks() {
    return false;
  }

  /**
   * Returns a copy of the file of its network; empty if it needs no file. Model folders store it,
   * so that an opened model finds faces as in training.
   */
  default byte[] network() {
    return new byte[0];
  }

  /**
   * Makes a custom detector. {@link FaceDetectors} finds it with {@link java.util.ServiceLoader}:
   * list the class in {@code META-INF/services/io.github.facemask.facecrop.FaceDetector$Provider}.
   * Models that were trained with the detector are then opened by the name in their card.
   * Implementations are stateless and have a public constructor without parameters.
   */
  interface Provider {

    /**
     * Returns the detector's name, as in {@link FaceCropSettings.Detector#name}; it must differ
     * from those of this library.
     */
    String name();

    /**
     * Makes the detector with its usual settings.
     *
     * @return the detector
     * @throws IOException if a file that it needs cannot be read
     */
    FaceDetector create() throws IOException;

    /**
     * Makes the detector with the settings of a model's card.
     *
     * @param settings the settings
     * @param network the file of its network in the model's folder, if there is one
     * @return a detector; it is refused if its settings are other ones
     * @throws IOException if a file that it needs cannot be read
     */
    default FaceDetector open(FaceCropSettings.Detector settings, Optional<Path> network)
        throws IOException {
      return create();
    }
  }

  /**
   * A face that a detector found.
   *
   * @param box its position, in pixels of the decoded photo
   * @param score the confidence of the detector, 0 to 1; comparable only within one detector
   * @param source the part of the detector that found it, for instance {@code "frontal"}
   * @param landmarks five points, in this order: the eye, on the photo's left and on its right, the
   *     tip of the nose, the corner of the mouth on the photo's left and on its right; empty if the
   *     detector finds none
   * @param sharpness how sharp the photo is there, as {@link FaceCrop} measures it, above 0; 0 if
   *     it was not measured
   */
  record Detection(Box box, double score, String source, List<Point> landmarks, double sharpness) {

    /** Checks the score and the number of points, and copies them. */
    public Detection {
      check(score >= 0 && score <= 1, "score", score, "0 to 1");
      landmarks = landmarks == null ? List.of() : List.copyOf(landmarks);
      check(
          landmarks.isEmpty() || landmarks.size() == 5,
          "landmarks",
          landmarks.size(),
          "five points, or none");
    }

    /**
     * A face without landmarks.
     *
     * @param box its position, in pixels of the decoded photo
     * @param score the confidence of the detector, 0 to 1
     * @param source the part of the detector that found it
     */
    public Detection(Box box, double score, String source) {
      this(box, score, source, List.of());
    }

    /**
     * A face whose sharpness was not measured.
     *
     * @param box its position, in pixels of the decoded photo
     * @param score the confidence of the detector, 0 to 1
     * @param source the part of the detector that found it
     * @param landmarks five points, or none
     */
    public Detection(Box box, double score, String source, List<Point> landmarks) {
      this(box, score, source, landmarks, 0);
    }

    Detection withSharpness(double measured) {
      return new Detection(box, score, source, landmarks, measured);
    }

    /**
     * Returns the face as it lies in a part of the photo that was cut out.
     *
     * @param part the part, in pixels of the photo, before it was turned
     * @param turned how far the part leans, see {@link CropDecision#roll}
     * @param height the height of the part in pixels after it was cut out and resized
     * @param width its width in pixels
     * @return the face, in pixels of that part; it may lie partly or wholly outside
     */
    public Detection inPart(Box part, double turned, int height, int width) {
      double cos = Math.cos(Math.toRadians(turned));
      double sin = Math.sin(Math.toRadians(turned));
      UnaryOperator<Point> move =
          p -> {
            double x = p.x() - part.centerX();
            double y = p.y() - part.centerY();
            return new Point(
                (cos * x + sin * y + part.width() / 2) * width / part.width(),
                (cos * y - sin * x + part.height() / 2) * height / part.height());
          };
      Point centre = move.apply(new Point(box.centerX(), box.centerY()));
      double halfWidth = box.width() / 2 * width / part.width();
      double halfHeight = box.height() / 2 * height / part.height();
      Box moved =
          new Box(
              centre.x() - halfWidth,
              centre.y() - halfHeight,
              centre.x() + halfWidth,
              centre.y() + halfHeight);
      return new Detection(moved, score, source, landmarks.stream().map(move).toList(), sharpness);
    }

    /**
     * Returns how far the head leans: the angle of the line through the eyes, in degrees, above 0
     * if the eye on the photo's right is lower; 0 without landmarks.
     */
    public double roll() {
      if (landmarks.isEmpty()) {
        return 0;
      }
      Point left = landmarks.get(0);
      Point right = landmarks.get(1);
      return Math.toDegrees(Math.atan2(right.y() - left.y(), right.x() - left.x()));
    }
  }

  /**
   * A point of a photo.
   *
   * @param x pixels from the left edge
   * @param y pixels from the upper edge
   */
  record Point(double x, double y) {}
}
