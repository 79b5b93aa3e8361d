package io.github.facemask.combination;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.prediction.PredictionTable;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Searches the weights with the highest macro F1 on predictions of people that the members were not
 * trained on. Deterministic. Ties go to the first member. On these predictions the result is never
 * worse than the best single member.
 */
public enum WeightSearch {
  /**
   * Starts with the best member and repeatedly adds the member that improves the score most; a
   * member can be added several times. Returns the best set of all steps (Caruana et al., "Ensemble
   * selection from libraries of models", ICML 2004).
   */
  GREEDY,
  /** As {@link #GREEDY}, with each member at most once, so all weights are equal or 0. */
  GREEDY_ONCE,
  /**
   * Raises and lowers one weight after the other by steps from 1/2 to 1/32, starting from equal
   * weights or from the best member, as long as the score improves.
   */
  COORDINATE;

  private static final int ROUNDS = 50;

  /**
   * The result of a search.
   *
   * @param search the search
   * @param weights the members' weights, which sum to 1; 0 for a member that does not help
   * @param macroF1 the score with these weights, on the data that they were fitted to
   * @param single the score of each member alone
   * @param path the score after each step
   */
  public record Found(
      WeightSearch search,
      List<Double> weights,
      double macroF1,
      List<Double> single,
      List<Double> path) {}

  /** Returns the name on command lines and in manifests, for instance {@code "greedy-once"}. */
  public String displayName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Finds weights.
   *
   * @param vote how the members vote; its weights are not used
   * @param tables one for each member, of at least these photos, by models that were not trained on
   *     their people
   * @param truth the photos with their classes
   * @return the weights
   * @throws IllegalArgumentException if a photo lacks a prediction, or the vote goes by attribute
   */
  public Found fit(Vote vote, List<PredictionTable> tables, PhotoSet truth) {
    checkArgument(
        vote.combination() != Combination.BY_ATTRIBUTE,
        "weights are not fitted to the combination 'by attribute'; give them yourself");
    Ballots ballots = new Ballots(vote, tables, truth);
    double[] single =
        IntStream.range(0, ballots.size())
            .mapToDouble(m -> ballots.scoreWith(ballots.empty(), m, 1))
            .toArray();
    return this == COORDINATE ? coordinate(ballots, single) : greedy(ballots, single);
  }

  private Found greedy(Ballots ballots, double[] single) {
    int rounds = this == GREEDY ? ROUNDS : ballots.size();
    int[] counts = new int[ballots.size()];
    int next = best(single);
    double score = single[next];
    double[] sums = ballots.empty();
    double top = Double.NEGATIVE_INFINITY;
    double[] found = {};
    ImmutableList.Builder<Double> path = ImmutableList.builder();
    for (int round = 1; ; round++) {
      counts[next]++;
      ballots.add(sums, next, 1);
      path.add(score);
      if (score > top) {
        top = score;
        found = shares(counts);
      }
      if (round == rounds) {
        break;
      }
      double[] scores = new double[counts.length];
      for (int m = 0; m < scores.length; m++) {
        boolean used = this == GREEDY_ONCE && counts[m] > 0;
        scores[m] = used ? Double.NEGATIVE_INFINITY : ballots.scoreWith(sums, m, 1);
      }
      next = best(scores);
      score = scores[next];
    }
    return new Found(
        this,
        ImmutableList.copyOf(Doubles.asList(found)),
        top,
        ImmutableList.copyOf(Doubles.asList(single)),
        path.build());
  }

  private Found coordinate(Ballots ballots, double[] single) {
    double[] weights = new double[ballots.size()];
    java.util.Arrays.fill(weights, 1);
    double top = ballots.score(weights);
    if (single[best(single)] > top) {
      java.util.Arrays.fill(weights, 0);
      weights[best(single)] = 1;
      top = single[best(single)];
    }
    ImmutableList.Builder<Double> path = ImmutableList.<Double>builder().add(top);
    for (double step : ImmutableList.of(0.5, 0.25, 0.125, 0.0625, 0.03125)) {
      for (boolean better = true; better; ) {
        better = false;
        for (int move = 0; move < 2 * weights.length; move++) {
          double[] tried = weights.clone();
          tried[move / 2] = Math.max(0, tried[move / 2] + (move % 2 == 0 ? step : -step));
          double score = sum(tried) > 0 ? ballots.score(tried) : 0;
          if (score > top) {
            top = score;
            weights = tried;
            path.add(top);
            better = true;
          }
        }
      }
    }
    double total = sum(weights);
    for (int m = 0; m < weights.length; m++) {
      weights[m] /= total;
    }
    return new Found(
        this,
        ImmutableList.copyOf(Doubles.asList(weights)),
        top,
        ImmutableList.copyOf(Doubles.asList(single)),
        path.build());
  }

  private static int best(double[] scores) {
    int best = 0;
    for (int m = 1; m < scores.length; m++) {
      best = scores[m] > scores[best] ? m : best;
    }
    return best;
  }

  private static double[] shares(int[] counts) {
    int total = IntStream.of(counts).sum();
    return IntStream.of(counts).mapToDouble(n -> n / (double) total).toArray();
  }

  private static double sum(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum;
  }
}
