package io.github.facemask.probe;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.evaluation.F1Difference;
import io.github.facemask.image.Box;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Hides clothes, background or face of labelled photos and measures what a model loses. A model
 * that loses nothing without faces looks at the wrong thing.
 */
public final class OcclusionProbe {

  private OcclusionProbe() {}

  /** Predicts photos with the model that is probed. */
  @FunctionalInterface
  public interface Predictor {
    /**
     * Predicts photos.
     *
     * @param photos the photos, whole or with a part hidden; ids are the same
     * @return a row for each photo
     * @throws IOException if a photo cannot be read
     */
    PredictionTable predict(PhotoSet photos) throws IOException;
  }

  /**
   * The loss by a hidden part.
   *
   * @param part what was hidden
   * @param macroF1 macro F1 with the part hidden
   * @param change the change of macro F1, negative for a loss, with its interval
   */
  public record Loss(HiddenPart part, double macroF1, F1Difference change) {}

  /**
   * What a probe found.
   *
   * @param macroF1 macro F1 with nothing hidden
   * @param losses one for each part
   */
  public record Result(double macroF1, ImmutableList<Loss> losses) {}

  /**
   * Probes a model.
   *
   * @param photos labelled photos of people whom the model was not trained on
   * @param faces the face of each photo by its id, in pixels of the photo
   * @param predictor the model
   * @return the losses
   * @throws IOException if a photo cannot be read, or changed copies cannot be written
   * @throws IllegalArgumentException if a photo has no face
   */
  public static Result run(PhotoSet photos, Map<String, Box> faces, Predictor predictor)
      throws IOException {
    for (var photo : photos) {
      checkArgument(
          faces.containsKey(photo.photo().id()),
          "no face is known of photo %s",
          photo.photo().id());
    }
    PredictionTable plain = predictor.predict(photos);
    ImmutableList.Builder<Loss> losses = ImmutableList.builder();
    for (HiddenPart part : HiddenPart.values()) {
      Path folder = Files.createTempDirectory("facemask-probe");
      try {
        PredictionTable hidden = predictor.predict(part.hide(photos, faces, folder));
        losses.add(
            new Loss(
                part,
                Evaluation.of(hidden, photos).scores().macroF1(),
                F1Difference.between(plain, hidden, photos)));
      } finally {
        MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
    return new Result(Evaluation.of(plain, photos).scores().macroF1(), losses.build());
  }
}
