package io.github.facemask.facecrop;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import java.util.List;

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

  /**
   * Returns a copy of the file of its network; empty if it needs no file. Model folders store it,
   * so that an opened model finds faces as in training.
   */
  default byte[] network() {
    return new byte[0];
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
