package io.github.facemask.internal.torchscript;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {

  private static final HostTensor RAMP =
      HostTensor.ofFloats(
          new Shape(2, 3, 1, 2), new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});

  /** Any two methods: what they do here is of no matter to programs. */
  private static final ProgramMethod COUNTED = ProgramMethod.STATE;

  private static final ProgramMethod MODE = ProgramMethod.CLASSIFY;

  private static ScriptModule module(MemoryLayout layout) {
    return ScriptModule.builder()
        .parameter("layer1.0.conv1.weight", RAMP, layout)
        .buffer("count", HostTensor.ofLongs(new Shape(), 41))
        .method(
            """
            def forward(self: __torch__.Program, x: Tensor) -> Tensor:
              return torch.mul(getattr(self.layer1, "0").conv1.weight, x)
            """)
        .method(
            COUNTED.signature("x: Tensor", "Tensor")
                + "  _c = torch.add_(self.count, 1)\n  return self.count\n")
        .method(
            MODE.signature("x: Tensor", "Tensor")
                + "  return torch.full([], float(self.training))\n")
        .build();
  }

  @Test
  void bothLayoutsHoldTheSameNumbers() throws IOException {
    for (MemoryLayout layout : MemoryLayout.values()) {
      try (Program program = Program.load(module(layout), Device.cpu());
          NDManager manager = program.manager().newSubManager()) {
        NDArray doubled = program.forward(manager.create(2f), false);

        assertThat(doubled.getShape().getShape()).containsExactly(2, 3, 1, 2);
        assertThat(doubled.toFloatArray())
            .as(layout.name())
            .containsExactly(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22);
        assertThat(program.parameters()).containsOnlyKeys("layer1.0.conv1.weight");
      }
    }
  }

  @Test
  void methodsChangeTheModule() throws IOException {
    try (Program program = Program.load(module(MemoryLayout.CONTIGUOUS), Device.cpu());
        NDManager manager = program.manager().newSubManager()) {
      NDArray any = manager.create(0f);

      assertThat(program.call(COUNTED, any).singletonOrThrow().getLong()).isEqualTo(42);
      assertThat(program.call(COUNTED, any).singletonOrThrow().getLong()).isEqualTo(43);
    }
  }

  @Test
  void theFirstTrainingCallIsInTrainingMode() throws IOException {
    try (Program program = Program.load(module(MemoryLayout.CONTIGUOUS), Device.cpu());
        NDManager manager = program.manager().newSubManager()) {
      NDArray any = manager.create(0f);

      assertThat(program.callTraining(MODE, any).singletonOrThrow().getFloat()).isEqualTo(1);
      assertThat(program.call(MODE, any).singletonOrThrow().getFloat()).isEqualTo(0);
      assertThat(program.callTraining(MODE, any).singletonOrThrow().getFloat()).isEqualTo(1);
    }
  }

  @Test
  void callsLeaveNothingInTheParentManager() throws IOException {
    try (Program program = Program.load(module(MemoryLayout.CONTIGUOUS), Device.cpu());
        NDManager manager = program.manager().newSubManager()) {
      program.manager().cap();
      for (int i = 0; i < 20; i++) {
        try (NDArray x = manager.create(1f)) {
          program.call(COUNTED, x).close();
        }
      }
      assertThat(manager.getManagedArrays()).isEmpty();
    }
  }

  @Test
  void equalModulesAreEqualFiles(@TempDir Path folder) throws IOException {
    ScriptArchive.write(module(MemoryLayout.CHANNELS_LAST), folder.resolve("a.pt"));
    ScriptArchive.write(module(MemoryLayout.CHANNELS_LAST), folder.resolve("b.pt"));

    assertThat(folder.resolve("a.pt")).hasSameBinaryContentAs(folder.resolve("b.pt"));
  }

  @Test
  void aFileThatIsNoProgramIsNamed(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("x.pt"), "no program");

    assertThatThrownBy(() -> Program.load(file, Device.cpu()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("x.pt")
        .hasMessageContaining("is not a program");
  }

  @Test
  void namesAreTakenOnceAndChecked() {
    ScriptModule.Builder module =
        ScriptModule.builder().parameter("a.b", RAMP, MemoryLayout.CONTIGUOUS);

    assertThatThrownBy(() -> module.buffer("a.b", RAMP)).hasMessageContaining("is taken");
    assertThatThrownBy(() -> module.buffer("a", RAMP)).hasMessageContaining("is taken");
    assertThatThrownBy(() -> module.buffer("x\"); evil", RAMP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("letters, digits");
  }

  @Test
  void numbersInPathsAreReferredToByName() {
    assertThat(ScriptModule.reference("layer1.0.conv1.weight"))
        .isEqualTo("getattr(self.layer1, \"0\").conv1.weight");
  }

  @Test
  void methodsNameThemselvesInDefinitionsAndCalls() {
    assertThat(ProgramMethod.TRAIN_STEP.signature("x: Tensor", "Tensor"))
        .isEqualTo("def train_step(self: __torch__.Program, x: Tensor) -> Tensor:\n");
    assertThat(ProgramMethod.TRAIN_STEP.invocation("x", "y"))
        .isEqualTo("(self).train_step(x, y, )");
    assertThat(ProgramMethod.values())
        .extracting(ProgramMethod::scriptName)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z_]+"));
  }
}
