package io.github.facemask.evaluation;

import com.google.common.collect.ImmutableList;
import io.github.facemask.evaluation.Evaluation.Interval;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.random.RandomStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A bootstrap over people: photos of one person are similar, so resampling photos would give an
 * interval that is too narrow. A class that a resample lacks is left out of its mean.
 */
final class PersonBootstrap {

  /** Where each person's photos begin in {@link #pairs}, and where the last one's end. */
  private final int[] starts;

  /** The label times 18 plus the predicted class of each photo, person after person. */
  private final short[] pairs;

  private final long seed;

  /** The cells of a {@link LabelMatrix} of each draw. */
  private final long[][] draws;

  /**
   * Takes each photo's person, label and predicted class, and resamples in parallel. Each resample
   * has its own random stream, so the result does not depend on the threads.
   */
  PersonBootstrap(List<String> persons, int[] truth, int[] predicted, int resamples, long seed) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] personOf = new int[truth.length];
    int[] counts = new int[truth.length + 1];
    for (int i = 0; i < truth.length; i++) {
      Integer before = numbers.putIfAbsent(persons.get(i), numbers.size());
      personOf[i] = before == null ? numbers.size() - 1 : before;
      counts[personOf[i]]++;
    }
    starts = new int[numbers.size() + 1];
    for (int person = 0; person < numbers.size(); person++) {
      starts[person + 1] = starts[person] + counts[person];
    }
    int[] next = starts.clone();
    pairs = new short[truth.length];
    for (int i = 0; i < truth.length; i++) {
      pairs[next[personOf[i]]++] = (short) (truth[i] * FaceClass.COUNT + predicted[i]);
    }
    this.seed = seed;
    draws =
        IntStream.range(0, resamples)
            .parallel()
            .mapToObj(i -> resample(RandomStream.of(seed, "bootstrap", i)))
            .toArray(long[][]::new);
  }

  /** The interval of the macro F1, which holds the given score of all photos. */
  Interval macroF1(double score) {
    return interval(scores(LabelMatrix::macroF1), seed).holding(score);
  }

  /** The interval of each class's F1; a draw without the class is left out. */
  ImmutableList<Interval> classes(List<Double> f1) {
    long[][] squares = Stream.of(draws).map(LabelMatrix::classCells).toArray(long[][]::new);
    ImmutableList.Builder<Interval> intervals = ImmutableList.builder();
    for (FaceClass c : FaceClass.values()) {
      double[] scores =
          Stream.of(squares)
              .mapToDouble(square -> LabelMatrix.f1(square, FaceClass.COUNT, c.id()))
              .toArray();
      intervals.add(interval(scores, seed).holding(f1.get(c.id())));
    }
    return intervals.build();
  }

  /** The interval of an attribute's macro F1, which holds the given score of all photos. */
  Interval attribute(Attribute attribute, double score) {
    int values = attribute.valueNames().size();
    return interval(
            scores(
                cells -> LabelMatrix.meanF1(LabelMatrix.attributeCells(cells, attribute), values)),
            seed)
        .holding(score);
  }

  /** The macro F1 of each draw, in the order of the draws. */
  double[] macroF1Draws() {
    return scores(LabelMatrix::macroF1);
  }

  private double[] scores(ToDoubleFunction<long[]> score) {
    return Stream.of(draws).mapToDouble(score).toArray();
  }

  static Interval interval(double[] scores, long seed) {
    double[] sorted = DoubleStream.of(scores).filter(Double::isFinite).sorted().toArray();
    return sorted.length == 0
        ? new Interval(0, 0, scores.length, seed)
        : new Interval(quantile(sorted, 0.025), quantile(sorted, 0.975), scores.length, seed);
  }

  private long[] resample(RandomStream random) {
    long[] counts = new long[FaceLabel.COUNT * FaceClass.COUNT];
    int people = starts.length - 1;
    for (int i = 0; i < people; i++) {
      int person = random.nextInt(people);
      for (int photo = starts[person]; photo < starts[person + 1]; photo++) {
        counts[pairs[photo]]++;
      }
    }
    return counts;
  }

  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int low = (int) at;
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
  }
}
