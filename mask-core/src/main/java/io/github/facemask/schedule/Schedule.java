package io.github.facemask.schedule;

import java.util.Map;

/**
 * The learning rate as a function of the step: no state, so it cannot be stepped twice, and a
 * resumed run needs nothing of it. The loop asks once for each optimizer step.
 */
public sealed interface Schedule
    permits Constant, Cosine, CosineRestarts, MultiStep, OneCycle, StepDecay, WarmUp {

  /**
   * Returns the rate of a step.
   *
   * @param base the optimizer's learning rate
   * @param step the step, from 0
   * @param total the number of steps of the run, above the step
   * @return the rate
   */
  double rate(double base, long step, long total);

  /** Returns the schedule's name and choices for the run's record; plain JSON values. */
  Map<String, Object> parameters();
}
