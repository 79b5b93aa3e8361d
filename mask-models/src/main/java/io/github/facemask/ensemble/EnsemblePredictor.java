package io.github.facemask.ensemble;

import ai.djl.Device;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.catalog.TrainedModel;
import io.github.facemask.inference.Classification;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.provenance.Digest;
import io.github.facemask.training.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * Predicts photos with each member in turn, so that one network at a time is in memory.
 *
 * @param ensemble the models
 * @param device where to run them
 * @param precision with which numbers
 */
public record EnsemblePredictor(Ensemble ensemble, Device device, Precision precision) {

  /**
   * Predicts each member's table.
   *
   * @param photos gives the photos framed for a member's preprocessing, each once
   * @param labels the digest of the photos' labels, if they have any
   * @param progress told the number of photos done, over all members
   * @return a table for each member, in order
   * @throws IOException if a model or a photo cannot be read
   */
  public List<PredictionTable> predictEach(
      Function<Preprocessing, BatchSource> photos, Optional<Digest> labels, IntConsumer progress)
      throws IOException {
    List<PredictionTable> tables = new ArrayList<>();
    int before = 0;
    for (Member member : ensemble.members()) {
      BatchSource source = photos.apply(member.model().preprocessing());
      int offset = before;
      try (TrainedModel model = TrainedModel.open(member.model().path(), device, precision)) {
        float[][] rows = Classification.all(model, source, done -> progress.accept(offset + done));
        PredictionOrigin origin = Ensemble.of(List.of(member)).origin(labels);
        PredictionTable.Builder table = PredictionTable.builder(origin);
        for (int i = 0; i < rows.length; i++) {
          table.add(source.photos().get(i).id(), rows[i]);
        }
        tables.add(table.build());
        before += rows.length;
      }
    }
    return tables;
  }

  /**
   * Predicts the ensemble's table.
   *
   * @param photos gives the photos framed for a member's preprocessing, each once
   * @param labels the digest of the photos' labels, if they have any
   * @param progress told the number of photos done, over all members
   * @return the averaged table
   * @throws IOException if a model or a photo cannot be read
   */
  public PredictionTable predict(
      Function<Preprocessing, BatchSource> photos, Optional<Digest> labels, IntConsumer progress)
      throws IOException {
    return ensemble.combine(predictEach(photos, labels, progress));
  }
}
