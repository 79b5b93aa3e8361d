package io.github.facemask.ensemble;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import com.google.common.primitives.Doubles;
import io.github.facemask.combination.Combination;
import io.github.facemask.combination.Vote;
import io.github.facemask.export.Exporter;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.facecrop.FaceDetectors;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionReader.Row;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.prediction.Prior;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Models whose predictions are combined. Probabilities are combined, not logits, because the logits
 * of different models have different scales. Immutable; a single model is an ensemble of one.
 * {@link Ensembler} makes an ensemble with fitted weights.
 */
public final class Ensemble {

  /** The name of an ensemble's file, which names its members. */
  public static final String MANIFEST = "ensemble.json";

  private final Combination combination;
  private final ImmutableList<Member> members;
  private final Optional<Fitting> fitting;
  private final Optional<Digest> manifest;

  private Ensemble(
      Combination combination,
      ImmutableList<Member> members,
      Optional<Fitting> fitting,
      Optional<Digest> manifest) {
    this.combination = combination;
    this.members = members;
    this.fitting = fitting;
    this.manifest = manifest;
  }

  /**
   * Makes an ensemble of models with equal weights.
   *
   * @param models the models, at least one
   * @return the ensemble
   */
  public static Ensemble ofEqual(List<ModelFolder> models) {
    return of(models.stream().map(model -> new Member(model, 1)).toList());
  }

  /**
   * Makes an ensemble whose probabilities are averaged (soft vote).
   *
   * @param members the models with their weights, at least one
   * @return the ensemble
   * @throws IllegalArgumentException if there are no members, or one occurs twice
   */
  public static Ensemble of(List<Member> members) {
    return of(Combination.SOFT_VOTE, members, Optional.empty());
  }

  /**
   * Makes an ensemble.
   *
   * @param combination how the members vote
   * @param members the models and how each votes, at least one
   * @param fitting how weights and temperatures were found, if they were fitted
   * @return the ensemble
   * @throws IllegalArgumentException if there are no members, one occurs twice with the same view,
   *     or the combination is by attribute and an attribute has no member, or members answer
   *     different attributes
   */
  public static Ensemble of(
      Combination combination, List<Member> members, Optional<Fitting> fitting) {
    Set<List<Object>> seen = new HashSet<>();
    for (Member member : members) {
      checkArgument(
          seen.add(
              List.of(member.model().weightsDigest(), member.view(), member.voter().attribute())),
          "%s has the weights of another member; raise that member's weight instead",
          member.model().path());
    }
    Vote.of(combination, members.stream().map(Member::voter).toList())
        .answered(members.stream().map(m -> m.model().attributes()).toList());
    return new Ensemble(combination, ImmutableList.copyOf(members), fitting, Optional.empty());
  }

  /** Returns the same ensemble with the digest of its manifest. */
  Ensemble ofManifest(Digest digest) {
    return new Ensemble(combination, members, fitting, Optional.of(digest));
  }

  /**
   * Opens the folder of a model, a run, an exported program or an ensemble.
   *
   * @param path the folder
   * @return the ensemble; with one member if the folder is not an ensemble
   * @throws IOException if it is none of them, or a member was changed
   */
  public static Ensemble open(Path path) throws IOException {
    return EnsembleFolder.open(path);
  }

  /**
   * Writes the ensemble as a folder: a manifest that names each member by run and digest, and a
   * copy of each member, so that the folder can be moved.
   *
   * @param folder a folder that does not exist yet
   * @throws IOException if it cannot be written; no files are left then
   */
  public void write(Path folder) throws IOException {
    EnsembleFolder.write(this, folder);
  }

  /**
   * Returns a builder that exports the ensemble as one program, which computes all members and
   * their vote.
   *
   * @return the builder of the export
   * @throws IllegalArgumentException if a member is an exported program, which has no weights, or
   *     members have other crops of the face
   */
  public Exporter.Builder exporter() {
    List<Exporter.Part> parts = new ArrayList<>();
    for (Member member : members) {
      checkArgument(
          member.model() instanceof ModelFolder,
          "%s is an exported program, expected models for one program: make the ensemble of the"
              + " models that its members were exported from",
          member.model().path());
      parts.add(new Exporter.Part((ModelFolder) member.model(), member.view()));
    }
    return Exporter.builder(parts, vote());
  }

