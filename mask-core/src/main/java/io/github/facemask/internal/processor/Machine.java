package io.github.facemask.internal.processor;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSortedSet;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Ints;
import com.google.common.primitives.Longs;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The cores and the memory of this machine, and what of them this process may use. Linux only; on
 * other systems all but the number of processors is unknown.
 *
 * @param cores the numbers of all its cores; empty if unknown
 * @param allowed the numbers of the cores that this process may run on; empty if unknown
 * @param groups the limits of containers
 * @param load the mean number of running and waiting processes in the last minute
 * @param memory its memory in bytes
 * @param memoryFree the memory in bytes that can be had without swapping
 */
public record Machine(
    ImmutableSortedSet<Integer> cores,
    ImmutableSortedSet<Integer> allowed,
    ControlGroups groups,
    OptionalDouble load,
    OptionalLong memory,
    OptionalLong memoryFree) {

  /** Reads what is known of this machine now. */
  public static Machine here() {
    return read(Path.of("/"));
  }

  /**
   * Reads a machine.
   *
   * @param root the root of its file system
   */
  static Machine read(Path root) {
    String memory = ControlGroups.text(root.resolve("proc/meminfo")).orElse("");
    return new Machine(
        ControlGroups.text(root.resolve("sys/devices/system/cpu/online"))
            .map(Machine::list)
            .orElse(ImmutableSortedSet.of()),
        allowed(ControlGroups.text(root.resolve("proc/self/status")).orElse("")),
        ControlGroups.read(root),
        load(ControlGroups.text(root.resolve("proc/loadavg")).orElse("")),
        kibibytes(memory, "MemTotal:"),
        kibibytes(memory, "MemAvailable:"));
  }

  /** Returns the number of threads that can run at once, at least 1. */
  public int threads() {
    int processors = Runtime.getRuntime().availableProcessors();
    int runnable = allowed.isEmpty() ? processors : Math.min(processors, allowed.size());
    double most = Math.ceil(groups.cores().orElse(runnable));
    return (int) Math.max(1, Math.min(runnable, most));
  }

  /**
   * Returns the cores of this process, of which a container may allow a part: 1.5, for instance.
   */
  public double share() {
    double runnable = allowed.isEmpty() ? threads() : allowed.size();
    return Math.min(runnable, groups.cores().orElse(runnable));
  }

  /**
   * Parses the cores that a process may run on.
   *
   * @param status the text of {@code /proc/self/status}
   */
  static ImmutableSortedSet<Integer> allowed(String status) {
    for (String line : Splitter.on('\n').split(status)) {
      if (line.startsWith("Cpus_allowed_list:")) {
        return list(line.substring("Cpus_allowed_list:".length()));
      }
    }
    return ImmutableSortedSet.of();
  }

  /**
   * Parses a list of cores.
   *
   * @param text for instance {@code 0-3,8}
   * @return their numbers; empty if the text is no list
   */
  static ImmutableSortedSet<Integer> list(String text) {
    ImmutableSortedSet.Builder<Integer> cores = ImmutableSortedSet.naturalOrder();
    for (String range : Splitter.on(',').trimResults().omitEmptyStrings().split(text.strip())) {
      List<String> ends = Splitter.on('-').limit(2).splitToList(range);
      Integer from = Ints.tryParse(ends.get(0));
      Integer to = Ints.tryParse(ends.get(ends.size() - 1));
      if (from == null || to == null) {
        return ImmutableSortedSet.of();
      }
      for (int core = from; core <= to; core++) {
        cores.add(core);
      }
    }
    return cores.build();
  }

  /**
   * Parses the load.
   *
   * @param text the text of {@code /proc/loadavg}
   */
  static OptionalDouble load(String text) {
    Double load = Doubles.tryParse(Splitter.on(' ').splitToList(text).get(0));
    return load == null ? OptionalDouble.empty() : OptionalDouble.of(load);
  }

  private static OptionalLong kibibytes(String text, String key) {
    for (String line : Splitter.on('\n').split(text)) {
      if (line.startsWith(key)) {
        Long value = Longs.tryParse(line.replaceAll("[^0-9]", ""));
        return value == null ? OptionalLong.empty() : OptionalLong.of(value << 10);
      }
    }
    return OptionalLong.empty();
  }
}
