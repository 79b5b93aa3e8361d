package io.github.facemask.internal.processor;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The environment variables by which users limit the instruction sets of libtorch. oneDNN, which
 * multiplies matrices, reads {@code ONEDNN_MAX_CPU_ISA}, or by its older name {@code
 * DNNL_MAX_CPU_ISA}. ATen, which does the rest, reads {@code ATEN_CPU_CAPABILITY}.
 *
 * @param oneDnn the variable of oneDNN that is set and its value; empty if none is
 * @param aten the value of ATen's variable; empty if it is not set
 */
public record EngineSettings(ImmutableMap<String, String> oneDnn, String aten) {

  /** The variable of ATen. */
  public static final String ATEN = "ATEN_CPU_CAPABILITY";

  /** The names of oneDNN's variable, the first one wins. */
  public static final ImmutableList<String> ONEDNN =
      ImmutableList.of("ONEDNN_MAX_CPU_ISA", "DNNL_MAX_CPU_ISA");

  private static final ImmutableSet<String> ATEN_VALUES =
      ImmutableSet.of("default", "avx2", "avx512");

  private static final ImmutableSet<String> UP_TO_AVX2 = ImmutableSet.of("avx", "avx2", "fma");
  private static final ImmutableSet<String> AVX512 =
      with(UP_TO_AVX2, "avx512f", "avx512cd", "avx512bw", "avx512vl", "avx512dq");
  private static final ImmutableSet<String> VNNI = with(AVX512, "avx512_vnni");
  private static final ImmutableSet<String> BF16 = with(VNNI, "avx512_bf16");
  private static final ImmutableSet<String> FP16 =
      with(BF16, "avx512_fp16", "avx_vnni", "avx_vnni_int8", "avx_ne_convert");
  private static final ImmutableSet<String> AMX = with(FP16, "amx_tile", "amx_int8", "amx_bf16");
  private static final ImmutableSet<String> ALL = with(AMX, "amx_fp16");

  /** Linux's names of the instruction sets that each value of oneDNN 3.7 allows. */
  private static final ImmutableMap<String, ImmutableSet<String>> ALLOWED =
      ImmutableMap.<String, ImmutableSet<String>>builder()
          .put("SSE41", ImmutableSet.of())
          .put("AVX", ImmutableSet.of("avx"))
          .put("AVX2", UP_TO_AVX2)
          .put("AVX2_VNNI", with(UP_TO_AVX2, "avx_vnni"))
          .put("AVX2_VNNI_2", with(UP_TO_AVX2, "avx_vnni", "avx_vnni_int8", "avx_ne_convert"))
          .put("AVX512_CORE", AVX512)
          .put("AVX512_CORE_VNNI", VNNI)
          .put("AVX512_CORE_BF16", BF16)
          .put("AVX512_CORE_FP16", FP16)
          .put("AVX10_1_512", FP16)
          .put("AVX512_CORE_AMX", AMX)
          .put("AVX10_1_512_AMX", AMX)
          .put("AVX512_CORE_AMX_FP16", ALL)
          .put("AVX10_1_512_AMX_FP16", ALL)
          .put("DEFAULT", ALL)
          .buildOrThrow();

  /**
   * Reads the settings.
   *
   * @param environment the environment of the process
   * @return the settings
   */
  static EngineSettings of(Map<String, String> environment) {
    ImmutableMap<String, String> oneDnn =
        ONEDNN.stream()
            .filter(name -> !environment.getOrDefault(name, "").isEmpty())
            .limit(1)
            .collect(ImmutableMap.toImmutableMap(name -> name, environment::get));
    return new EngineSettings(oneDnn, environment.getOrDefault(ATEN, ""));
  }

  /** Returns the settings of this process. */
  public static EngineSettings here() {
    return of(System.getenv());
  }

  /** Returns the variables that are set and their values, in the order of their effect. */
  public ImmutableMap<String, String> given() {
    ImmutableMap.Builder<String, String> all = ImmutableMap.builder();
    all.putAll(oneDnn);
    if (!aten.isEmpty()) {
      all.put(ATEN, aten);
    }
    return all.buildOrThrow();
  }

  /**
   * Returns the instruction sets that oneDNN may use.
   *
   * @param instructions those of the processor, by Linux's names
   */
  ImmutableSet<String> allowed(Set<String> instructions) {
    for (String value : oneDnn.values()) {
      ImmutableSet<String> allowed = ALLOWED.get(value.toUpperCase(Locale.ROOT));
      if (allowed != null) {
        Set<String> forbidden = Sets.difference(ALL, allowed);
        return ImmutableSet.copyOf(Sets.difference(instructions, forbidden));
      }
    }
    return ImmutableSet.copyOf(instructions);
  }

  /**
   * Returns one line for each value that libtorch ignores, or that this processor cannot run.
   *
   * @param processor the processor
   */
  public ImmutableList<String> warnings(Processor processor) {
    ImmutableList.Builder<String> warnings = ImmutableList.builder();
    oneDnn.forEach(
        (name, value) -> {
          if (!ALLOWED.containsKey(value.toUpperCase(Locale.ROOT))) {
            warnings.add(
                name
                    + " is '"
                    + value
                    + "', expected one of "
                    + String.join(", ", ALLOWED.keySet())
                    + "; it is ignored");
          }
        });
    if (!aten.isEmpty() && !ATEN_VALUES.contains(aten)) {
      warnings.add(
          ATEN
              + " is '"
              + aten
              + "', expected one of "
              + ATEN_VALUES.stream().collect(Collectors.joining(", "))
              + " in small letters; it is ignored");
    }
    String needed = aten.equals("avx512") ? "avx512f" : aten.equals("avx2") ? "avx2" : "";
    if (!needed.isEmpty() && processor.isKnown() && !processor.instructions().contains(needed)) {
      warnings.add(
          ATEN
              + " is '"
              + aten
              + "', which this processor lacks: the process would be killed by its first"
              + " instruction; unset it");
    }
    return warnings.build();
  }

  private static ImmutableSet<String> with(Set<String> some, String... more) {
    return ImmutableSet.<String>builder().addAll(some).add(more).build();
  }
}
