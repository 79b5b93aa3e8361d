package io.github.facemask.internal.processor;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import com.google.common.primitives.Longs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The limits that Linux's control groups, and so containers, set for this process. Of nested
 * groups, the smallest limit holds. Versions 1 and 2 are read.
 *
 * @param cores the processor time for each second, for instance 1.5; empty for no limit
 * @param memory the most memory in bytes; empty for no limit
 * @param usage the file that counts the processor time of the group with the limit of cores, if
 *     there is such a limit and a file
 */
public record ControlGroups(OptionalDouble cores, OptionalLong memory, Optional<Path> usage) {

  /** Version 1 writes this or a little less for no limit. */
  private static final long NO_MEMORY_LIMIT = 1L << 60;

  private static final ImmutableList<String> V1_CPU = ImmutableList.of("cpu", "cpu,cpuacct");
  private static final ImmutableList<String> V2 = ImmutableList.of("", "unified");

  /**
   * Reads the limits of this process.
   *
   * @param root the root of the file system
   * @return the limits; none where there are no control groups
   */
  static ControlGroups read(Path root) {
    String groups = text(root.resolve("proc/self/cgroup")).orElse("");
    Path mounted = root.resolve("sys/fs/cgroup");
    Limits limits = new Limits();
    for (String mount : V2) {
      for (Path level : levels(mounted.resolve(mount), pathOf(groups, ""))) {
        limits.cores(
            text(level.resolve("cpu.max")).map(ControlGroups::coresOfV2).orElse(none()),
            level.resolve("cpu.stat"));
        limits.memory(
            text(level.resolve("memory.max")).map(ControlGroups::memory).orElse(noMemory()));
      }
    }
    for (String mount : V1_CPU) {
      String path = pathOf(groups, "cpu");
      for (Path level : levels(mounted.resolve(mount), path)) {
        Path counted = mounted.resolve("cpuacct").resolve(relative(path)).resolve("cpuacct.usage");
        limits.cores(
            coresOfV1(
                text(level.resolve("cpu.cfs_quota_us")).orElse(""),
                text(level.resolve("cpu.cfs_period_us")).orElse("")),
            counted);
      }
    }
    for (Path level : levels(mounted.resolve("memory"), pathOf(groups, "memory"))) {
      limits.memory(
          text(level.resolve("memory.limit_in_bytes"))
              .map(ControlGroups::memory)
              .orElse(noMemory()));
    }
    return new ControlGroups(
        limits.cores, limits.memory, Optional.ofNullable(limits.usage).filter(Files::isReadable));
  }

  /** The smallest limits so far. */
  private static final class Limits {
    private OptionalDouble cores = none();
    private OptionalLong memory = noMemory();
    private Path usage;

    void cores(OptionalDouble found, Path counted) {
      if (found.isPresent() && (cores.isEmpty() || found.getAsDouble() < cores.getAsDouble())) {
        cores = found;
        usage = counted;
      }
    }

    void memory(OptionalLong found) {
      if (found.isPresent() && (memory.isEmpty() || found.getAsLong() < memory.getAsLong())) {
        memory = found;
      }
    }
  }

  /**
   * Returns the path of the group of a controller.
   *
   * @param groups the text of {@code /proc/self/cgroup}
   * @param controller for instance {@code cpu}; empty for version 2
   * @return the path, from {@code /}; {@code /} if the text has none
   */
  static String pathOf(String groups, String controller) {
    for (String line : Splitter.on('\n').split(groups)) {
      List<String> parts = Splitter.on(':').limit(3).splitToList(line);
      if (parts.size() == 3
          && (controller.isEmpty()
              ? parts.get(1).isEmpty()
              : Splitter.on(',').splitToList(parts.get(1)).contains(controller))) {
        return parts.get(2).strip();
      }
    }
    return "/";
  }

  /** The folder of a group and those of its parents; a container may see the mount alone. */
  private static List<Path> levels(Path mount, String path) {
    List<Path> levels = new ArrayList<>();
    Path level = mount.resolve(relative(path)).normalize();
    while (level.startsWith(mount)) {
      levels.add(level);
      if (level.equals(mount)) {
        break;
      }
      level = level.getParent();
    }
    return levels;
  }

  private static String relative(String path) {
    return path.replaceFirst("^/+", "");
  }

  /**
   * Returns the limit of version 2.
   *
   * @param max the text of {@code cpu.max}: the time in each period, or "max", and the period
   * @return the cores; empty for no limit
   */
  static OptionalDouble coresOfV2(String max) {
    List<String> parts = Splitter.on(' ').omitEmptyStrings().trimResults().splitToList(max.strip());
    return parts.size() == 2 ? coresOfV1(parts.get(0), parts.get(1)) : none();
  }

  /**
   * Returns the limit of version 1.
   *
   * @param quota the text of {@code cpu.cfs_quota_us}, -1 for no limit
   * @param period the text of {@code cpu.cfs_period_us}
   * @return the cores; empty for no limit
   */
  static OptionalDouble coresOfV1(String quota, String period) {
    Double time = Doubles.tryParse(quota.strip());
    Double of = Doubles.tryParse(period.strip());
    return time == null || of == null || time <= 0 || of <= 0
        ? none()
        : OptionalDouble.of(time / of);
  }

  /**
   * Returns a limit of memory.
   *
   * @param text the text of {@code memory.max} or {@code memory.limit_in_bytes}
   * @return the bytes; empty for no limit
   */
  static OptionalLong memory(String text) {
    Long bytes = Longs.tryParse(text.strip());
    return bytes == null || bytes <= 0 || bytes >= NO_MEMORY_LIMIT
        ? noMemory()
        : OptionalLong.of(bytes);
  }

  /**
   * Returns the processor time of a group.
   *
   * @param text the text of {@code cpu.stat} or {@code cpuacct.usage}
   * @return the time in seconds; empty if the text has none
   */
  static OptionalDouble seconds(String text) {
    for (String line : Splitter.on('\n').split(text)) {
      if (line.startsWith("usage_usec ")) {
        Long micros = Longs.tryParse(line.substring("usage_usec ".length()).strip());
        return micros == null ? none() : OptionalDouble.of(micros / 1e6);
      }
    }
    Long nanos = Longs.tryParse(text.strip());
    return nanos == null ? none() : OptionalDouble.of(nanos / 1e9);
  }

  /** Returns the text of a small file, if it can be read. */
  static Optional<String> text(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static OptionalDouble none() {
    return OptionalDouble.empty();
  }

  private static OptionalLong noMemory() {
    return OptionalLong.empty();
  }
}
