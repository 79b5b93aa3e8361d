package io.github.facemask.schedule;

import ai.djl.training.tracker.Tracker;
import java.util.Map;

/**
 * The learning rate as a function of the step: no state, so it cannot be stepped twice, and a
 * resumed run needs nothing of it. The loop asks once for each optimizer step.
 */
public sealed interface Schedule
    permits Constant,
        Cosine,
        CosineRestarts,
        MultiStep,
        OneCycle,
        StepDecay,
        TrackerSchedule,
        WarmUp {

  /**
   * Returns the rate of a step.
   *
   * @param base the optimizer's learning rate
   * @param step the step, from 0
   * @param total the number of steps of the run, above the step
   * @return the rate
   */
  double rate(double base, long step, long total);

  /**
   * Returns the momentum of a step: SGD's, or Adam's first beta. Schedules leave it as it is, but
   * for {@link OneCycle}.
   *
   * @param base the optimizer's momentum
   * @param step the step, from 0
   * @param total the number of steps of the run, above the step
   * @return the momentum, in [0, 1)
   */
  default double momentum(double base, long step, long total) {
    return base;
  }

  /**
   * Returns this schedule as a DJL tracker, for use with DJL's own optimizers.
   *
   * @param base the learning rate that it starts from
   * @param total the number of updates of the run, 1 or more; later updates have the last one's
   *     rate
   * @return a tracker that asks this schedule
   */
  default Tracker asTracker(double base, long total) {
    return update -> (float) rate(base, Math.min(update, total - 1), total);
  }

  /** Returns the schedule's name and choices for the run's record; plain JSON values. */
  Map<String, Object> parameters();
}
