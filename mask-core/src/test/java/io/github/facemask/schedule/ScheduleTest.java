package io.github.facemask.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void milestonesMultiply() {
    Schedule schedule = Schedule.multiStep(ImmutableList.of(3L, 5L), 0.1);

    assertThat(schedule.rate(1, 2, 10)).isEqualTo(1);
    assertThat(schedule.rate(1, 3, 10)).isCloseTo(0.1, within(1e-15));
    assertThat(schedule.rate(1, 9, 10)).isCloseTo(0.01, within(1e-15));
  }

  @Test
  void warmUpRisesToWhereTheNextBegins() {
    Schedule schedule = Schedule.warmUp(4, Schedule.constant());

    assertThat(schedule.rate(1, 0, 10)).isCloseTo(0.2, within(1e-15));
    assertThat(schedule.rate(1, 3, 10)).isCloseTo(0.8, within(1e-15));
    assertThat(schedule.rate(1, 4, 10)).isEqualTo(1);
  }

  @Property
  void cosineFallsFromTheRateToItsFloor(
      @ForAll @IntRange(min = 2, max = 10_000) int total,
      @ForAll @IntRange(min = 0, max = 9_998) int step) {
    int at = step % (total - 1);
    Schedule schedule = Schedule.cosine(0.1);

    assertThat(schedule.rate(2, 0, total)).isEqualTo(2);
    assertThat(schedule.rate(2, at + 1, total)).isLessThan(schedule.rate(2, at, total));
    assertThat(schedule.rate(2, at, total)).isBetween(0.2, 2.0);
  }

  @Property
  void oneCycleNeverExceedsItsPeak(
      @ForAll @IntRange(min = 10, max = 5_000) int total,
      @ForAll @IntRange(min = 0, max = 4_999) int step) {
    double rate = Schedule.oneCycle(0.3).rate(1, step % total, total);

    assertThat(rate).isBetween(1 / 25.0 / 1e4 - 1e-12, 1.0);
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertThatThrownBy(() -> Schedule.oneCycle(1)).hasMessageContaining("rise is 1.0");
    assertThatThrownBy(() -> Schedule.stepDecay(0, 0.1)).hasMessageContaining("size is 0");
    assertThatThrownBy(() -> Schedule.cosineRestarts(0, 1)).hasMessageContaining("first is 0");
    assertThatThrownBy(() -> Schedule.cosine(2)).hasMessageContaining("floor is 2.0");
  }

  @Test
  void schedulesAndDjlsTrackersPassForEachOther() {
    Schedule cosine = Schedule.cosine();
    ai.djl.training.tracker.Tracker tracker = cosine.asTracker(0.5, 10);
    Schedule back = Schedule.of(tracker);

    for (int step = 0; step < 10; step++) {
      assertThat(back.rate(99, step, 10)).isEqualTo((float) cosine.rate(0.5, step, 10));
    }
    // Beyond the run the last rate stays.
    assertThat(tracker.getNewValue(25)).isEqualTo(tracker.getNewValue(9));
  }

  @Test
  void aWarmUpByShareIsOneOfItsSteps() {
    Schedule share = Schedule.warmUpShare(0.2, Schedule.cosine());
    Schedule steps = Schedule.warmUp(10, Schedule.cosine());
    for (int step = 0; step < 50; step++) {
      assertThat(share.rate(0.1, step, 50)).isEqualTo(steps.rate(0.1, step, 50));
      assertThat(share.momentum(0.9, step, 50)).isEqualTo(steps.momentum(0.9, step, 50));
    }
    assertThat(share.rate(0.1, 0, 3)).isLessThan(0.1);
    assertThatThrownBy(() -> Schedule.warmUpShare(1, Schedule.cosine()))
        .hasMessageContaining("above 0 and below 1");
  }
}
