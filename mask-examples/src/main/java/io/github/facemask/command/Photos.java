package io.github.facemask.command;

import io.github.facemask.batch.BatchSource;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.loader.PhotoDataset;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.preprocessing.Preprocessing;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Predicts photos as the options ask. */
final class Photos {

  private Photos() {}

  /** Predicts labelled photos; a table for each member. */
  static List<PredictionTable> predictEach(
      EnsemblePredictor predictor, ModelOptions options, PhotoSet photos) throws IOException {
    int total = photos.size() * predictor.ensemble().members().size();
    try (Progress progress = Progress.of("predict", total, "photos")) {
      return predictor.predictEach(
          source(options, photos.photos()), Optional.of(photos.digest()), progress::to);
    }
  }

  /** Predicts photos without labels. */
  static PredictionTable predict(
      EnsemblePredictor predictor, ModelOptions options, List<Photo> photos) throws IOException {
    int total = photos.size() * predictor.ensemble().members().size();
    try (Progress progress = Progress.of("predict", total, "photos")) {
      return predictor.predict(source(options, photos), Optional.empty(), progress::to);
    }
  }

  private static Function<Preprocessing, BatchSource> source(
      ModelOptions options, List<Photo> photos) {
    return preprocessing ->
        PhotoDataset.unlabelled(photos, preprocessing)
            .optBatchSize(options.batch)
            .optThreads(Threads.orProcessors(options.threads))
            .build();
  }
}
