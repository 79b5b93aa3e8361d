package io.github.facemask.internal.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import io.github.facemask.internal.processor.Machine;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.tensor.Precision;
import org.junit.jupiter.api.Test;

class EngineFeaturesTest {

  @Test
  void theEngineAgreesWithTheInstructionsThatItMayUse() {
    assumeTrue(Processor.here().isKnown(), "the instruction sets of this processor are unknown");

    assertThat(EngineFeatures.computesBfloat16()).isEqualTo(Processor.here().computesBfloat16());
  }

  @Test
  void aPrecisionThatCannotBeComputedIsRefusedInOneLine() {
    assertThatCode(() -> EngineFeatures.check(Precision.FLOAT32, Device.cpu()))
        .doesNotThrowAnyException();
    assertThatCode(() -> EngineFeatures.check(Precision.BFLOAT16, Device.gpu()))
        .doesNotThrowAnyException();
    if (EngineFeatures.computesBfloat16()) {
      assertThatCode(() -> EngineFeatures.check(Precision.BFLOAT16, Device.cpu()))
          .doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> EngineFeatures.check(Precision.BFLOAT16, Device.cpu()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("precision is BFLOAT16, expected FLOAT32 on ")
          .hasMessageEndingWith("; compute in FLOAT32");
    }
  }

  @Test
  void theEngineHasNoMoreThreadsThanCanRunAtOnce() {
    assertThat(EngineThreads.usual()).isBetween(1, Machine.here().threads());
    int before = EngineThreads.now();
    EngineThreads.set(before + 1);
    assertThat(EngineThreads.now()).isEqualTo(before + 1);
    EngineThreads.set(before);
    assertThat(EngineThreads.now()).isEqualTo(before);
  }
}
