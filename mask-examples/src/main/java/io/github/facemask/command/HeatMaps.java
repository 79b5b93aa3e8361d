package io.github.facemask.command;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.batch.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.catalog.TrainedModel;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.ensemble.Member;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.evaluation.WorstPhoto;
import io.github.facemask.image.PhotoEncoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.inference.OcclusionMap;
import io.github.facemask.report.PhotoCard;
import io.github.facemask.report.Section;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The worst photos as the model sees them, with what it looked at. */
final class HeatMaps {

  private static final int CELLS = 7;
  private static final int PHOTOS = 12;

  private HeatMaps() {}

  static Section of(
      EnsemblePredictor predictor, ModelOptions options, Evaluation evaluation, PhotoSet judges)
      throws IOException {
    Member member =
        predictor.ensemble().members().stream()
            .max(Comparator.comparingDouble(Member::weight))
            .orElseThrow();
    List<WorstPhoto> worst =
        evaluation.worst().subList(0, Math.min(PHOTOS, evaluation.worst().size()));
    List<PhotoCard> cards = new ArrayList<>();
    try (TrainedModel model =
        TrainedModel.open(member.model().path(), predictor.device(), predictor.precision())) {
      for (WorstPhoto photo : worst) {
        PhotoSet one = judges.filter(p -> p.photo().id().equals(photo.photo()));
        cards.add(card(model, Photos.source(member.model().preprocessing(), options, one), photo));
      }
    }
    return new Section.Pictures(
        "What was seen on the worst photos",
        "Red is where the predicted class was seen: its probability falls when that part is hidden; blue"
            + " is where something spoke against it. By the member of the greatest weight, "
            + member.model().origin().runId()
            + ".",
        cards);
  }

  private static PhotoCard card(TrainedModel model, BatchSource source, WorstPhoto photo)
      throws IOException {
    try (NDManager scope = model.manager().newSubManager();
        BatchStream stream = source.open(scope, 0);
        PhotoBatch batch = stream.next().orElseThrow()) {
      NDArray pixels = batch.pixels();
      double[][] map = OcclusionMap.of(model, pixels, photo.predicted(), CELLS);
      int height = (int) pixels.getShape().get(1);
      int width = (int) pixels.getShape().get(2);
      byte[] bytes = new byte[height * width * 3];
      pixels.toByteBuffer().get(bytes);
      tint(bytes, height, width, map);
      String image = PhotoEncoder.jpegDataUri(Pixels.wrap(height, width, bytes), 85);
      return new PhotoCard(
          Optional.of(image),
          List.of(
              "predicted " + photo.predicted().displayName(),
              "is " + photo.truth().displayName(),
              String.format(Locale.ROOT, "strongest part %.2f", strongest(map))),
          PhotoCard.Tone.PLAIN);
    }
  }

  private static double strongest(double[][] map) {
    double strongest = 0;
    for (double[] row : map) {
      for (double value : row) {
        strongest = Math.max(strongest, Math.abs(value));
      }
    }
    return strongest;
  }

  /** Lays red and blue over the photo, the stronger the more the part matters. */
  private static void tint(byte[] bytes, int height, int width, double[][] map) {
    double strongest = Math.max(strongest(map), 1e-6);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double value = map[y * CELLS / height][x * CELLS / width] / strongest;
        double share = 0.6 * Math.abs(value);
        int[] color = value > 0 ? new int[] {230, 40, 30} : new int[] {30, 80, 230};
        for (int c = 0; c < 3; c++) {
          int at = (y * width + x) * 3 + c;
          bytes[at] = (byte) Math.round((1 - share) * (bytes[at] & 0xff) + share * color[c]);
        }
      }
    }
  }
}
