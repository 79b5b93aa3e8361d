package io.github.facemask.mixing;

import java.nio.ByteBuffer;

/** How one batch is mixed, with everything drawn: an immutable value. */
public sealed interface MixingPlan permits PastePlan, BlendPlan, MixingPlan.Nothing {

  /**
   * Mixes a batch in place.
   *
   * @param pixels uint8 (B, H, W, 3) from index 0; position and limit are not used
   * @param height H
   * @param width W
   * @param targets (B, C), mixed by the same shares as the pixels
   */
  void applyTo(ByteBuffer pixels, int height, int width, float[][] targets);

  /** Leaves a batch as it is. */
  record Nothing() implements MixingPlan {
    @Override
    public void applyTo(ByteBuffer pixels, int height, int width, float[][] targets) {}
  }
}
