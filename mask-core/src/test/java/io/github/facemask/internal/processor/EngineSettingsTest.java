package io.github.facemask.internal.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineSettingsTest {

  private static final Processor SAPPHIRE_RAPIDS =
      Processor.parse(
          "model name : Xeon\nflags : avx avx2 fma avx512f avx512dq avx512bw avx512vl avx512cd"
              + " avx512_vnni avx512_bf16 avx512_fp16 avx_vnni amx_tile amx_int8 amx_bf16\n");

  private static Processor limited(String value) {
    return SAPPHIRE_RAPIDS.limitedBy(EngineSettings.of(Map.of("ONEDNN_MAX_CPU_ISA", value)));
  }

  @ParameterizedTest
  @CsvSource({
    "SSE41, false, false, false",
    "AVX2, false, false, false",
    "avx2, false, false, false",
    "AVX2_VNNI, false, false, true",
    "AVX512_CORE, true, false, false",
    "AVX512_CORE_VNNI, true, false, true",
    "AVX512_CORE_BF16, true, true, true",
    "AVX10_1_512, true, true, true",
    "AVX512_CORE_AMX, true, true, true",
    "default, true, true, true",
    "AVX9000, true, true, true"
  })
  void theLimitOfOneDnnIsObeyed(String value, boolean computes, boolean multiplies, boolean bytes) {
    Processor limited = limited(value);

    assertThat(limited.computesBfloat16()).isEqualTo(computes);
    assertThat(limited.multipliesBfloat16()).isEqualTo(multiplies);
    assertThat(limited.addsBytesExactly()).isEqualTo(bytes);
    assertThat(limited.isKnown()).isTrue();
  }

  @Test
  void aLimitAddsNothingThatTheProcessorLacks() {
    Processor haswell =
        Processor.parse("flags : avx avx2")
            .limitedBy(EngineSettings.of(Map.of("ONEDNN_MAX_CPU_ISA", "AVX512_CORE_AMX")));

    assertThat(haswell.computesBfloat16()).isFalse();
    assertThat(haswell.usable()).containsExactly("avx", "avx2");
  }

  @Test
  void theOlderNameCountsWhereTheNewOneIsNotSet() {
    assertThat(EngineSettings.of(Map.of("DNNL_MAX_CPU_ISA", "AVX2")).given())
        .containsExactly(Map.entry("DNNL_MAX_CPU_ISA", "AVX2"));
    assertThat(
            EngineSettings.of(Map.of("DNNL_MAX_CPU_ISA", "AVX2", "ONEDNN_MAX_CPU_ISA", "AVX"))
                .given())
        .containsExactly(Map.entry("ONEDNN_MAX_CPU_ISA", "AVX"));
  }

  @Test
  void wrongValuesGetALineEach() {
    EngineSettings wrong =
        EngineSettings.of(
            Map.of("ONEDNN_MAX_CPU_ISA", "AVX9000", "ATEN_CPU_CAPABILITY", "AVX2", "PATH", "x"));

    assertThat(wrong.warnings(SAPPHIRE_RAPIDS))
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .startsWith("ONEDNN_MAX_CPU_ISA is 'AVX9000', expected one of SSE41, AVX,")
                    .endsWith("it is ignored"),
            line ->
                assertThat(line)
                    .startsWith(
                        "ATEN_CPU_CAPABILITY is 'AVX2', expected one of default, avx2, avx512")
                    .endsWith("it is ignored"));
    assertThat(EngineSettings.of(Map.of()).warnings(SAPPHIRE_RAPIDS)).isEmpty();
    assertThat(
            EngineSettings.of(
                    Map.of("ONEDNN_MAX_CPU_ISA", "avx512_core", "ATEN_CPU_CAPABILITY", "avx512"))
                .warnings(SAPPHIRE_RAPIDS))
        .isEmpty();
  }

  @Test
  void aCapabilityThatTheProcessorLacksIsTold() {
    EngineSettings settings = EngineSettings.of(Map.of("ATEN_CPU_CAPABILITY", "avx512"));

    assertThat(settings.warnings(Processor.parse("flags : avx avx2")))
        .singleElement()
        .asString()
        .contains("avx512", "lacks", "unset it");
    assertThat(settings.warnings(Processor.parse(""))).isEmpty();
  }
}