  /** Returns how the members vote. */
  public Combination combination() {
    return combination;
  }

  /** Returns how weights and temperatures were found, if they were fitted. */
  public Optional<Fitting> fitting() {
    return fitting;
  }

  /** Returns the members' votes, in order. */
  public Vote vote() {
    return Vote.of(combination, members.stream().map(Member::voter).toList());
  }

  /** Returns the attributes that it answers. */
  public ImmutableSet<Attribute> attributes() {
    return vote().answered(members.stream().map(m -> m.model().attributes()).toList());
  }

  /**
   * Returns the temperatures that calibrate its probabilities, as {@link
   * io.github.facemask.model.ModelCard#temperatures}; empty for several members without a fit.
   */
  public ImmutableMap<Attribute, Double> temperatures() {
    return members.size() == 1 && members.get(0).voter().temperature() == 1
        ? members.get(0).model().temperatures()
        : fitting.map(Fitting::calibration).orElse(ImmutableMap.of());
  }

  /**
   * Returns the shares of the classes for which each member's answers hold.
   *
   * @param given the shares of members whose card does not have them
   * @return the shares in the training of each member, in order
   * @throws IllegalArgumentException if a card does not have them, and none are given
   */
  public ImmutableList<Prior> trainingPriors(Optional<Prior> given) {
    ImmutableList.Builder<Prior> priors = ImmutableList.builder();
    for (Member member : members) {
      Optional<ModelOrigin.Shares> known = member.model().origin().shares();
      if (known.isEmpty() && given.isEmpty()) {
        throw lacksShares(member);
      }
      priors.add(
          known.map(shares -> Prior.of(Doubles.toArray(shares.learnt()))).orElseGet(given::get));
    }
    return priors.build();
  }

  /**
   * Returns the shares of the classes among the members' training photos, each photo once; their
   * mean if they differ.
   *
   * @throws IllegalArgumentException if a card does not have them
   */
  public Prior naturalPrior() {
    double[] sum = new double[FaceClass.COUNT];
    for (Member member : members) {
      ModelOrigin.Shares shares =
          member.model().origin().shares().orElseThrow(() -> lacksShares(member));
      for (int id = 0; id < sum.length; id++) {
        sum[id] += shares.natural().get(id);
      }
    }
    return Prior.of(sum);
  }

  private static InvalidArgumentException lacksShares(Member member) {
    return new InvalidArgumentException(
        Problem.of(
                "trainingShares",
                "missing in " + member.model().card(),
                "a card with the shares of the classes in training, which older ones lack")
            .withRemedy("give the shares in its training"));
  }

  /**
   * Corrects each member's table for other shares of the labels than in training, for the scores of
   * each alone. {@link #combine(List, List, Prior)} corrects their combination.
   *
   * @param tables one table for each member, in order
   * @param training the shares in the training of each member, see {@link #trainingPriors}
   * @param target the shares among the photos
   * @return the corrected tables, in order; those of members that answer none of the attributes of
   *     the shares are unchanged
   * @throws IllegalArgumentException if a table was corrected before, or {@link #refuseOtherPrior}
   */
  public List<PredictionTable> corrected(
      List<PredictionTable> tables, List<Prior> training, Prior target) {
    refuseOtherPrior(training, target);
    List<PredictionTable> corrected = new ArrayList<>();
    for (int m = 0; m < tables.size(); m++) {
      PredictionTable table = tables.get(m);
      boolean other = Sets.intersection(table.origin().attributes(), target.attributes()).isEmpty();
      corrected.add(other ? table : target.correct(table, training.get(m)));
    }
    return corrected;
  }

