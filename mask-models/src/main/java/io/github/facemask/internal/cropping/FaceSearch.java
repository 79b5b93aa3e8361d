package io.github.facemask.internal.cropping;

import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Pixels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The faces of a photo that are classified.
 *
 * @param crop how they are found and cut
 * @param leastScore the lowest score of the detector, 0 to 1
 * @param leastSide the shortest side, in pixels of the photo
 * @param most the largest number of faces
 */
public record FaceSearch(FaceCrop crop, double leastScore, double leastSide, int most) {

  /**
   * Returns the search for all faces of a photo.
   *
   * @param crop how they are found and cut
   */
  public static FaceSearch all(FaceCrop crop) {
    return new FaceSearch(crop, crop.settings().subject().scoreOfFaces(), 0, Integer.MAX_VALUE);
  }

  /**
   * Returns the faces in reading order: rows from the top, each from the left.
   *
   * @param photo the photo
   */
  public List<Detection> of(CroppedPhoto photo) {
    Pixels pixels = photo.pixels();
    List<Detection> kept =
        photo.faces(crop.detector()).stream()
            .filter(face -> face.score() >= leastScore)
            .filter(face -> Math.sqrt(face.box().area()) >= leastSide)
            .sorted(
                Comparator.comparingDouble(
                        (Detection face) ->
                            crop.settings().subject().weight(face, pixels.height(), pixels.width()))
                    .reversed())
            .limit(most)
            .toList();
    return inReadingOrder(kept);
  }

  /** A face is in a row if its middle is within half a face of the middle of the row so far. */
  static List<Detection> inReadingOrder(List<Detection> faces) {
    List<Detection> down =
        faces.stream()
            .sorted(
                Comparator.comparingDouble((Detection face) -> face.box().centerY())
                    .thenComparingDouble(face -> face.box().left()))
            .toList();
    List<Detection> ordered = new ArrayList<>();
    List<Detection> row = new ArrayList<>();
    for (Detection face : down) {
      double middle = row.stream().mapToDouble(f -> f.box().centerY()).average().orElse(0);
      double height = row.stream().mapToDouble(f -> f.box().height()).average().orElse(0);
      if (!row.isEmpty() && face.box().centerY() - middle > height / 2) {
        ordered.addAll(fromLeft(row));
        row.clear();
      }
      row.add(face);
    }
    ordered.addAll(fromLeft(row));
    return ordered;
  }

  private static List<Detection> fromLeft(List<Detection> row) {
    return row.stream().sorted(Comparator.comparingDouble(f -> f.box().left())).toList();
  }
}
