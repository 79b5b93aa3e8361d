package io.github.facemask.evaluation;

import com.google.common.collect.ImmutableList;
import io.github.facemask.label.FaceClass;
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
 * interval that is too narrow. A class that a resample lacks is left out of its mean, otherwise
 * rare classes would lower every resample.
 */
final class PersonBootstrap {

  /** Where each person's photos begin in {@link #pairs}, and where the last one's end. */
  private final int[] starts;

  /** The true class times 18 plus the predicted one of each photo, person after person. */
  private final short[] pairs;

  private final double scale;
  private final long seed;

  /** The confusion of each draw, row after row. */
  private final int[][] draws;

  /**
   * Takes each photo's person, true and predicted class, and resamples in parallel. Each resample
   * has its own random stream, so the result does not depend on the threads.
   */
  PersonBootstrap(List<String> persons, int[] truth, int[] predicted, int resamples, long seed) {
    Map<String, Integer> numbers = new HashMap<>();
    int[] personOf = new int[truth.length];
    int[] counts = new int[truth.length + 1];
    boolean[] present = new boolean[FaceClass.COUNT];
    for (int i = 0; i < truth.length; i++) {
      Integer before = numbers.putIfAbsent(persons.get(i), numbers.size());
      personOf[i] = before == null ? numbers.size() - 1 : before;
      counts[personOf[i]]++;
      present[truth[i]] = true;
      present[predicted[i]] = true;
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
    int classes = 0;
    for (boolean p : present) {
      classes += p ? 1 : 0;
    }
    scale = classes / (double) FaceClass.COUNT;
    this.seed = seed;
    draws =
        IntStream.range(0, resamples)
            .parallel()
            .mapToObj(i -> resample(RandomStream.of(seed, "bootstrap", i)))
            .toArray(int[][]::new);
  }

  /** The interval of the macro F1. */
  Interval macroF1() {
    return interval(scores(this::macroF1));
  }

  /** The interval of each class's F1; a draw without the class is left out. */
  ImmutableList<Interval> classes() {
    ImmutableList.Builder<Interval> intervals = ImmutableList.builder();
    for (FaceClass c : FaceClass.values()) {
      intervals.add(interval(scores(counts -> f1(counts, FaceClass.COUNT, c.id()))));
    }
    return intervals.build();
  }

  /** The interval of an attribute's macro F1. */
  Interval attribute(Attribute attribute) {
    int values = attribute.valueNames().size();
    return interval(
        scores(
            counts -> {
              int[] merged = new int[values * values];
              for (int pair = 0; pair < counts.length; pair++) {
                int truth = attribute.of(FaceClass.ofId(pair / FaceClass.COUNT));
                int guess = attribute.of(FaceClass.ofId(pair % FaceClass.COUNT));
                merged[truth * values + guess] += counts[pair];
              }
              return IntStream.range(0, values)
                  .mapToDouble(v -> f1(merged, values, v))
                  .filter(Double::isFinite)
                  .average()
                  .orElse(0);
            }));
  }

  /** The macro F1 of each draw, in the order of the draws. */
  double[] macroF1Draws() {
    return scores(this::macroF1);
  }

  private double[] scores(ToDoubleFunction<int[]> score) {
    return Stream.of(draws).mapToDouble(score).toArray();
  }

  private Interval interval(double[] scores) {
    return interval(scores, seed);
  }

  static Interval interval(double[] scores, long seed) {
    double[] sorted = DoubleStream.of(scores).filter(Double::isFinite).sorted().toArray();
    return sorted.length == 0
        ? new Interval(0, 0, scores.length, seed)
        : new Interval(quantile(sorted, 0.025), quantile(sorted, 0.975), scores.length, seed);
  }

  private int[] resample(RandomStream random) {
    int[] counts = new int[FaceClass.COUNT * FaceClass.COUNT];
    int people = starts.length - 1;
    for (int i = 0; i < people; i++) {
      int person = random.nextInt(people);
      for (int photo = starts[person]; photo < starts[person + 1]; photo++) {
        counts[pairs[photo]]++;
      }
    }
    return counts;
  }

  private double macroF1(int[] counts) {
    double sum = 0;
    int present = 0;
    for (int id = 0; id < FaceClass.COUNT; id++) {
      double f1 = f1(counts, FaceClass.COUNT, id);
      if (Double.isFinite(f1)) {
        sum += f1;
        present++;
      }
    }
    return scale * sum / present;
  }

  /** The F1 of a class, not a number if it occurs neither in the truth nor in the prediction. */
  private static double f1(int[] counts, int classes, int id) {
    long either = 0;
    for (int other = 0; other < classes; other++) {
      either += counts[id * classes + other] + counts[other * classes + id];
    }
    return either == 0 ? Double.NaN : 2.0 * counts[id * classes + id] / either;
  }

  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int low = (int) at;
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
  }
}
