package io.github.facemask.loss;

import ai.djl.training.loss.Loss;
import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * What training minimises: a {@link SoftTargetLoss}, compiled into the training program, or a
 * {@link DjlLoss} of the user's own.
 */
public sealed interface TrainingLoss permits SoftTargetLoss, TrainingLoss.DjlLoss {

  /** Returns the loss's name and choices for the run's record; plain JSON values. */
  Map<String, Object> parameters();

  /**
   * A loss of DJL's or of the user's own, computed outside of the program on its logits. Only the
   * gradient of the logits (B, C) passes back in, so it costs little beside the network. One run at
   * a time can use such a loss, for DJL collects gradients in one place.
   *
   * @param loss given the targets (B, C) float32 as the only label and the logits (B, C) float32 as
   *     the only prediction; returns a scalar
   */
  record DjlLoss(Loss loss) implements TrainingLoss {

    @Override
    public Map<String, Object> parameters() {
      return ImmutableMap.of("name", loss.getName(), "class", loss.getClass().getName());
    }
  }
}
