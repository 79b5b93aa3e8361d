package io.github.facemask.evaluation;

import io.github.facemask.label.FaceClass;
import io.github.facemask.random.RandomStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Draws the people anew, with replacement, again and again: photos of one person are alike, so
 * drawing photos would make an interval that is too narrow. A class that a draw lacks is left out
 * of its mean, else rare classes would pull every draw down.
 */
final class PersonBootstrap {

  /** Where each person's photos begin in {@link #pairs}, and where the last one's end. */
  private final int[] starts;

  /** The true class times 18 plus the predicted one of each photo, person after person. */
  private final short[] pairs;

  private final double scale;

  /** Takes each photo's person, true and predicted class. */
  PersonBootstrap(List<String> persons, int[] truth, int[] predicted) {
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
  }

  /** Draws in parallel; each draw has a stream of its own, so the result is the same. */
  Interval macroF1(int resamples, long seed) {
    double[] scores =
        IntStream.range(0, resamples)
            .parallel()
            .mapToDouble(i -> resample(RandomStream.of(seed, "bootstrap", i)))
            .sorted()
            .toArray();
    return new Interval(quantile(scores, 0.025), quantile(scores, 0.975), resamples, seed);
  }

  private double resample(RandomStream random) {
    int[] counts = new int[FaceClass.COUNT * FaceClass.COUNT];
    int people = starts.length - 1;
    for (int i = 0; i < people; i++) {
      int person = random.nextInt(people);
      for (int photo = starts[person]; photo < starts[person + 1]; photo++) {
        counts[pairs[photo]]++;
      }
    }
    double sum = 0;
    int present = 0;
    for (int id = 0; id < FaceClass.COUNT; id++) {
      long either = 0;
      for (int other = 0; other < FaceClass.COUNT; other++) {
        either += counts[id * FaceClass.COUNT + other] + counts[other * FaceClass.COUNT + id];
      }
      if (either > 0) {
        sum += 2.0 * counts[id * FaceClass.COUNT + id] / either;
        present++;
      }
    }
    return scale * sum / present;
  }

  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int low = (int) at;
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
  }
}
