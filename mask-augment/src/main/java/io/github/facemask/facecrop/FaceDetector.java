package io.github.facemask.facecrop;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import java.util.List;

/** Finds faces. Safe to share between threads; the same photo gives the same list. */
public interface FaceDetector {

  /**
   * Finds the faces on a photo.
   *
   * @param photo the photo
   * @return the faces, in a fixed order, empty for none
   */
  List<Detection> detect(Pixels photo);

  /** Returns its name and numbers; detectors with equal settings find the same faces. */
  FaceCropSettings.Detector settings();

  /**
   * Returns a copy of the file of its network, which model folders keep, so that whoever opens a
   * model finds faces as its training did; empty if it needs no file.
   */
  default byte[] network() {
    return new byte[0];
  }

  /**
   * A face that a detector found.
   *
   * @param box where, in pixels of the decoded photo
   * @param score how sure the detector is, 0 to 1; comparable for one detector only
   * @param source what found it, for instance {@code "frontal"}
   */
  record Detection(Box box, double score, String source) {

    /** Checks the score. */
    public Detection {
      check(score >= 0 && score <= 1, "score", score, "0 to 1");
    }
  }
}
