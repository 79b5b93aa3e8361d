package io.github.facemask.internal.processor;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The machine's processor, as reported by Linux; unknown on other systems.
 *
 * @param model its name, empty if unknown
 * @param instructions Linux's names of its instruction sets, empty if unknown
 */
public record Processor(String model, ImmutableSet<String> instructions) {

  private static final Processor HERE = read(Path.of("/proc/cpuinfo"));

  /** Returns this machine's processor. */
  public static Processor here() {
    return HERE;
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
    return new Processor(model, ImmutableSet.copyOf(words.split(value(cpuinfo, "flags"))));
  }

  private static Processor read(Path file) {
    try {
      return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      return new Processor("", ImmutableSet.of());
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
   * Returns whether the processor has bfloat16 instructions. With them bfloat16 is faster than
   * float32.
   */
  public boolean multipliesBfloat16() {
    return instructions.contains("avx512_bf16") || instructions.contains("amx_bf16");
  }

  /**
   * Returns whether oneDNN supports bfloat16 on this processor. True if the instruction sets are
   * unknown.
   */
  public boolean computesBfloat16() {
    return !isKnown()
        || instructions.contains("avx_ne_convert")
        || instructions.containsAll(ImmutableSet.of("avx512bw", "avx512vl", "avx512dq"));
  }

  /**
   * Returns whether the processor accumulates int8 products in 32 bits (VNNI). Others add pairs in
   * 16 bits, which overflow. True if the instruction sets are unknown.
   */
  public boolean addsBytesExactly() {
    return !isKnown()
        || instructions.contains("avx512_vnni")
        || instructions.contains("avx_vnni")
        || instructions.contains("amx_int8");
  }
}
