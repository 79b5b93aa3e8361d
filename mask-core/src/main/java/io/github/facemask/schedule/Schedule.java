package io.github.facemask.schedule;

import ai.djl.training.tracker.Tracker;
import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Map;

/**
 * The learning rate as a function of the optimizer step. A schedule is stateless, so a resumed run
 * has nothing to restore.
 */
public sealed interface Schedule
    permits Constant,
        Cosine,
        CosineRestarts,
        MultiStep,
        OneCycle,
        StepDecay,
        TrackerSchedule,
        WarmUp,
        WarmUpShare {

  /** Returns the schedule with a constant rate. */
  static Schedule constant() {
    return new Constant();
  }

  /** Returns half a cosine from the base rate to zero (Loshchilov and Hutter, 2017). */
  static Schedule cosine() {
    return Cosine.toZero();
  }

  /**
   * Returns half a cosine from the base rate to a fraction of it.
   *
   * @param floor the final rate over the base rate, 0 to 1
   */
  static Schedule cosine(double floor) {
    return new Cosine(floor);
  }

  /**
   * Returns cosines to zero that start again, as PyTorch's CosineAnnealingWarmRestarts.
   *
   * @param first the steps to the first restart, 1 or more
   * @param factor the length of each later cosine over that of the one before, 1 or more
   */
  static Schedule cosineRestarts(long first, int factor) {
    return new CosineRestarts(first, factor);
  }

  /**
   * Returns a rate that is multiplied at given steps, as PyTorch's MultiStepLR.
   *
   * @param milestones the steps, rising
   * @param gamma the factor
   */
  static Schedule multiStep(List<Long> milestones, double gamma) {
    return new MultiStep(ImmutableList.copyOf(milestones), gamma);
  }

  /**
   * Returns a rise to the base rate and a fall to almost zero, with the momentum moving in the
   * opposite direction, as PyTorch's OneCycleLR (Smith and Topin, 2018).
   *
   * @param rise the share of the steps that rise, 0 to 1
   */
  static Schedule oneCycle(double rise) {
    return new OneCycle(rise);
  }

  /**
   * Returns a rate that is multiplied after every fixed number of steps, as PyTorch's StepLR.
   *
   * @param size the steps between reductions, 1 or more
   * @param gamma the factor
   */
  static Schedule stepDecay(long size, double gamma) {
    return new StepDecay(size, gamma);
  }

  /**
   * Returns a linear warm-up before another schedule.
   *
   * @param steps the steps of the warm-up
   * @param then the schedule after it
   */
  static Schedule warmUp(long steps, Schedule then) {
    return new WarmUp(steps, then);
  }

  /**
   * Returns a linear warm-up for a share of the run before another schedule. Two of ten epochs are
   * a share of 0.2.
   *
   * @param share the share of the run, above 0 and below 1
   * @param then the schedule after it
   */
  static Schedule warmUpShare(double share, Schedule then) {
    return new WarmUpShare(share, then);
  }

  /**
   * Returns a DJL tracker as a schedule.
   *
   * @param tracker a function of the step alone; the optimizer's rate is then not used
   */
  static Schedule of(Tracker tracker) {
    return new TrackerSchedule(tracker);
  }

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
   * Returns the momentum of a step: SGD's, or Adam's first beta. Only {@link #oneCycle} changes it.
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
   * @return a tracker with the rates of this schedule
   */
  default Tracker asTracker(double base, long total) {
    return update -> (float) rate(base, Math.min(update, total - 1), total);
  }

  /** Returns the schedule's name and parameters for the run's record; plain JSON values. */
  Map<String, Object> parameters();
}
