package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableSortedSet;
import io.github.facemask.internal.processor.CLibrary;
import io.github.facemask.internal.processor.ControlGroups;
import io.github.facemask.internal.processor.Machine;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.internal.torchscript.EngineFeatures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {

  private static final long GIBIBYTE = 1L << 30;

  private static Machine machine(int cores, int allowed, double quota, long limit) {
    return new Machine(
        ImmutableSortedSet.copyOf(IntStream.range(0, cores).boxed().toList()),
        ImmutableSortedSet.copyOf(IntStream.range(0, allowed).boxed().toList()),
        new ControlGroups(
            quota > 0 ? OptionalDouble.of(quota) : OptionalDouble.empty(),
            limit > 0 ? OptionalLong.of(limit) : OptionalLong.empty(),
            Optional.empty()),
        OptionalDouble.of(2.5),
        OptionalLong.of(16 * GIBIBYTE),
        OptionalLong.of(12 * GIBIBYTE));
  }

  @Test
  void theCoresOfAMachineAndOfAContainerAreTold() {
    assertThat(MachineLines.cores(machine(1, 1, 0, 0)))
        .isEqualTo("1; load 2.50; 1 thread by default");
    assertThat(MachineLines.cores(machine(64, 1, 0.5, 0)))
        .isEqualTo(
            "1 of 64, the others are not for this process (cpuset); its container may use the time"
                + " of 0.50 (quota); load 2.50; 1 thread by default");
  }

  @Test
  void tooLittleMemoryIsToldBeforeTheSystemEndsTheProcess() {
    assertThat(MachineLines.memory(machine(2, 2, 0, 0), 4 * GIBIBYTE))
        .isEqualTo("16.0 GiB, 12.0 GiB free");
    assertThat(MachineLines.memory(machine(2, 2, 0, 8 * GIBIBYTE), 4 * GIBIBYTE))
        .isEqualTo("16.0 GiB, 12.0 GiB free; its container may use 8.0 GiB");
    assertThat(MachineLines.memory(machine(2, 2, 0, 2 * GIBIBYTE), GIBIBYTE))
        .contains("its container may use 2.0 GiB; TOO LITTLE for a heap of 1.0 GiB and 1.5 GiB")
        .contains("MASK_JAVA_OPTIONS=-Xmx");
  }

  @Test
  void aLibraryThatPyTorchDoesNotRunWithIsToldWithTheWayOn() {
    assertThat(MachineLines.library(new CLibrary("glibc", "2.36")))
        .isEqualTo("glibc 2.36; PyTorch needs 2.29");
    assertThat(MachineLines.library(new CLibrary("glibc", "2.17")))
        .contains("glibc 2.17, TOO OLD: PyTorch needs 2.29 or later");
    assertThat(MachineLines.library(new CLibrary("musl", "")))
        .contains("musl, UNSUPPORTED", "an image with glibc");
  }

  @Test
  void itAgreesWithTheEngine() {
    String out = MaskRun.of("doctor").out();

    assertThat(out).contains("cores", "memory", "PyTorch", "2.7.1");
    assertThat(out.lines().filter(line -> line.startsWith("bfloat16")).findFirst().orElseThrow())
        .contains(
            !EngineFeatures.computesBfloat16()
                ? "not available"
                : Processor.here().multipliesBfloat16() ? "multiplied" : "float32 is faster");
  }

  @Test
  void settingsOfTheInstructionsAreShownAndWrongOnesAreNoCrash()
      throws IOException, InterruptedException {
    String limited = doctor(Map.of("ONEDNN_MAX_CPU_ISA", "AVX2", "ATEN_CPU_CAPABILITY", "default"));
    assertThat(limited)
        .contains("ONEDNN_MAX_CPU_ISA=AVX2, ATEN_CPU_CAPABILITY=default")
        .doesNotContain("warning");
    if (Processor.here().isKnown()) {
      assertThat(limited)
          .containsPattern("bfloat16 +not available: .* with ONEDNN_MAX_CPU_ISA=AVX2");
    }

    String wrong = doctor(Map.of("ONEDNN_MAX_CPU_ISA", "AVX3", "ATEN_CPU_CAPABILITY", "fast"));
    assertThat(wrong.lines().filter(line -> line.startsWith("warning")))
        .satisfiesExactly(
            line -> assertThat(line).contains("ONEDNN_MAX_CPU_ISA is 'AVX3', expected one of"),
            line -> assertThat(line).contains("ATEN_CPU_CAPABILITY is 'fast', expected one of"));
  }

  @Test
  void aLibraryPathWithoutPyTorchAndTheThreadsOfTheEnvironmentAreShown() throws Exception {
    String out =
        doctor(
            Map.of(
                "PYTORCH_LIBRARY_PATH", "nowhere",
                "PYTORCH_VERSION", "2.7.1",
                "OMP_NUM_THREADS", "1"));

    assertThat(out)
        .contains("PYTORCH_LIBRARY_PATH is nowhere, which has no " + System.mapLibraryName("torch"))
        .containsPattern("OMP_NUM_THREADS +1, the default number of threads");
  }

  /** The engine reads the settings once in a process. */
  private static String doctor(Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder command =
        MaskProcess.builder(List.of("-Xmx128m"), "doctor").redirectErrorStream(true);
    command.environment().keySet().removeIf(name -> name.endsWith("_MAX_CPU_ISA"));
    command.environment().putAll(environment);
    Process process = command.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    return out;
  }
}
