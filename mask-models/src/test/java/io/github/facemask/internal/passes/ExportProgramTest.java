package io.github.facemask.internal.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.export.Exporter;
import io.github.facemask.internal.parity.FormulaTensors;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.internal.program.ProgramModel;
import io.github.facemask.internal.program.TrainingPlan;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.model.Target;
import io.github.facemask.network.Network;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Deployed programs against the training program of the same weights. */
class ExportProgramTest {

  private static final int PHOTOS = 3;

  @ParameterizedTest
  @CsvSource({
    "resnet18, 64, 64",
    "resnet50, 48, 64",
    "tf_efficientnet_b0, 75, 64",
    "tf_efficientnet_b0, 70, 94",
    "tf_efficientnet_b0, 69, 91",
    "swin_tiny_patch4_window7_224, 224, 224",
    "swin_tiny_patch4_window7_224, 72, 60",
    "vit_tiny_patch16_224, 48, 64",
    "vit_small_r26_s32_384, 64, 70"
  })
  void everyFormAnswersAsTheTrainingProgram(String name, int height, int width) throws IOException {
    Network network = Backbones.get(name).withInputSize(height, width).network();
    Map<String, HostTensor> weights = FormulaTensors.of(network, 1, 1);
    float[] expected = trained(network, weights, Precision.FLOAT32);
    // Rounding differs in place and order, not in size.
    double rounding = error(trained(network, weights, Precision.BFLOAT16), expected);

    for (Target target : Target.values()) {
      float[] exact = deployed(network, weights, Precision.FLOAT32, target);
      assertThat(error(exact, expected)).as("%s float32", target).isLessThan(1e-4);
      if (target == Target.CPU && !Processor.here().computesBfloat16()) {
        continue;
      }
      float[] rounded = deployed(network, weights, Precision.BFLOAT16, target);
      assertThat(error(rounded, expected)).as("%s bfloat16", target).isLessThan(1.5 * rounding);
    }
  }

  @Test
  void onAProcessorWithoutBfloat16TheFormForOneDnnIsRefusedWithWhatToDo(@TempDir Path folder)
      throws IOException {
    assumeFalse(
        Processor.here().computesBfloat16(),
        "this processor computes in bfloat16: nothing to refuse");
    Network network = Backbones.get("resnet18").withInputSize(64, 64).network();
    ModelFolder model =
        ModelFolder.write(
            folder.resolve("model"),
            network,
            FormulaTensors.of(network, 1, 1),
            new ModelOrigin(
                new RunId("run"),
                Digest.ofText("training"),
                Digest.ofText("validation"),
                ImmutableList.of("anna"),
                1));
    ExportedModel written =
        Exporter.builder(model)
            .optPrecision(Precision.BFLOAT16)
            .build()
            .export(folder.resolve("deployed"))
            .model();

    assertThatThrownBy(() -> written.load(Device.cpu()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "deployed: program target is CPU in BFLOAT16, expected one that this processor runs")
        .hasMessageContaining("avx512bw")
        .hasMessageContaining("export it in FLOAT32 or for the target PORTABLE");
  }

  @ParameterizedTest
  @EnumSource(Target.class)
  void anyNumberOfPhotosFits(Target target) throws IOException {
    Network network = Backbones.get("resnet18").withInputSize(32, 32).network();
    ExportProgram written =
        ExportProgram.write(network, FormulaTensors.of(network, 2, 1), Precision.FLOAT32, target);
    try (Program program = Program.load(written.module(), Device.cpu());
        NDManager scope = program.manager().newSubManager()) {
      float[] five = classify(program, photos(scope, network, 5));
      float[] one = classify(program, photos(scope, network, 1));
      assertThat(five).hasSize(5 * 18);
      for (int i = 0; i < 18; i++) {
        assertThat(one[i]).isCloseTo(five[i], org.assertj.core.api.Assertions.within(1e-5f));
      }
    }
  }

  @Test
  void weightsThatArePackedAlreadyStayAsTheyAre() throws IOException {
    Network network = Backbones.get("resnet18").withInputSize(64, 64).network();
    ExportProgram written =
        ExportProgram.write(
            network, FormulaTensors.of(network, 2, 1), Precision.FLOAT32, Target.CPU);
    try (Program program = Program.load(written.module(), Device.cpu());
        NDManager scope = program.manager().newSubManager()) {
      float[] first = classify(program, photos(scope, network, 2));
      program.call(ProgramMethod.PREPARE, scope.create(0f));
      assertThat(classify(program, photos(scope, network, 2))).isEqualTo(first);
    }
  }

  @Test
  void theExplanationCountsWhatIsLeft() {
    Network network = Backbones.get("resnet18").withInputSize(64, 64).network();

    List<String> lines =
        ExportProgram.write(
                network, FormulaTensors.of(network, 2, 1), Precision.FLOAT32, Target.CPU)
            .explanation();

    // 20 convolutions and norms, 9 activations beside those of sums, 8 sums, two pools, the head.
    assertThat(lines)
        .containsExactly(
            "resnet18: 60 operations",
            "batch norms folded into the convolutions before them: 40 operations",
            "activations inside convolutions and linear maps: 31 operations",
            "sums of residual blocks inside their last convolutions: 23 operations",
            "20 weights packed for oneDNN");
  }

  private static float[] trained(
      Network network, Map<String, HostTensor> weights, Precision precision) throws IOException {
    TrainingConfig setup =
        new TrainingConfig(
            Device.cpu(),
            precision,
            CrossEntropy.plain(),
            AdamW.of(1e-3, 0),
            Double.POSITIVE_INFINITY,
            0,
            MemoryLayout.CONTIGUOUS,
            0);
    try (ProgramModel model =
            ProgramModel.load(network, weights, setup, TrainingPlan.all(network), List.of());
        NDManager scope = model.manager().newSubManager()) {
      return model.logits(photos(scope, network, PHOTOS)).toFloatArray();
    }
  }

  private static float[] deployed(
      Network network, Map<String, HostTensor> weights, Precision precision, Target target)
      throws IOException {
    ExportProgram written = ExportProgram.write(network, weights, precision, target);
    try (Program program = Program.load(written.module(), Device.cpu());
        NDManager scope = program.manager().newSubManager()) {
      return program.forward(photos(scope, network, PHOTOS), false).toFloatArray();
    }
  }

  private static float[] classify(Program program, NDArray photos) {
    return program.call(ProgramMethod.CLASSIFY, photos).singletonOrThrow().toFloatArray();
  }

  /** The largest difference by the spread of the expected values. */
  static double error(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double mean = 0;
    for (float v : expected) {
      mean += v / expected.length;
    }
    double variance = 0;
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      variance += (expected[i] - mean) * (expected[i] - mean) / expected.length;
      worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
    }
    return worst / Math.sqrt(variance);
  }

  private static NDArray photos(NDManager scope, Network network, int count) {
    int height = network.preprocessing().height();
    int width = network.preprocessing().width();
    byte[] pixels = new byte[count * height * width * 3];
    new Random(4).nextBytes(pixels);
    return scope.create(
        ByteBuffer.wrap(pixels), new Shape(count, height, width, 3), DataType.UINT8);
  }
}
