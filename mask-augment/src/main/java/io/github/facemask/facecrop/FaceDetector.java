package io.github.facemask.facecrop;

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

  /** Returns a name that changes when results may, for records and for reusing them. */
  String name();
}
