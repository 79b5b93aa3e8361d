package io.github.facemask.internal.processor;

import com.google.common.base.Splitter;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Ints;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The processor time that was spent on some cores until a moment, in seconds: by all processes and
 * by this one. Two moments tell how much of the cores others use.
 *
 * @param clock the moment, in seconds since any fixed one
 * @param all by processes of all, without those that give way to this one by a higher nice value,
 *     and by other virtual machines on the same cores
 * @param own by this process
 * @param group by the processes of the container that has a limit; empty without a limit
 */
public record CpuLoad(double clock, double all, double own, OptionalDouble group) {

  /** Linux counts in hundredths of a second towards programs, whatever its own clock. */
  private static final double TICKS = 100;

  private static final Path STAT = Path.of("/proc/stat");
  private static final Path SELF = Path.of("/proc/self/stat");

  /**
   * Reads the time until now.
   *
   * @param machine whose cores and limits count
   * @return the time; empty where Linux does not tell
   */
  public static Optional<CpuLoad> now(Machine machine) {
    Optional<String> stat = ControlGroups.text(STAT);
    Optional<String> self = ControlGroups.text(SELF);
    if (stat.isEmpty() || self.isEmpty() || machine.allowed().isEmpty()) {
      return Optional.empty();
    }
    OptionalDouble group =
        machine
            .groups()
            .usage()
            .flatMap(ControlGroups::text)
            .map(ControlGroups::seconds)
            .orElse(OptionalDouble.empty());
    return of(stat.get(), self.get(), machine.allowed(), group, System.nanoTime() / 1e9);
  }

  /**
   * Parses the times.
   *
   * @param stat the text of {@code /proc/stat}
   * @param self the text of {@code /proc/self/stat}
   * @param cores the cores that count
   * @param group the time of the container
   * @param clock the moment in seconds
   * @return the times; empty if a text has another form
   */
  static Optional<CpuLoad> of(
      String stat, String self, Set<Integer> cores, OptionalDouble group, double clock) {
    // The name of the program, in parentheses, may hold spaces.
    List<String> own = words(self.substring(self.lastIndexOf(')') + 1));
    if (own.size() < 17) {
      return Optional.empty();
    }
    boolean givesWay = number(own.get(16)) > 0;
    double all = 0;
    int found = 0;
    for (String line : Splitter.on('\n').split(stat)) {
      List<String> times = words(line);
      if (times.size() < 9 || !times.get(0).startsWith("cpu")) {
        continue;
      }
      Integer core = Ints.tryParse(times.get(0).substring(3));
      if (core != null && cores.contains(core)) {
        found++;
        // user, system, irq, softirq and stolen; nice only for those who are nice, too.
        all += number(times.get(1)) + number(times.get(3));
        all += number(times.get(6)) + number(times.get(7)) + number(times.get(8));
        all += givesWay ? number(times.get(2)) : 0;
      }
    }
    return found == cores.size()
        ? Optional.of(
            new CpuLoad(
                clock, all / TICKS, (number(own.get(11)) + number(own.get(12))) / TICKS, group))
        : Optional.empty();
  }

  /**
   * Returns the cores that others have used since an earlier moment.
   *
   * @param earlier the earlier moment
   * @return the cores, 0 or more
   */
  public double othersSince(CpuLoad earlier) {
    return Math.max(0, (all - earlier.all) - (own - earlier.own)) / (clock - earlier.clock);
  }

  /**
   * Returns the cores that were left to this process since an earlier moment: those that others did
   * not use, and not more than its container may use.
   *
   * @param earlier the earlier moment
   * @param machine its cores and limits
   * @return the cores, for instance 1.3
   */
  public double leftSince(CpuLoad earlier, Machine machine) {
    double left = machine.allowed().size() - othersSince(earlier);
    if (machine.groups().cores().isEmpty()) {
      return left;
    }
    double neighbours =
        group.isEmpty() || earlier.group.isEmpty()
            ? 0
            : (group.getAsDouble() - earlier.group.getAsDouble()) - (own - earlier.own);
    double ofGroup =
        machine.groups().cores().getAsDouble() - Math.max(0, neighbours) / (clock - earlier.clock);
    return Math.min(left, ofGroup);
  }

  private static List<String> words(String text) {
    return Splitter.on(' ').omitEmptyStrings().trimResults().splitToList(text);
  }

  private static double number(String text) {
    Double value = Doubles.tryParse(text);
    return value == null ? 0 : value;
  }
}
