package io.github.facemask.loss;

import ai.djl.training.loss.Loss;
import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * The loss that training minimises: a {@link SoftTargetLoss}, compiled into the training program,
 * or a {@link DjlLoss}.
 */
public sealed interface TrainingLoss permits SoftTargetLoss, TrainingLoss.DjlLoss {

  /** Returns the loss's name and parameters for the run's record; plain JSON values. */
  Map<String, Object> parameters();

  /**
   * A DJL loss, computed outside the training program on its logits. Only the gradient of the
   * logits (B, C) is passed back, so the cost is small. Only one run at a time can use such a loss,
   * because DJL collects gradients globally.
   *
   * @param loss takes the targets (B, C) float32 as the only label and the logits (B, C) float32 as
   *     the only prediction; returns a scalar
   */
  record DjlLoss(Loss loss) implements TrainingLoss {

    @Override
    public Map<String, Object> parameters() {
      return ImmutableMap.of("name", loss.getName(), "class", loss.getClass().getName());
    }
  }
}
