package io.github.facemask.evaluation;

import io.github.facemask.label.FaceClass;
import io.github.facemask.random.RandomStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws the people anew, with replacement, again and again: photos of one person are alike, so
 * drawing photos would make an interval that is too narrow. A class that a draw lacks is left out
 * of its mean, else rare classes would pull every draw down.
 */
final class PersonBootstrap {

  private final List<int[]> people;
  private final double scale;

  /** Takes each photo's person, true and predicted class. */
  PersonBootstrap(List<String> persons, int[] truth, int[] predicted) {
    Map<String, int[]> pairs = new LinkedHashMap<>();
    Map<String, Integer> filled = new LinkedHashMap<>();
    persons.forEach(person -> filled.merge(person, 1, Integer::sum));
    filled.forEach((person, count) -> pairs.put(person, new int[count]));
    filled.replaceAll((person, count) -> 0);
    boolean[] present = new boolean[FaceClass.COUNT];
    for (int i = 0; i < truth.length; i++) {
      int next = filled.merge(persons.get(i), 1, Integer::sum) - 1;
      pairs.get(persons.get(i))[next] = truth[i] * FaceClass.COUNT + predicted[i];
      present[truth[i]] = true;
      present[predicted[i]] = true;
    }
    this.people = List.copyOf(pairs.values());
    int classes = 0;
    for (boolean p : present) {
      classes += p ? 1 : 0;
    }
    this.scale = classes / (double) FaceClass.COUNT;
  }

  Interval macroF1(int resamples, long seed) {
    double[] scores = new double[resamples];
    for (int i = 0; i < resamples; i++) {
      scores[i] = resample(RandomStream.of(seed, "bootstrap", i));
    }
    Arrays.sort(scores);
    return new Interval(quantile(scores, 0.025), quantile(scores, 0.975), resamples, seed);
  }

  private double resample(RandomStream random) {
    long[] right = new long[FaceClass.COUNT];
    long[] either = new long[FaceClass.COUNT];
    for (int i = 0; i < people.size(); i++) {
      for (int pair : people.get(random.nextInt(people.size()))) {
        int truth = pair / FaceClass.COUNT;
        int predicted = pair % FaceClass.COUNT;
        either[truth]++;
        either[predicted]++;
        right[truth] += truth == predicted ? 1 : 0;
      }
    }
    double sum = 0;
    int present = 0;
    for (int id = 0; id < FaceClass.COUNT; id++) {
      if (either[id] > 0) {
        sum += 2.0 * right[id] / either[id];
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
