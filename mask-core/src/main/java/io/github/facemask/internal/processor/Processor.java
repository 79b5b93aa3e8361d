package io.github.facemask.internal.processor;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The machine's processor, as reported by Linux; unknown on other systems.
 *
 * @param model its name, empty if unknown
 * @param instructions Linux's names of its instruction sets, empty if unknown
 * @param usable those of its instruction sets that oneDNN may use
 */
public record Processor(
    String model, ImmutableSet<String> instructions, ImmutableSet<String> usable) {

  private static final Processor HERE =
      read(Path.of("/proc/cpuinfo")).limitedBy(EngineSettings.here());

  /** Returns this machine's processor, as the settings of this process let oneDNN use it. */
  public static Processor here() {
    return HERE;
  }

  private static Processor of(String model, ImmutableSet<String> instructions) {
    return new Processor(model, instructions, instructions);
  }

  /**
   * Returns the processor as oneDNN may use it.
   *
   * @param settings limit the instruction sets
   */
  Processor limitedBy(EngineSettings settings) {
    return new Processor(model, instructions, settings.allowed(instructions));
  }

  /**
   * Parses {@code /proc/cpuinfo}.
   *
   * @param cpuinfo the text of {@code /proc/cpuinfo}
   * @return its first processor
   */
  static Processor parse(String cpuinfo) {
    Splitter words = Splitter.on(' ').omitEmptyStrings();
    String model = value(cpuinfo, "model name");
    return of(model, ImmutableSet.copyOf(words.split(value(cpuinfo, "flags"))));
  }

  private static Processor read(Path file) {
    try {
      return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return of("", ImmutableSet.of());
    }
  }

  private static String value(String cpuinfo, String key) {
    for (String line : Splitter.on('\n').split(cpuinfo)) {
      List<String> sides = Splitter.on(':').limit(2).trimResults().splitToList(line);
      if (sides.size() == 2 && sides.get(0).equals(key)) {
        return sides.get(1);
      }
    }
    return "";
  }

  /** Returns whether its instruction sets are known. */
  public boolean isKnown() {
    return !instructions.isEmpty();
  }

  /**
   * Returns whether oneDNN multiplies with the processor's bfloat16 instructions. With them
   * bfloat16 is faster than float32.
   */
  public boolean multipliesBfloat16() {
    return usable.contains("avx512_bf16") || usable.contains("amx_bf16");
  }

  /**
   * Returns whether oneDNN supports bfloat16 on this processor. True if the instruction sets are
   * unknown.
   */
  public boolean computesBfloat16() {
    return !isKnown()
        || usable.contains("avx_ne_convert")
        || usable.containsAll(ImmutableSet.of("avx512bw", "avx512vl", "avx512dq"));
  }

  /**
   * Returns whether oneDNN accumulates int8 products in 32 bits (VNNI). Otherwise pairs are added
   * in 16 bits, which overflow. True if the instruction sets are unknown.
   */
  public boolean addsBytesExactly() {
    return !isKnown()
        || usable.contains("avx512_vnni")
        || usable.contains("avx_vnni")
        || usable.contains("amx_int8");
  }

  /**
   * Returns the processor in words for errors: its name, and the setting that limits it, if one
   * does.
   */
  public String described() {
    String name = model.isEmpty() ? "this processor" : model;
    return usable.equals(instructions)
        ? name
        : name
            + " with "
            + EngineSettings.here().oneDnn().entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining(", "));
  }
}
