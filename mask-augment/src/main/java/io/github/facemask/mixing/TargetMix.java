package io.github.facemask.mixing;

import java.util.List;

/** Mixes targets by the share that each photo keeps. */
final class TargetMix {

  private TargetMix() {}

  static void apply(float[][] targets, List<Integer> donors, double kept) {
    float[][] original = new float[targets.length][];
    for (int i = 0; i < targets.length; i++) {
      original[i] = targets[i].clone();
    }
    for (int i = 0; i < targets.length; i++) {
      float[] donor = original[donors.get(i)];
      for (int c = 0; c < donor.length; c++) {
        targets[i][c] = (float) (kept * original[i][c] + (1 - kept) * donor[c]);
      }
    }
  }
}
