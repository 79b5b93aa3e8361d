package io.github.facemask.loss;

import java.util.Map;

/**
 * What training minimises: a {@link SoftTargetLoss}, compiled into the training program, or a
 * {@link DjlLoss} of the user's own.
 */
public sealed interface TrainingLoss permits SoftTargetLoss, DjlLoss {

  /** Returns the loss's name and choices for the run's record; plain JSON values. */
  Map<String, Object> parameters();
}
