package io.github.facemask.cli;

import io.github.facemask.batch.BatchSource;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Subject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Predicts photos as the options ask; cropped where a member was trained on crops. */
final class Photos {

  private Photos() {}

  /** Predicts labelled photos; a table for each member. */
  static List<PredictionTable> predictEach(
      EnsemblePredictor predictor, ModelOptions options, PhotoSet photos) throws IOException {
    return predictEach(predictor, options, photos, shown(predictor, options, photos, null));
  }

  /** The crops that the members are shown, of a file or made now; none if they see whole photos. */
  static Optional<CropTable> shown(
      EnsemblePredictor predictor, ModelOptions options, PhotoSet photos, Path file)
      throws IOException {
    if (!seesFaces(predictor.ensemble())) {
      return Optional.empty();
    }
    return Optional.of(file == null ? crops(options, photos) : Crops.read(file, photos));
  }

  /** The crops that members which see faces are shown. */
  static CropTable crops(ModelOptions options, PhotoSet photos) throws IOException {
    return Crops.of(
        photos,
        options.faces.crop(),
        Optional.empty(),
        Optional.empty(),
        Threads.orProcessors(options.threads));
  }

  /** Predicts labelled photos with given crops; a table for each member. */
  static List<PredictionTable> predictEach(
      EnsemblePredictor predictor, ModelOptions options, PhotoSet photos, Optional<CropTable> crops)
      throws IOException {
    int total = photos.size() * predictor.ensemble().members().size();
    try (Progress progress = Progress.of("predict", total, "photos")) {
      return predictor.predictEach(
          source(options, photos.photos(), crops), Optional.of(photos.digest()), progress::to);
    }
  }

  /** Predicts photos without labels. */
  static PredictionTable predict(
      EnsemblePredictor predictor, ModelOptions options, List<Photo> photos) throws IOException {
    Optional<CropTable> crops =
        seesFaces(predictor.ensemble())
            ? Optional.of(
                Crops.of(photos, options.faces.crop(), Threads.orProcessors(options.threads)))
            : Optional.empty();
    int total = photos.size() * predictor.ensemble().members().size();
    try (Progress progress = Progress.of("predict", total, "photos")) {
      return predictor.predict(source(options, photos, crops), Optional.empty(), progress::to);
    }
  }

  /** Whether a member sees crops of faces. */
  static boolean seesFaces(Ensemble ensemble) {
    return ensemble.members().stream()
        .anyMatch(m -> m.model().preprocessing().subject() == Subject.FACE);
  }

  private static Function<Preprocessing, BatchSource> source(
      ModelOptions options, List<Photo> photos, Optional<CropTable> crops) {
    return preprocessing -> {
      PhotoLoader.Builder dataset =
          PhotoLoader.unlabelled(photos, preprocessing)
              .optBatchSize(options.batch)
              .optThreads(Threads.orProcessors(options.threads));
      if (preprocessing.subject() == Subject.FACE) {
        crops.ifPresent(dataset::optCrops);
      }
      return dataset.build();
    };
  }
}
