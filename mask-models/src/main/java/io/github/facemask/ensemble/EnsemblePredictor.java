package io.github.facemask.ensemble;

import ai.djl.Device;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.dataset.Photo;
import io.github.facemask.label.FaceClass;
import io.github.facemask.model.ModelCard;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionReader.Row;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.Digest;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Predicts photos with each member. Members with the same preprocessing share one pass, so each
 * photo is read and cropped once for all of them; their networks are in memory at the same time.
 *
 * @param ensemble the models
 * @param device the device to run them on
 * @param precision the precision to compute in; exported programs have their own
 */
public record EnsemblePredictor(Ensemble ensemble, Device device, Precision precision) {

  /** Supplies the photos as a member's card requires. */
  @FunctionalInterface
  public interface Batches {
    /**
     * Returns the batches for a member.
     *
     * @param card the member's card
     * @return the photos, each once
     * @throws IOException if a photo cannot be read or the member's face detector is not available
     */
    BatchSource of(ModelCard card) throws IOException;
  }

  /**
   * Predicts each member's table.
   *
   * @param photos supplies the photos as a member's card requires, each once; called once for all
   *     members with the same requirements
   * @param labels the digest of the photos' labels, if they have any
   * @param progress receives the number of photos done, over all members
   * @return a table for each member, in order
   * @throws IOException if a model or a photo cannot be read
   */
  public List<PredictionTable> predictEach(
      Batches photos, Optional<Digest> labels, IntConsumer progress) throws IOException {
    Map<List<Object>, List<Integer>> groups = new LinkedHashMap<>();
    for (int m = 0; m < ensemble.members().size(); m++) {
      ModelCard card = ensemble.members().get(m).model();
      groups
          .computeIfAbsent(List.of(card.preprocessing(), card.faces()), same -> new ArrayList<>())
          .add(m);
    }
    PredictionTable[] tables = new PredictionTable[ensemble.members().size()];
    int before = 0;
    for (List<Integer> group : groups.values()) {
      List<Member> members = group.stream().map(ensemble.members()::get).toList();
      BatchSource source = photos.of(members.get(0).model());
      int offset = before;
      try (SharedPass pass = SharedPass.open(members, device, precision)) {
        List<float[]> rows = pass.classify(source, done -> progress.accept(offset + done));
        for (int i = 0; i < members.size(); i++) {
          tables[group.get(i)] = table(members.get(i), source.photos(), rows.get(i), labels);
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
            .withPrograms(member.model().program().map(p -> Map.of(weights, p)).orElse(Map.of()))
            .withAttributes(member.model().attributes())
            .withYears(member.model().answersYears());
    PredictionTable.Builder table = PredictionTable.builder(origin, photos.size());
    for (int i = 0; i < photos.size(); i++) {
      int from = i * SharedPass.columns(member);
      float[] classes = Arrays.copyOfRange(rows, from, from + FaceClass.COUNT);
      float years = member.model().answersYears() ? rows[from + FaceClass.COUNT] : Float.NaN;
      table.add(new Row(photos.get(i).id(), classes, years));
    }
    return table.build();
  }

  /**
   * Predicts the ensemble's table.
   *
   * @param photos supplies the photos as a member's card requires, each once; called once for all
   *     members with the same requirements
   * @param labels the digest of the photos' labels, if they have any
   * @param progress receives the number of photos done, over all members
   * @return the combined table
   * @throws IOException if a model or a photo cannot be read
   */
  public PredictionTable predict(Batches photos, Optional<Digest> labels, IntConsumer progress)
      throws IOException {
    return ensemble.combine(predictEach(photos, labels, progress));
  }
}
