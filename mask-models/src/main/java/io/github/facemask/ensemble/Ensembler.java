package io.github.facemask.ensemble;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Doubles;
import io.github.facemask.combination.Combination;
import io.github.facemask.combination.Vote;
import io.github.facemask.combination.Voter;
import io.github.facemask.combination.Voter.Temperatures;
import io.github.facemask.combination.WeightSearch;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.ensemble.Ensemble.Fitting;
import io.github.facemask.internal.calibration.Temperature;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.Digest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Makes an ensemble of candidates, with given weights or with weights fitted on predictions of
 * people that no candidate was trained on. Immutable; the builder is not thread-safe.
 */
public final class Ensembler {

  private final ImmutableList<Candidate> candidates;
  private final Ensemble ensemble;
  private final Vote vote;
  private final List<Double> weights;
  private final Optional<WeightSearch.Found> found;

  private Ensembler(
      ImmutableList<Candidate> candidates,
      Ensemble ensemble,
      Vote vote,
      List<Double> weights,
      Optional<WeightSearch.Found> found) {
    this.candidates = candidates;
    this.ensemble = ensemble;
    this.vote = vote;
    this.weights = weights;
    this.found = found;
  }

  /**
   * Starts an ensemble.
   *
   * @param candidates one or more, see {@link Candidate#open}
   */
  public static Builder builder(Candidate... candidates) {
    return new Builder(ImmutableList.copyOf(candidates));
  }

  /**
   * Starts an ensemble.
   *
   * @param candidates one or more, see {@link Candidate#open}
   */
  public static Builder builder(List<Candidate> candidates) {
    return new Builder(ImmutableList.copyOf(candidates));
  }

  /** Returns the ensemble, without candidates of weight 0. */
  public Ensemble ensemble() {
    return ensemble;
  }

  /** Returns the candidates that were offered. */
  public ImmutableList<Candidate> candidates() {
    return candidates;
  }

