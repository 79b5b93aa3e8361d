package io.github.facemask.cli;

import io.github.facemask.internal.processor.CLibrary;
import io.github.facemask.internal.processor.EngineSettings;
import io.github.facemask.internal.processor.Machine;
import io.github.facemask.internal.processor.Processor;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What a machine gives this process, as lines of 'mask doctor'. */
final class MachineLines {

  /** What libtorch, OpenCV and a training of resnet18 at 224 pixels need beside the Java heap. */
  static final long ENGINE_BYTES = 1536L << 20;

  private static final double GIBIBYTE = 1L << 30;

  private MachineLines() {}

  /** Returns the lines by their names. */
  static Map<String, String> of(
      Machine machine, Processor processor, EngineSettings settings, Optional<CLibrary> library) {
    Map<String, String> lines = new LinkedHashMap<>();
    lines.put("cores", cores(machine));
    lines.put("memory", memory(machine, Runtime.getRuntime().maxMemory()));
    library.ifPresent(found -> lines.put("C library", library(found)));
    if (!settings.given().isEmpty()) {
      lines.put(
          "instructions",
          settings.given().entrySet().stream()
              .map(setting -> setting.getKey() + "=" + setting.getValue())
              .collect(Collectors.joining(", ")));
    }
    int warning = 0;
    for (String told : settings.warnings(processor)) {
      lines.put("warning" + (warning++ == 0 ? "" : " " + warning), told);
    }
    return lines;
  }

  /** The cores, those of this process, the limit of a container and the load. */
  static String cores(Machine machine) {
    StringBuilder line = new StringBuilder();
    int mine = machine.allowed().isEmpty() ? machine.threads() : machine.allowed().size();
    line.append(mine);
    if (machine.cores().size() > mine) {
      line.append(" of ")
          .append(machine.cores().size())
          .append(", the others are not for this process (cpuset)");
    }
    if (machine.groups().cores().isPresent()) {
      line.append(
          String.format(
              Locale.ROOT,
              "; its container may use the time of %.2f (quota)",
              machine.groups().cores().getAsDouble()));
    }
    machine.load().ifPresent(load -> line.append(String.format(Locale.ROOT, "; load %.2f", load)));
    line.append("; ").append(machine.threads() == 1 ? "1 thread" : machine.threads() + " threads");
    return line.append(" by default").toString();
  }

  /**
   * The memory, the limit of a container and what is needed.
   *
   * @param machine the machine
   * @param heap the largest Java heap in bytes
   */
  static String memory(Machine machine, long heap) {
    StringBuilder line = new StringBuilder();
    OptionalLong limit = machine.groups().memory();
    if (machine.memory().isPresent()) {
      line.append(gibibytes(machine.memory().getAsLong()));
      machine.memoryFree().ifPresent(f -> line.append(", ").append(gibibytes(f)).append(" free"));
    } else {
      line.append("unknown");
    }
    limit.ifPresent(l -> line.append("; its container may use ").append(gibibytes(l)));
    long most = Math.min(machine.memory().orElse(Long.MAX_VALUE), limit.orElse(Long.MAX_VALUE));
    if (most < heap + ENGINE_BYTES) {
      line.append("; TOO LITTLE for a heap of ")
          .append(gibibytes(heap))
          .append(" and ")
          .append(gibibytes(ENGINE_BYTES))
          .append(" beside it, so that the system may end the process: set a smaller heap with")
          .append(" MASK_JAVA_OPTIONS=-Xmx..., or a higher limit");
    }
    return line.toString();
  }

  /** The C library, and whether PyTorch runs with it. */
  static String library(CLibrary library) {
    if (!library.isGlibc()) {
      return library.name()
          + ", UNSUPPORTED: PyTorch needs glibc "
          + CLibrary.LEAST_GLIBC
          + " or later; use a system or an image with glibc, such as Debian or Ubuntu instead of"
          + " Alpine";
    }
    String name = (library.name() + " " + library.version()).strip();
    return library.suffices()
        ? name + "; PyTorch needs " + CLibrary.LEAST_GLIBC
        : name
            + ", TOO OLD: PyTorch needs "
            + CLibrary.LEAST_GLIBC
            + " or later, as in Debian 11, Ubuntu 20.04 and RHEL 9";
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / GIBIBYTE);
  }
}
