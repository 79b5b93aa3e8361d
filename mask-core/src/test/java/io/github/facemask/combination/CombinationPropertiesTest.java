package io.github.facemask.combination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.combination.Vote.MemberGain;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class CombinationPropertiesTest {

  private static List<PredictionTable> members(PhotoSet truth, int count, long seed) {
    List<PredictionTable> tables = new ArrayList<>();
    for (int m = 0; m < count; m++) {
      tables.add(Tables.leaning(truth, 1 + m % 3, seed * 31 + m));
    }
    return tables;
  }

  private static Vote vote(Combination combination, long seed, int count) {
    Random random = new Random(seed);
    List<Voter> voters = new ArrayList<>();
    for (int m = 0; m < count; m++) {
      Optional<Attribute> attribute =
          combination == Combination.BY_ATTRIBUTE
              ? Optional.of(Attribute.values()[m % 3])
              : Optional.empty();
      voters.add(new Voter(0.1 + random.nextDouble(), 0.5 + random.nextDouble(), attribute));
    }
    return Vote.of(combination, voters);
  }

  @Property(tries = 60)
  void theOrderOfMembersChangesNothing(
      @ForAll Combination combination,
      @ForAll @IntRange(min = 3, max = 6) int count,
      @ForAll long seed) {
    PhotoSet truth = Tables.randomTruth(12, seed);
    List<PredictionTable> tables = members(truth, count, seed);
    Vote vote = vote(combination, seed, count);
    List<Integer> order = new ArrayList<>();
    for (int m = 0; m < count; m++) {
      order.add(m);
    }
    Collections.shuffle(order, new Random(seed));

    PredictionTable straight = vote.table(tables, PredictionOrigin.unknown());
    PredictionTable shuffled =
        Vote.of(combination, order.stream().map(vote.voters()::get).toList())
            .table(order.stream().map(tables::get).toList(), PredictionOrigin.unknown());

    for (int i = 0; i < truth.size(); i++) {
      for (int c = 0; c < FaceClass.COUNT; c++) {
        assertThat(shuffled.probability(i, c)).isCloseTo(straight.probability(i, c), within(2e-7f));
      }
    }
  }

  @Property(tries = 40)
  void rowsSumToOneAndSharesToo(@ForAll Combination combination, @ForAll long seed) {
    PhotoSet truth = Tables.randomTruth(6, seed);
    Vote vote = vote(combination, seed, 4);
    PredictionTable table = vote.table(members(truth, 4, seed), PredictionOrigin.unknown());

    for (int i = 0; i < truth.size(); i++) {
      double sum = 0;
      for (int c = 0; c < FaceClass.COUNT; c++) {
        sum += table.probability(i, c);
      }
      assertThat(sum).isCloseTo(1, within(1e-6));
    }
    double shares = vote.shares().stream().mapToDouble(Double::doubleValue).sum();
    assertThat(shares).isCloseTo(combination == Combination.BY_ATTRIBUTE ? 3 : 1, within(1e-12));
  }

  @Property(tries = 30)
  void fittedWeightsSumToOneAndAreNeverWorseThanTheBestMember(
      @ForAll WeightSearch search,
      @ForAll @IntRange(min = 1, max = 5) int count,
      @ForAll long seed) {
    PhotoSet truth = Tables.randomTruth(60, seed);
    List<PredictionTable> tables = members(truth, count, seed);
    Vote equal =
        Vote.of(Combination.GEOMETRIC_MEAN, tables.stream().map(t -> Voter.of(1)).toList());

    WeightSearch.Found found = search.fit(equal, tables, truth);

    assertThat(found.weights().stream().mapToDouble(Double::doubleValue).sum())
        .isCloseTo(1, within(1e-12));
    assertThat(found.weights().stream()).allMatch(w -> w >= 0);
    double best = found.single().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    assertThat(found.macroF1()).isGreaterThanOrEqualTo(best);
    assertThat(search.fit(equal, tables, truth)).isEqualTo(found);
    // The score is that of the table with these weights, as an evaluation sees it.
    List<PredictionTable> chosen = new ArrayList<>();
    List<Voter> voters = new ArrayList<>();
    for (int m = 0; m < count; m++) {
      if (found.weights().get(m) > 0) {
        chosen.add(tables.get(m));
        voters.add(Voter.of(found.weights().get(m)));
      }
    }
    PredictionTable table =
        Vote.of(Combination.GEOMETRIC_MEAN, voters).table(chosen, PredictionOrigin.unknown());
    assertThat(Evaluation.builder(table, truth).optResamples(1).build().macroF1())
        .isCloseTo(found.macroF1(), within(1e-9));
  }

  @Property(tries = 30)
  void temperatureOneAndASingleMemberChangeNothing(@ForAll long seed) {
    PhotoSet truth = Tables.randomTruth(5, seed);
    PredictionTable alone = Tables.leaning(truth, 2, seed);
    Vote vote = Vote.of(Combination.SOFT_VOTE, List.of(Voter.of(3).withTemperature(1)));

    PredictionTable same = vote.table(List.of(alone), PredictionOrigin.unknown());

    for (int i = 0; i < truth.size(); i++) {
      for (int c = 0; c < FaceClass.COUNT; c++) {
        assertThat(same.probability(i, c)).isCloseTo(alone.probability(i, c), within(1e-7f));
      }
    }
  }

  @Property(tries = 30)
  void noTemperatureMovesTheMostProbableClass(@ForAll long seed) {
    PhotoSet truth = Tables.randomTruth(20, seed);
    PredictionTable alone = Tables.leaning(truth, 1, seed);
    double temperature = 0.2 + 4 * new Random(seed).nextDouble();
    Vote vote = Vote.of(Combination.SOFT_VOTE, List.of(Voter.of(1).withTemperature(temperature)));

    PredictionTable changed = vote.table(List.of(alone), PredictionOrigin.unknown());

    for (int i = 0; i < truth.size(); i++) {
      assertThat(changed.argmax(i)).isEqualTo(alone.argmax(i));
    }
  }

  private static float[] row(int first, double p, int second, double q) {
    float[] row = new float[FaceClass.COUNT];
    row[first] = (float) p;
    row[second] = (float) q;
    return row;
  }

  @Example
  void aTiedHardVoteGoesToTheHigherMeanProbabilityThenToTheLowerNumber() {
    Vote two = Vote.of(Combination.HARD_VOTE, List.of(Voter.of(1), Voter.of(1)));

    PredictionTable sure =
        two.table(
            List.of(Tables.of(row(2, 0.55, 9, 0.45)), Tables.of(row(9, 0.9, 2, 0.1))),
            PredictionOrigin.unknown());
    PredictionTable even =
        two.table(
            List.of(Tables.of(row(9, 0.75, 2, 0.25)), Tables.of(row(2, 0.75, 9, 0.25))),
            PredictionOrigin.unknown());

    assertThat(sure.argmax(0)).isEqualTo(9);
    assertThat(even.argmax(0)).isEqualTo(2);
    assertThat(even.probability(0, 2)).isCloseTo(0.5f, within(1e-3f));
  }

  @Example
  void aMembersGainIsTheScoreWithItLessTheScoreWithout() {
    PhotoSet truth = Tables.randomTruth(90, 4);
    List<PredictionTable> tables =
        List.of(Tables.leaning(truth, 4, 1), Tables.leaning(truth, 0, 2));
    Vote vote = Vote.of(Combination.SOFT_VOTE, List.of(Voter.of(1), Voter.of(1)));

    List<MemberGain> gains = MemberGain.of(vote, tables, truth);

    double all = Evaluation.of(vote.table(tables, PredictionOrigin.unknown()), truth).macroF1();
    double good = Evaluation.of(tables.get(0), truth).macroF1();
    assertThat(gains.get(1).gain().difference()).isCloseTo(all - good, within(1e-12));
    assertThat(gains.get(0).gain().interval().low()).isPositive();
    assertThat(gains.get(1).gain().interval().low())
        .isLessThanOrEqualTo(gains.get(1).gain().difference());
    assertThat(gains.get(1).gain().interval().high())
        .isGreaterThanOrEqualTo(gains.get(1).gain().difference());
  }

  @Example
  void whatCannotVoteIsRefused() {
    assertThatThrownBy(() -> Vote.of(Combination.SOFT_VOTE, List.of()))
        .hasMessageContaining("no members");
    assertThatThrownBy(() -> Voter.of(0)).hasMessageContaining("weight is 0.0");
    assertThatThrownBy(() -> Voter.of(1).withTemperature(-1)).hasMessageContaining("temperature");
    Voter masks = new Voter(1, 1, Optional.of(Attribute.MASK));
    assertThatThrownBy(() -> Vote.of(Combination.BY_ATTRIBUTE, List.of(masks)))
        .hasMessageContaining("no member answers for gender");
    assertThatThrownBy(() -> Vote.of(Combination.SOFT_VOTE, List.of(masks)))
        .hasMessageContaining("'by attribute' only");
    assertThatThrownBy(() -> Combination.named("mean")).hasMessageContaining("rank mean");
  }
}
