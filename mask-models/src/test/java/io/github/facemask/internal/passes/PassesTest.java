package io.github.facemask.internal.passes;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.internal.parity.FormulaTensors;
import io.github.facemask.internal.program.PhotoInput;
import io.github.facemask.internal.program.Statements;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.model.Target;
import io.github.facemask.network.Network;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each pass alone: the plan before and after it gives the same logits, with fewer operations. */
class PassesTest {

  @ParameterizedTest
  @CsvSource({
    "resnet18, 0",
    "resnet18, 3",
    "tf_efficientnet_b0, 0",
    "tf_efficientnet_b0, 4",
    "vit_small_r26_s32_384, 1",
  })
  void aPassAloneChangesNoLogit(String name, int pass) throws IOException {
    Network network = Backbones.get(name).withInputSize(64, 64).network();
    // The tokens' passes belong together with how attention is written.
    Plan tokens =
        new FoldAttentionScale()
            .apply(new FoldWindowBias().apply(Plan.of(network, FormulaTensors.of(network, 3, 1))));
    Plan before = pass >= 3 ? new FoldBatchNorm().apply(tokens) : tokens;

    Plan after = ExportProgram.passes(network).get(pass).apply(before);

    assertThat(after).isNotEqualTo(before);
    assertThat(OperationCount.of(after)).isLessThanOrEqualTo(OperationCount.of(before));
    assertThat(ExportProgramTest.error(logits(network, after), logits(network, before)))
        .isLessThan(5e-5);
  }

  @Test
  void everyPassSaysWhatItDoes() {
    Network network = Backbones.get("resnet18").withInputSize(64, 64).network();

    assertThat(ExportProgram.passes(network)).extracting(Pass::description).doesNotHaveDuplicates();
  }

  /** oneDNN packs weights for a size; with a wrong one it would reorder them in every call. */
  @ParameterizedTest
  @CsvSource({
    "resnet18, 96, 70",
    "tf_efficientnet_b0, 75, 64",
    "tf_efficientnet_b0, 70, 94",
    "vit_small_r26_s32_384, 64, 70",
  })
  void convolutionsMeetTheSizesThatTheirWeightsArePackedFor(String name, int height, int width)
      throws IOException {
    Network network = Backbones.get(name).withInputSize(height, width).network();
    Plan plan = ExportProgram.plan(network, FormulaTensors.of(network, 3, 1), new ArrayList<>());
    List<PlacedConv> met = new ArrayList<>();

    logits(
        network,
        plan,
        statements ->
            new ForwardingKernels(portable(statements)) {
              @Override
              public Value conv(PlacedConv conv, Value x, PostOp postOp) {
                return super.conv(conv, checked(conv, x), postOp);
              }

              @Override
              public Value convAndSum(PlacedConv conv, Value x, Value other, PostOp postOp) {
                return super.convAndSum(conv, checked(conv, x), other, postOp);
              }

              /** The program fails where a dimension is another one. */
              private Value checked(PlacedConv conv, Value x) {
                met.add(conv);
                String shape = conv.inputShape(-1);
                return Value.ofFloats(statements.set("torch.expand(%s, %s)", x.variable(), shape));
              }
            });

    assertThat(met).hasSizeGreaterThan(15).doesNotHaveDuplicates();
    assertThat(met.get(0).input()).isNotEqualTo(met.get(met.size() - 1).input());
  }

  private static float[] logits(Network network, Plan plan) throws IOException {
    return logits(network, plan, PassesTest::portable);
  }

  private static Kernels portable(Statements statements) {
    return new FloatKernels(statements, Target.PORTABLE, new PackedWeights());
  }

  private static float[] logits(Network network, Plan plan, Function<Statements, Kernels> kernelsOf)
      throws IOException {
    Statements statements = new Statements(Precision.FLOAT32, true);
    PlanWriter writer = new PlanWriter(statements, kernelsOf.apply(statements));
    Value logits = writer.write(plan.steps(), Value.ofFloats(PhotoInput.FEATURES));
    ScriptModule.Builder module = ScriptModule.builder();
    plan.weights().forEach(module::buffer);
    module.method(
        ProgramMethod.FORWARD.signature("photos: Tensor", "Tensor")
            + PhotoInput.statements(
                network.preprocessing(), Precision.FLOAT32, MemoryLayout.CHANNELS_LAST)
            + statements.code()
            + "  return "
            + logits.variable()
            + "\n");
    try (Program program = Program.load(module.build(), Device.cpu());
        NDManager scope = program.manager().newSubManager()) {
      int height = network.preprocessing().height();
      int width = network.preprocessing().width();
      byte[] pixels = new byte[2 * height * width * 3];
      new Random(5).nextBytes(pixels);
      NDArray photos =
          scope.create(ByteBuffer.wrap(pixels), new Shape(2, height, width, 3), DataType.UINT8);
      return program.forward(photos, false).toFloatArray();
    }
  }
}
