package io.github.facemask.lab.synthetic;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Gender;
import io.github.facemask.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A person to sample: gender and age, in the competition's proportions.
 *
 * @param gender the gender
 * @param years the age in years
 */
record Population(Gender gender, int years) {

  /** The competition's people: male, then female, by age group. */
  private static final int[] REAL = {549, 410, 83, 732, 817, 109};

  /**
   * Samples people in random order. The combinations of gender and age group get the competition's
   * shares by the largest remainder method. Each then gets at least {@code atLeast} people, taken
   * from the largest combinations. If there are too few people for that, their number is raised to
   * six times {@code atLeast}.
   */
  static List<Population> draw(RandomStream random, int people, int atLeast) {
    int[] counts = counts(Math.max(people, 6 * atLeast), atLeast);
    int total = 0;
    for (int count : counts) {
      total += count;
    }
    int[] cells = new int[total];
    int next = 0;
    for (int cell = 0; cell < counts.length; cell++) {
      for (int i = 0; i < counts[cell]; i++) {
        cells[next++] = cell;
      }
    }
    random.shuffle(cells);
    List<Population> drawn = new ArrayList<>(total);
    for (int cell : cells) {
      AgeGroup group = AgeGroup.values()[cell % 3];
      drawn.add(new Population(Gender.values()[cell / 3], years(random, group)));
    }
    return List.copyOf(drawn);
  }

  /** Samples an age of a group; 60 means 60 and over, as in the competition. */
  static int years(RandomGenerator random, AgeGroup group) {
    return switch (group) {
      case UNDER_30 -> 18 + (int) (12 * Math.pow(random.nextDouble(), 1.5));
      case FROM_30_TO_59 -> (int) Math.round(Tint.clamp(46 + 7.5 * random.nextGaussian(), 30, 59));
      case FROM_60 -> 60;
    };
  }

  private static int[] counts(int people, int atLeast) {
    int real = 0;
    for (int count : REAL) {
      real += count;
    }
    int[] counts = new int[REAL.length];
    int given = 0;
    for (int i = 0; i < REAL.length; i++) {
      counts[i] = (int) ((long) people * REAL[i] / real);
      given += counts[i];
    }
    boolean[] raised = new boolean[REAL.length];
    while (given < people) {
      int best = -1;
      for (int i = 0; i < REAL.length; i++) {
        if (!raised[i]
            && (best < 0 || remainder(people, i, real) > remainder(people, best, real))) {
          best = i;
        }
      }
      raised[best] = true;
      counts[best]++;
      given++;
    }
    for (int i = 0; i < counts.length; i++) {
      while (counts[i] < atLeast) {
        counts[largest(counts)]--;
        counts[i]++;
      }
    }
    return counts;
  }

  private static long remainder(int people, int cell, int real) {
    return (long) people * REAL[cell] % real;
  }

  private static int largest(int[] counts) {
    int best = 0;
    for (int i = 1; i < counts.length; i++) {
      if (counts[i] > counts[best]) {
        best = i;
      }
    }
    return best;
  }
}
