package io.github.facemask.ensemble;

import ai.djl.Device;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.dataset.Photo;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.provenance.Digest;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * Predicts photos with each member. Members that expect the same of their photos share one pass, so
 * each photo is read and framed once for all of them; their networks are in memory together.
 *
 * @param ensemble the models
 * @param device where to run them
 * @param precision with which numbers; exported programs compute with their own
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
    Map<Preprocessing, List<Integer>> groups = new LinkedHashMap<>();
    for (int m = 0; m < ensemble.members().size(); m++) {
      Preprocessing input = ensemble.members().get(m).model().preprocessing();
      groups.computeIfAbsent(input, key -> new ArrayList<>()).add(m);
    }
    PredictionTable[] tables = new PredictionTable[ensemble.members().size()];
    int before = 0;
    for (Map.Entry<Preprocessing, List<Integer>> group : groups.entrySet()) {
      BatchSource source = photos.apply(group.getKey());
      List<Member> members = group.getValue().stream().map(ensemble.members()::get).toList();
      int offset = before;
      try (SharedPass pass = SharedPass.open(members, device, precision)) {
        List<float[]> rows = pass.classify(source, done -> progress.accept(offset + done));
        for (int i = 0; i < members.size(); i++) {
          tables[group.getValue().get(i)] =
              table(members.get(i), source.photos(), rows.get(i), labels);
        }
      }
      before += source.photos().size() * members.size();
    }
    return List.of(tables);
  }

  private static PredictionTable table(
      Member member, List<Photo> photos, float[] rows, Optional<Digest> labels) {
    Digest weights = member.model().weightsDigest();
    PredictionOrigin origin =
        new PredictionOrigin(
                List.of(weights), List.of(member.model().origin().runId().value()), labels)
            .withPrograms(member.model().program().map(p -> Map.of(weights, p)).orElse(Map.of()));
    PredictionTable.Builder table = PredictionTable.builder(origin, photos.size());
    for (int i = 0; i < photos.size(); i++) {
      int from = i * FaceClass.COUNT;
      table.add(photos.get(i).id(), Arrays.copyOfRange(rows, from, from + FaceClass.COUNT));
    }
    return table.build();
  }

  /**
   * Predicts the ensemble's table.
   *
   * @param photos gives the photos framed for a member's preprocessing, each once
   * @param labels the digest of the photos' labels, if they have any
   * @param progress told the number of photos done, over all members
   * @return the combined table
   * @throws IOException if a model or a photo cannot be read
   */
  public PredictionTable predict(
      Function<Preprocessing, BatchSource> photos, Optional<Digest> labels, IntConsumer progress)
      throws IOException {
    return ensemble.combine(predictEach(photos, labels, progress));
  }
}
