package io.github.facemask.mixing;

import java.util.List;
import java.util.Map;

/** Mixes the photos of a batch. Immutable and thread-safe. */
public interface Mixing {

  /**
   * Returns the mixing that draws one of several for each batch, with equal probability.
   *
   * @param mixings at least one
   */
  static Mixing oneOf(List<? extends Mixing> mixings) {
    return OneOf.of(mixings);
  }

  /**
   * Draws how one batch is mixed.
   *
   * @param seed the run's seed
   * @param epoch the epoch, from 0
   * @param batchIndex the number of the batch in its epoch, from 0; the same three numbers and the
   *     same targets give the same plan
   * @param height the photos' height in pixels
   * @param width the photos' width in pixels
   * @param targets (B, C) one distribution over the classes for each photo; not changed
   * @return the plan
   */
  MixingPlan draw(long seed, int epoch, int batchIndex, int height, int width, float[][] targets);

  /** Returns the mixing's name and parameters for a run's record; plain JSON values. */
  Map<String, Object> parameters();
}