  /**
   * Refuses shares that would be ignored, wholly or in part, silently.
   *
   * @param training the shares in the training of each member, see {@link #trainingPriors}
   * @param target the shares among the photos
   * @throws IllegalArgumentException if the ensemble answers none of the attributes of the shares,
   *     or the shares in training lack one that is needed
   */
  public void refuseOtherPrior(List<Prior> training, Prior target) {
    target.refuseOthers(attributes());
    Set<Attribute> needed = Sets.intersection(target.attributes(), attributes());
    for (Prior known : training) {
      InvalidArgumentException.check(
          known.attributes().containsAll(needed),
          "trainingPrior",
          "shares of " + words(known.attributes()),
          "shares of " + words(needed) + ", as the prior has them");
    }
  }

  private static String words(Set<Attribute> attributes) {
    return Sets.immutableEnumSet(attributes).stream()
        .map(Attribute::word)
        .collect(Collectors.joining(", "));
  }

  /**
   * Returns the factors that correct each member's own answers before the vote. The vote raises
   * answers to 1 / temperature, so the factors are raised to the temperature: the temperature is
   * then of the answers alone, not of the shares.
   *
   * @param training the shares in the training of each member, see {@link #trainingPriors}
   * @param target the shares among the photos
   * @return 18 factors for each member, in order
   * @throws IllegalArgumentException as {@link #refuseOtherPrior}
   */
  public ImmutableList<ImmutableList<Double>> voteFactors(List<Prior> training, Prior target) {
    refuseOtherPrior(training, target);
    ImmutableList.Builder<ImmutableList<Double>> all = ImmutableList.builder();
    for (int m = 0; m < members.size(); m++) {
      double temperature = members.get(m).voter().temperature();
      double[] factors = target.factors(training.get(m), members.get(m).model().attributes());
      all.add(
          Arrays.stream(factors)
              .mapToObj(f -> Math.pow(f, temperature))
              .collect(ImmutableList.toImmutableList()));
    }
    return all.build();
  }

  /** Returns whether it answers the age in years, too. */
  public boolean answersYears() {
    return vote().answersYears(members.stream().map(m -> m.model().answersYears()).toList());
  }

  /** Returns the members. */
  public ImmutableList<Member> members() {
    return members;
  }

  /**
   * Refuses a face detector that no member was trained with, since it would be ignored silently.
   *
   * @param detector the detector, if the caller has one
   * @throws FaceDetectors.UnavailableException if no member was trained with it
   */
  public void refuseOtherDetector(Optional<FaceDetector> detector)
      throws FaceDetectors.UnavailableException {
    if (detector.isEmpty()) {
      return;
    }
    FaceCropSettings.Detector given = detector.get().settings();
    List<FaceCropSettings.Detector> wanted =
        members.stream()
            .flatMap(member -> member.model().faces().stream())
            .map(FaceCropSettings::detector)
            .distinct()
            .toList();
    if (!wanted.contains(given)) {
      throw FaceDetectors.UnavailableException.otherGiven(given, wanted);
    }
  }

  /**
   * Refuses an evaluation on people that a member was trained on.
   *
   * @param people the people of the photos to evaluate on
   * @throws IllegalArgumentException if there are any; the message names some
   */
  public void refuseSeenPeople(Collection<String> people) {
    for (Member member : members) {
      Set<String> seen = new LinkedHashSet<>(people);
      seen.retainAll(new HashSet<>(member.model().origin().trainingPeople()));
      checkArgument(
          seen.isEmpty(),
          "%s was trained on %s of these %s people (for instance %s), so they cannot evaluate it; "
              + "evaluate it on the validation side of its own split",
          member.model().path(),
          seen.size(),
          people.size(),
          String.join(", ", seen.stream().limit(3).toList()));
    }
  }

  /**
   * Combines the members' probabilities.
   *
   * @param tables one table for each member, in order, of the same photos
   * @return the ensemble's table, in the order of the first
   * @throws IllegalArgumentException if the tables are not of the same photos, or one was corrected
   *     for other shares of the labels, which {@link #combine(List, List, Prior)} does
   */
  public PredictionTable combine(List<PredictionTable> tables) {
    checkArgument(
        tables.size() == members.size(),
        "%s tables for %s members, expected one for each",
        tables.size(),
        members.size());
    for (PredictionTable table : tables) {
      InvalidArgumentException.check(
          table.origin().prior().isEmpty(),
          "table",
          "corrected for other shares of the labels",
          "the members' own answers",
          "correct them where they are combined");
    }
    return vote().table(tables, origin(tables.get(0).origin().data()));
  }

