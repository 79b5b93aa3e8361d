package io.github.facemask.cli.report;

import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.classify.HeatMap;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.evaluation.Evaluation.WorstPhoto;
import io.github.facemask.image.UnreadablePhotoException;
import io.github.facemask.lab.report.ClassName;
import io.github.facemask.lab.report.PhotoCard;
import io.github.facemask.lab.report.Section;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;

/** The worst photos as network input, with heat maps. */
final class HeatMaps {

  private static final int SQUARES = 7;
  private static final int PHOTOS = 12;

  private HeatMaps() {}

  static Section of(Path model, Evaluation evaluation, PhotoSet judges) throws IOException {
    Map<String, Path> files = new HashMap<>();
    for (Photo photo : judges.photos()) {
      files.put(photo.id(), photo.file());
    }
    List<WorstPhoto> worst =
        evaluation.worst().subList(0, Math.min(PHOTOS, evaluation.worst().size()));
    List<PhotoCard> cards = new ArrayList<>();
    try (FaceClassifier classifier = FaceClassifier.open(model)) {
      for (WorstPhoto photo : worst) {
        List<String> caption =
            List.of(
                "predicted " + ClassName.brief(photo.predicted()),
                "is " + ClassName.brief(photo.truth()));
        Path file = files.get(photo.photo());
        try {
          HeatMap map = classifier.explain(file, SQUARES);
          cards.add(PhotoCard.ofImage(dataUri(map), PhotoCard.Tone.PLAIN, caption));
        } catch (UnreadablePhotoException e) {
          cards.add(
              PhotoCard.placeholder(PhotoCard.problem(file, e), PhotoCard.Tone.PLAIN, caption));
        }
      }
    }
    return new Section.Pictures(
        "What was seen on the worst photos",
        "Red is where the predicted class was seen: its probability falls when that part is covered.",
        cards);
  }

  private static String dataUri(HeatMap map) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(map.picture(), "png", bytes);
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
