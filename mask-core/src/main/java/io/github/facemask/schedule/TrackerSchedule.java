package io.github.facemask.schedule;

import ai.djl.training.tracker.Tracker;
import com.google.common.collect.ImmutableMap;
import java.util.Map;

/**
 * The learning rate that a DJL tracker returns for the number of completed steps; the optimizer's
 * own rate is not used.
 *
 * @param tracker a function of the step alone, so that a resumed run sees the same rates
 */
record TrackerSchedule(Tracker tracker) implements Schedule {

  @Override
  public double rate(double base, long step, long total) {
    return tracker.getNewValue(Math.toIntExact(step));
  }

  @Override
  public Map<String, Object> parameters() {
    return ImmutableMap.of(
        "name", "tracker", "class", tracker.getClass().getName(), "first", tracker.getNewValue(0));
  }
}
