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
   */
  record Detection(Box box, double score, String source) {

    /** Checks the score. */
    public Detection {
      check(score >= 0 && score <= 1, "score", score, "0 to 1");
    }
  }
}
