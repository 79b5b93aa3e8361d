package io.github.facemask.prediction;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.provenance.Digest;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The models, runs and data behind some predictions.
 *
 * @param models the digests of the models' weights
 * @param runs the ids of the runs that trained them
 * @param data the digest of the photos' labels, if they have any
 * @param oneModelEach whether each row was predicted by one of the models, as for out-of-fold
 *     predictions; otherwise all models contributed to every row
 * @param programs for models that ran as an exported program: the digest of the program by the
 *     digest of the weights that it was exported from
 * @param ensemble the digest of the manifest of the ensemble that combined the models, if it has a
 *     folder; the manifest has weights, temperatures and views
 * @param attributes the attributes that the models answer; the probabilities of classes that differ
 *     in another attribute alone are equal
 * @param years whether the models answer the age in years, too
 * @param prior the shares of labels that the probabilities were corrected for; empty if they are
 *     the models' own
 */
public record PredictionOrigin(
    List<Digest> models,
    List<String> runs,
    Optional<Digest> data,
    boolean oneModelEach,
    Map<Digest, Digest> programs,
    Optional<Digest> ensemble,
    ImmutableSet<Attribute> attributes,
    boolean years,
    Optional<Prior> prior) {

  /** All attributes. */
  private static final ImmutableSet<Attribute> ALL =
      Sets.immutableEnumSet(EnumSet.allOf(Attribute.class));

  /** Copies the lists and the map. */
  public PredictionOrigin {
    models = List.copyOf(models);
    runs = List.copyOf(runs);
    Objects.requireNonNull(data, "data");
    Objects.requireNonNull(ensemble, "ensemble");
    Objects.requireNonNull(prior, "prior");
    programs = Collections.unmodifiableMap(new LinkedHashMap<>(programs));
  }

  /**
   * Makes the origin of probabilities that were not corrected for other shares of the labels.
   *
   * @param models the digests of the models' weights
   * @param runs the ids of the runs that trained them
   * @param data the digest of the photos' labels, if they have any
   * @param oneModelEach whether each row was predicted by one of the models
   * @param programs the digest of each program by the digest of the weights
   * @param ensemble the digest of the manifest of the ensemble, if it has a folder
   * @param attributes the attributes that the models answer
   * @param years whether the models answer the age in years, too
   */
  public PredictionOrigin(
      List<Digest> models,
      List<String> runs,
      Optional<Digest> data,
      boolean oneModelEach,
      Map<Digest, Digest> programs,
      Optional<Digest> ensemble,
      ImmutableSet<Attribute> attributes,
      boolean years) {
    this(models, runs, data, oneModelEach, programs, ensemble, attributes, years, Optional.empty());
  }

  /**
   * Makes the origin of rows to which all models contributed.
   *
   * @param models the digests of the models' weights
   * @param runs the ids of the runs that trained them
   * @param data the digest of the photos' labels, if they have any
   */
  public PredictionOrigin(List<Digest> models, List<String> runs, Optional<Digest> data) {
    this(models, runs, data, false, Map.of(), Optional.empty(), ALL, false, Optional.empty());
  }

  /**
   * Returns the same origin with the programs that ran.
   *
   * @param ran the digest of each program by the digest of the weights that it was exported from
   */
  public PredictionOrigin withPrograms(Map<Digest, Digest> ran) {
    return new PredictionOrigin(
        models, runs, data, oneModelEach, ran, ensemble, attributes, years, prior);
  }

  /**
   * Returns the same origin with the ensemble that combined the models.
   *
   * @param manifest the digest of its manifest; empty if it has no folder
   */
  public PredictionOrigin withEnsemble(Optional<Digest> manifest) {
    return new PredictionOrigin(
        models, runs, data, oneModelEach, programs, manifest, attributes, years, prior);
  }

  /**
   * Returns the same origin for models that answer some attributes only.
   *
   * @param answered the attributes, at least one
   */
  public PredictionOrigin withAttributes(Set<Attribute> answered) {
    return new PredictionOrigin(
        models,
        runs,
        data,
        oneModelEach,
        programs,
        ensemble,
        Sets.immutableEnumSet(answered),
        years,
        prior);
  }

  /**
   * Returns the same origin for models that answer the age in years, too.
   *
   * @param answered whether they do
   */
  public PredictionOrigin withYears(boolean answered) {
    return new PredictionOrigin(
        models, runs, data, oneModelEach, programs, ensemble, attributes, answered, prior);
  }

  /**
   * Returns the same origin for probabilities that were corrected for other shares of the labels
   * than in training.
   *
   * @param shares the shares; empty if the probabilities are the models' own
   */
  public PredictionOrigin withPrior(Optional<Prior> shares) {
    return new PredictionOrigin(
        models, runs, data, oneModelEach, programs, ensemble, attributes, years, shares);
  }

  /** Returns the labels that the models answer: 18, or fewer if they answer fewer attributes. */
  public ImmutableList<FaceLabel> labels() {
    return FaceLabel.knowing(attributes);
  }

  /** Returns the programs as text: hexadecimal digests by hexadecimal digests. */
  public Map<String, String> programsAsText() {
    Map<String, String> texts = new LinkedHashMap<>();
    programs.forEach((weights, program) -> texts.put(weights.hex(), program.hex()));
    return texts;
  }

  /** Returns the origin of predictions whose models are unknown. */
  public static PredictionOrigin unknown() {
    return new PredictionOrigin(List.of(), List.of(), Optional.empty());
  }
}
