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
 * @param oneModelEach whether each row is by one of the models, as out of folds; else every model
 *     had a part in every row
 */
public record PredictionOrigin(
    List<Digest> models, List<String> runs, Optional<Digest> data, boolean oneModelEach) {

  /** Copies the lists. */
  public PredictionOrigin {
    models = List.copyOf(models);
    runs = List.copyOf(runs);
    Objects.requireNonNull(data, "data");
  }

  /**
   * Makes the origin of rows in which every model had a part.
   *
   * @param models the digests of the models' weights
   * @param runs the ids of the runs that trained them
   * @param data the digest of the photos' labels, if they have any
   */
  public PredictionOrigin(List<Digest> models, List<String> runs, Optional<Digest> data) {
    this(models, runs, data, false);
  }

  /** Returns the origin of predictions that nothing is known of. */
  public static PredictionOrigin unknown() {
    return new PredictionOrigin(List.of(), List.of(), Optional.empty());
  }
}
