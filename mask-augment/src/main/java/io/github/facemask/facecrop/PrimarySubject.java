package io.github.facemask.facecrop;

import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import java.util.List;
import java.util.Optional;

/**
 * Chooses whose photo it is among the faces on it: the face with the largest
 *
 * <pre>weight = side * centrality^2 * sqrt(score)</pre>
 *
 * where side is the square root of the box's area over the photo's shorter side, and centrality is
 * 1 at the middle of the photo's width and 0.4 of its height, falling to 0 at half a diagonal. So a
 * small face at the edge wins only where nobody else was found; {@link FaceCrop} then refuses it if
 * its weight is below {@link #LIKELY}. Of equal weights the first in the list is taken.
 */
public final class PrimarySubject {

  /**
   * The weight from which a face is likely the subject of a portrait. On drawn photos the faces in
   * the background lie below 0.1 and those of the subject above 0.14; a face a quarter of the
   * shorter side wide, in the middle, with a score of 0.5, has 0.18.
   */
  public static final double LIKELY = 0.1;

  private static final double MIDDLE_Y = 0.4;

  private PrimarySubject() {}

  /**
   * Chooses a face.
   *
   * @param faces the faces that were found
   * @param height the photo's height in pixels
   * @param width the photo's width in pixels
   * @return the primary subject's, or empty if there are no faces
   */
  public static Optional<Detection> choose(List<Detection> faces, int height, int width) {
    Detection best = null;
    for (Detection face : faces) {
      if (best == null || weight(face, height, width) > weight(best, height, width)) {
        best = face;
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * Returns the weight by which faces are compared.
   *
   * @param face the face
   * @param height the photo's height in pixels
   * @param width the photo's width in pixels
   * @return the weight, at least 0
   */
  public static double weight(Detection face, int height, int width) {
    Box box = face.box();
    double side = Math.sqrt(box.area()) / Math.min(height, width);
    double distance =
        Math.hypot(box.centerX() - width / 2.0, box.centerY() - height * MIDDLE_Y)
            / (Math.hypot(height, width) / 2);
    double centrality = Math.max(0, 1 - distance);
    return side * centrality * centrality * Math.sqrt(face.score());
  }
}