  /**
   * Combines the members' probabilities, corrected for other shares of the labels than in training.
   * Each member is corrected for its own training, after its temperature.
   *
   * @param tables one table of a member's own answers for each member, in order, of the same photos
   * @param training the shares in the training of each member, see {@link #trainingPriors}
   * @param target the shares among the photos
   * @return the ensemble's table, in the order of the first; its origin has the shares of the
   *     attributes that the ensemble answers
   * @throws IllegalArgumentException as {@link #combine(List)} and {@link #refuseOtherPrior}
   */
  public PredictionTable combine(List<PredictionTable> tables, List<Prior> training, Prior target) {
    ImmutableList<ImmutableList<Double>> factors = voteFactors(training, target);
    PredictionTable own = combine(tables);
    Vote vote = vote();
    PredictionTable.Builder corrected =
        PredictionTable.builder(
            own.origin().withPrior(Optional.of(target.only(attributes()))), own.size());
    for (int row = 0; row < own.size(); row++) {
      String id = own.ids().get(row);
      List<double[]> rows = new ArrayList<>();
      for (int m = 0; m < tables.size(); m++) {
        float[] values = tables.get(m).probabilities(tables.get(m).row(id).orElseThrow());
        double[] wide = new double[values.length];
        Arrays.setAll(wide, c -> values[c]);
        rows.add(Prior.scaled(wide, Doubles.toArray(factors.get(m))));
      }
      double[] voted = vote.probabilities(rows);
      float[] narrow = new float[voted.length];
      for (int c = 0; c < narrow.length; c++) {
        narrow[c] = (float) voted[c];
      }
      corrected.add(new Row(id, narrow, (float) own.years(row).orElse(Double.NaN)));
    }
    return corrected.build();
  }

  /**
   * Returns the origin of this ensemble's predictions.
   *
   * @param data the digest of the photos' labels, if they have any
   */
  public PredictionOrigin origin(Optional<Digest> data) {
    Set<Digest> digests = new LinkedHashSet<>();
    Set<String> runs = new LinkedHashSet<>();
    Map<Digest, Digest> programs = new LinkedHashMap<>();
    for (Member member : members) {
      digests.add(member.model().weightsDigest());
      runs.add(member.model().origin().runId().value());
      member.model().program().ifPresent(p -> programs.put(member.model().weightsDigest(), p));
    }
    return new PredictionOrigin(List.copyOf(digests), List.copyOf(runs), data)
        .withPrograms(programs)
        .withEnsemble(manifest)
        .withAttributes(attributes())
        .withYears(answersYears());
  }

  /**
   * How an ensemble's weights and temperatures were found.
   *
   * @param search the search, for instance {@code "greedy"}, or {@code "none"} where only
   *     temperatures were fitted
   * @param temperatures whether the temperatures were fitted too
   * @param macroF1 the ensemble's score on the photos that it was fitted to; too optimistic for an
   *     evaluation
   * @param bestSingle the best single member's score on the same photos
   * @param photos the number of these photos
   * @param people the people on them
   * @param data the digest of their labels
   * @param tables the digests of the predictions, one for each member that was offered
   * @param calibration the temperatures that calibrate the ensemble's probabilities of each
   *     attribute, fitted on the same photos
   */
  public record Fitting(
      String search,
      boolean temperatures,
      double macroF1,
      double bestSingle,
      int photos,
      ImmutableList<String> people,
      Digest data,
      ImmutableList<Digest> tables,
      ImmutableMap<Attribute, Double> calibration) {

    /**
     * Returns those of some people that the weights or temperatures were fitted on; scores on them
     * are too optimistic.
     *
     * @param judges the people to evaluate on
     */
    public ImmutableList<String> among(Collection<String> judges) {
      Set<String> known = ImmutableSet.copyOf(people);
      return judges.stream().filter(known::contains).collect(ImmutableList.toImmutableList());
    }
  }
}
