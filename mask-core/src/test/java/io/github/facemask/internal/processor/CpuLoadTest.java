package io.github.facemask.internal.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableSortedSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CpuLoadTest {

  /** Fields of /proc/self/stat after the name: utime is the 12th, stime the 13th, nice the 17th. */
  private static final String SELF = "42 (a (b) c) R 1 1 1 0 -1 0 0 0 0 0 %d %d 0 0 20 %d 1 0\n";

  private static CpuLoad at(double clock, String stat, int user, int system, int nice) {
    return CpuLoad.of(
            stat, SELF.formatted(user, system, nice), Set.of(0, 1), OptionalDouble.empty(), clock)
        .orElseThrow();
  }

  private static Machine machine(OptionalDouble quota) {
    return new Machine(
        ImmutableSortedSet.of(0, 1, 2),
        ImmutableSortedSet.of(0, 1),
        new ControlGroups(quota, OptionalLong.empty(), Optional.empty()),
        OptionalDouble.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  // user nice system idle iowait irq softirq steal guest guest_nice
  private static final String BEFORE =
      """
      cpu  9 9 9 9 9 9 9 9 9 9
      cpu0 100 50 10 1000 5 0 1 2 0 0
      cpu1 200 0 10 1000 5 0 1 2 0 0
      cpu2 0 0 0 0 0 0 0 0 0 0
      intr 5
      """;

  private static final String AFTER =
      """
      cpu  9 9 9 9 9 9 9 9 9 9
      cpu0 250 90 20 1010 5 0 1 2 0 0
      cpu1 360 0 20 1010 5 0 1 32 0 0
      cpu2 5000 0 0 0 0 0 0 0 0 0
      intr 6
      """;

  @Test
  void whatOthersUseIsAllWithoutOnesOwn() {
    CpuLoad before = at(10, BEFORE, 70, 5, 0);
    CpuLoad after = at(12, AFTER, 270, 15, 0);

    // 3.6 seconds in 2 on cores 0 and 1, with 0.3 stolen; 2.1 of them were its own.
    assertThat(after.othersSince(before)).isCloseTo(0.75, within(1e-9));
    assertThat(after.leftSince(before, machine(OptionalDouble.empty())))
        .isCloseTo(1.25, within(1e-9));
  }

  @Test
  void whoGivesWayIsInTheWayOfThoseAlone() {
    CpuLoad before = at(10, BEFORE, 70, 5, 19);
    CpuLoad after = at(12, AFTER, 270, 15, 19);

    assertThat(after.othersSince(before)).isCloseTo(0.95, within(1e-9));
  }

  @Test
  void aContainerLeavesWhatItsOtherProcessesDoNotUse() {
    CpuLoad before = new CpuLoad(0, 0, 0, OptionalDouble.of(5));
    CpuLoad after = new CpuLoad(2, 2.4, 2, OptionalDouble.of(8));

    assertThat(after.leftSince(before, machine(OptionalDouble.of(1.5)))).isCloseTo(1, within(1e-9));
    assertThat(after.leftSince(before, machine(OptionalDouble.of(9)))).isCloseTo(1.8, within(1e-9));
  }

  @Test
  void otherFormsAreNotGuessedAt() {
    assertThat(CpuLoad.of("", SELF.formatted(1, 1, 0), Set.of(0), OptionalDouble.empty(), 0))
        .isEmpty();
    assertThat(CpuLoad.of(BEFORE, "none", Set.of(0), OptionalDouble.empty(), 0)).isEmpty();
    assertThat(CpuLoad.of(BEFORE, SELF.formatted(1, 1, 0), Set.of(7), OptionalDouble.empty(), 0))
        .isEmpty();
  }
}