  /** Returns the candidates that are in the ensemble, in order. */
  public ImmutableList<Candidate> chosen() {
    return IntStream.range(0, candidates.size())
        .filter(i -> weights.get(i) > 0)
        .mapToObj(candidates::get)
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns how the chosen candidates vote, in their order. */
  public Vote vote() {
    return vote;
  }

  /** Returns the weight of each candidate that was offered, 0 for those left out. */
  public List<Double> weights() {
    return weights;
  }

  /** Returns the result of the weight search, if weights were fitted. */
  public Optional<WeightSearch.Found> found() {
    return found;
  }

  /** Builder of {@link Ensembler}. */
  public static final class Builder {

    private final ImmutableList<Candidate> candidates;
    private Combination combination = Combination.SOFT_VOTE;
    private double[] weights;
    private double[] temperatures;
    private boolean fitTemperatures;
    private Optional<WeightSearch> search = Optional.empty();
    private Optional<PhotoSet> truth = Optional.empty();
    private ImmutableList<Digest> tables = ImmutableList.of();

    private Builder(ImmutableList<Candidate> candidates) {
      this.candidates = candidates;
    }

    /** Sets how members vote; soft vote by default. */
    public Builder optCombination(Combination value) {
      combination = Objects.requireNonNull(value, "combination");
      return this;
    }

    /** Sets the weights, one for each candidate, 0 to leave it out; equal by default. */
    public Builder optWeights(double... values) {
      weights = values.clone();
      return this;
    }

    /** Sets the temperatures, one for each candidate, above 0; 1 by default. */
    public Builder optTemperatures(double... values) {
      temperatures = values.clone();
      return this;
    }

    /** Fits the weights on the candidates' predictions, with the classes of {@link #optTruth}. */
    public Builder optFit(WeightSearch value) {
      search = Optional.of(value);
      return this;
    }

    /** Fits each candidate's temperature on its predictions, before its weight. */
    public Builder optFittedTemperatures() {
      fitTemperatures = true;
      return this;
    }

    /** Sets the photos to fit on, with their classes. */
    public Builder optTruth(PhotoSet photos) {
      truth = Optional.of(photos);
      return this;
    }

    /** Sets the digests of the files that the predictions came from, for the manifest. */
    public Builder optTableDigests(List<Digest> digests) {
      tables = ImmutableList.copyOf(digests);
      return this;
    }

    /**
     * Fits the weights and temperatures, if requested, and makes the ensemble.
     *
     * @throws IllegalArgumentException if a number is out of its range or missing, a candidate
     *     lacks predictions of a photo, its predictions are another model's, or it was trained on
     *     the people that it is fitted on; the message names them
     */
    public Ensembler build() {
      checkArgument(!candidates.isEmpty(), "no members, expected at least one model");
      checkArgument(weights == null || search.isEmpty(), "weights are given and to be fitted too");
      checkArgument(
          temperatures == null || !fitTemperatures, "temperatures are given and to be fitted too");
      boolean fits = fitTemperatures || search.isPresent();
      check(
          !fits || truth.isPresent(),
          "truth",
          "",
          "labelled photos to fit on",
          "give them with optTruth");
      double[] heat = numbers("temperatures", temperatures);
      double[] votes = numbers("weights", weights);
      check(Arrays.stream(votes).anyMatch(w -> w > 0), "weights", "all 0", "one above 0");
      List<PredictionTable> judged = new ArrayList<>();
      if (fits) {
        PhotoSet photos = truth.orElseThrow();
        candidates.forEach(c -> judged.add(c.checkedPredictions(photos)));
        for (int i = 0; fitTemperatures && i < heat.length; i++) {
          heat[i] = Temperatures.fit(judged.get(i), photos);
        }
      }
      Optional<WeightSearch.Found> found =
          search.map(s -> s.fit(vote(votes, heat), judged, truth.orElseThrow()));
      double[] fitted = found.map(f -> Doubles.toArray(f.weights())).orElse(votes);
      Vote vote = vote(fitted, heat);
      Ensemble made =
          ensemble(
              fitted, heat, fits ? Optional.of(fitting(vote, judged, fitted)) : Optional.empty());
      return new Ensembler(
          candidates, made, vote, ImmutableList.copyOf(Doubles.asList(fitted)), found);
    }

    private double[] numbers(String what, double[] given) {
      double[] ones = new double[candidates.size()];
      Arrays.fill(ones, 1);
      check(
          given == null || given.length == ones.length,
          what,
          given == null ? "" : Arrays.toString(given),
          "one for each of " + ones.length + " members");
      return given == null ? ones : given.clone();
    }

    private Vote vote(double[] votes, double[] heat) {
      List<Voter> voters = new ArrayList<>();
      for (int i = 0; i < votes.length; i++) {
        if (votes[i] != 0) {
          voters.add(new Voter(votes[i], heat[i], candidates.get(i).attribute()));
        }
      }
      return Vote.of(combination, voters);
    }

    private Ensemble ensemble(double[] votes, double[] heat, Optional<Fitting> fitting) {
      List<Member> members = new ArrayList<>();
      for (int i = 0; i < votes.length; i++) {
        if (votes[i] != 0) {
          members.addAll(candidates.get(i).weighted(votes[i], heat[i]));
        }
      }
      return Ensemble.of(combination, members, fitting);
    }

    private Fitting fitting(Vote vote, List<PredictionTable> judged, double[] votes) {
      PhotoSet photos = truth.orElseThrow();
      List<PredictionTable> chosen =
          IntStream.range(0, votes.length).filter(i -> votes[i] > 0).mapToObj(judged::get).toList();
      PredictionTable together = vote.table(only(chosen, photos), PredictionOrigin.unknown());
      double best = 0;
      for (PredictionTable table : judged) {
        best = Math.max(best, score(table, photos));
      }
      return new Fitting(
          search.map(WeightSearch::displayName).orElse("none"),
          fitTemperatures,
          score(together, photos),
          best,
          photos.size(),
          ImmutableList.copyOf(photos.people()),
          photos.digest(),
          tables,
          calibration(together, photos));
    }

    private static ImmutableMap<Attribute, Double> calibration(
        PredictionTable table, PhotoSet photos) {
      float[][] rows = new float[photos.size()][];
      List<FaceLabel> labels = new ArrayList<>();
      for (int i = 0; i < rows.length; i++) {
        rows[i] = table.probabilities(table.row(photos.get(i).photo().id()).orElseThrow());
        labels.add(photos.get(i).label());
      }
      return Temperature.fit(rows, labels);
    }

    private static double score(PredictionTable table, PhotoSet photos) {
      return io.github.facemask.evaluation.Evaluation.builder(table, photos)
          .optResamples(1)
          .build()
          .scores()
          .macroF1();
    }

    /** The tables' rows of some photos. */
    private static List<PredictionTable> only(List<PredictionTable> tables, PhotoSet photos) {
      return tables.stream().map(table -> table.only(photos.photos())).toList();
    }
  }
}
