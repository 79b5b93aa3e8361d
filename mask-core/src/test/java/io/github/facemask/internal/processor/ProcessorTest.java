package io.github.facemask.internal.processor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import io.github.facemask.tensor.Precision;
import org.junit.jupiter.api.Test;

class ProcessorTest {

  /** The lines that matter of two machines, a Milan and a Genoa. */
  private static final String MILAN =
      """
      processor\t: 0
      model name\t: AMD EPYC 7B13
      flags\t\t: fpu avx avx2 fma vaes
      bugs\t\t: sysret_ss_attrs
      power management:

      processor\t: 1
      model name\t: another
      """;

  private static final String GENOA =
      """
      model name\t: AMD EPYC 9B14
      flags\t\t: avx2 avx512f avx512dq avx512bw avx512vl avx512_bf16 avx512_vnni
      """;

  @Test
  void theFirstProcessorIsRead() {
    Processor milan = Processor.parse(MILAN);
    assertThat(milan.model()).isEqualTo("AMD EPYC 7B13");
    assertThat(milan.instructions()).containsExactly("fpu", "avx", "avx2", "fma", "vaes");
  }

  @Test
  void whatItCanComesFromItsInstructions() {
    Processor milan = Processor.parse(MILAN);
    assertThat(milan.multipliesBfloat16()).isFalse();
    assertThat(milan.computesBfloat16()).isFalse();
    assertThat(milan.addsBytesExactly()).isFalse();
    Processor genoa = Processor.parse(GENOA);
    assertThat(genoa.multipliesBfloat16()).isTrue();
    assertThat(genoa.computesBfloat16()).isTrue();
    assertThat(genoa.addsBytesExactly()).isTrue();
    // Skylake: AVX-512 that converts around float32 products, no VNNI.
    Processor skylake = Processor.parse("flags : avx512f avx512dq avx512bw avx512vl");
    assertThat(skylake.multipliesBfloat16()).isFalse();
    assertThat(skylake.computesBfloat16()).isTrue();
    assertThat(skylake.addsBytesExactly()).isFalse();
  }

  @Test
  void whereNothingIsKnownNothingIsRefusedAndFloat32IsChosen() {
    Processor unknown = Processor.parse("");
    assertThat(unknown.isKnown()).isFalse();
    assertThat(unknown.multipliesBfloat16()).isFalse();
    assertThat(unknown.computesBfloat16()).isTrue();
    assertThat(unknown.addsBytesExactly()).isTrue();
  }

  @Test
  void theFastestPrecisionFollowsTheDevice() {
    assertThat(Precision.fastestOn(Device.gpu())).isEqualTo(Precision.BFLOAT16);
    assertThat(Precision.fastestOn(Device.cpu()) == Precision.BFLOAT16)
        .isEqualTo(Processor.here().multipliesBfloat16());
  }
}
