package io.github.facemask.prediction;

import io.github.facemask.provenance.Digest;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What made some predictions.
 *
 * @param models the digests of the models' weights
 * @param runs the ids of the runs that trained them
 * @param data the digest of the photos' labels, if they have any
 */
public record PredictionOrigin(List<Digest> models, List<String> runs, Optional<Digest> data) {

  /** Copies the lists. */
  public PredictionOrigin {
    models = List.copyOf(models);
    runs = List.copyOf(runs);
    Objects.requireNonNull(data, "data");
  }

  /** Returns the origin of predictions that nothing is known of. */
  public static PredictionOrigin unknown() {
    return new PredictionOrigin(List.of(), List.of(), Optional.empty());
  }
}
