package io.github.facemask.classify;

import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.cropping.CroppedPhoto;
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
record FaceSearch(FaceCrop crop, double leastScore, double leastSide, int most) {

  /** Returns the faces in reading order: rows from the top, each from the left. */
  List<Detection> of(CroppedPhoto photo) {
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

  /** Faces whose middle lies within the height of a row's first face are in that row. */
  static List<Detection> inReadingOrder(List<Detection> faces) {
    List<Detection> left =
        new ArrayList<>(
            faces.stream()
                .sorted(
                    Comparator.comparingDouble((Detection face) -> face.box().top())
                        .thenComparingDouble(face -> face.box().left()))
                .toList());
    List<Detection> ordered = new ArrayList<>();
    while (!left.isEmpty()) {
      double bottom = left.get(0).box().bottom();
      List<Detection> row = left.stream().filter(f -> f.box().centerY() < bottom).toList();
      left.removeAll(row);
      row.stream().sorted(Comparator.comparingDouble(f -> f.box().left())).forEach(ordered::add);
    }
    return ordered;
  }
}
