package io.github.facemask.mixing;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.random.RandomStream;
import java.util.List;
import java.util.random.RandomGenerator;

/** Random draws that the mixings share. */
final class MixingDraws {

  private MixingDraws() {}

  static double checkedProbability(double probability) {
    check(probability >= 0 && probability <= 1, "probability", probability, "0 to 1");
    return probability;
  }

  /** Gives each photo its predecessor in the batch, as torchvision's roll by one does. */
  static List<Integer> predecessors(int count) {
    ImmutableList.Builder<Integer> donors = ImmutableList.builder();
    for (int i = 0; i < count; i++) {
      donors.add((i + count - 1) % count);
    }
    return donors.build();
  }

  /**
   * Gives each photo a random donor whose most probable class is one of some classes; if the batch
   * has none, each photo is its own donor.
   */
  static List<Integer> donorsOf(
      ImmutableSet<Integer> classes, float[][] targets, RandomGenerator random) {
    int[] candidates = new int[targets.length];
    int found = 0;
    for (int i = 0; i < targets.length; i++) {
      if (classes.contains(likeliest(targets[i]))) {
        candidates[found++] = i;
      }
    }
    ImmutableList.Builder<Integer> donors = ImmutableList.builder();
    for (int i = 0; i < targets.length; i++) {
      donors.add(found == 0 ? i : candidates[random.nextInt(found)]);
    }
    return donors.build();
  }

  private static int likeliest(float[] target) {
    int best = 0;
    for (int c = 1; c < target.length; c++) {
      best = target[c] > target[best] ? c : best;
    }
    return best;
  }

  /** Draws from Beta(alpha, alpha). */
  static double beta(RandomGenerator random, double alpha) {
    if (alpha == 1) {
      return random.nextDouble();
    }
    double a = RandomStream.logGamma(random, alpha);
    double b = RandomStream.logGamma(random, alpha);
    return 1 / (1 + Math.exp(b - a));
  }
}
