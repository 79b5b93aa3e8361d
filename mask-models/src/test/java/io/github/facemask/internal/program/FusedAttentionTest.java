package io.github.facemask.internal.program;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.internal.parity.FormulaTensors;
import io.github.facemask.internal.passes.ExportProgram;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.model.Target;
import io.github.facemask.network.Network;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.random.RandomStream;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The attention that programs take on a GPU, computed on the CPU. */
class FusedAttentionTest {

  private static final int PHOTOS = 2;

  @TempDir Path folder;

  private static NDArray photos(NDManager scope, Network network) {
    int height = network.preprocessing().height();
    int width = network.preprocessing().width();
    RandomStream random = RandomStream.of(4, "photos");
    ByteBuffer bytes = ByteBuffer.allocateDirect(PHOTOS * height * width * 3);
    while (bytes.hasRemaining()) {
      bytes.put((byte) random.nextInt(256));
    }
    return scope.create(bytes.flip(), new Shape(PHOTOS, height, width, 3), DataType.UINT8);
  }

  private static ScriptModule training(Network network, Precision precision) {
    TrainingConfig setup =
        new TrainingConfig(
            Device.cpu(),
            precision,
            CrossEntropy.plain(),
            AdamW.of(1e-3, 0),
            Double.POSITIVE_INFINITY,
            0,
            MemoryLayout.CHANNELS_LAST,
            0);
    // Larger bias tables than the initial ones, so that a wrong bias shows.
    Map<String, HostTensor> weights = FormulaTensors.of(network, 1, 1);
    return TrainingProgram.write(network, weights, setup);
  }

  /** Returns the logits, then the gradients, of one step. */
  private static List<float[]> step(Program program, Network network) {
    try (NDManager scope = program.manager().newSubManager()) {
      program.callTraining(ProgramMethod.OPTIMIZER_INIT, scope.create(0f));
      float[] targets = new float[PHOTOS * 18];
      targets[3] = 1;
      targets[18 + 7] = 1;
      NDList result =
          program.callTraining(
              ProgramMethod.TRAIN_STEP,
              photos(scope, network),
              scope.create(targets, new Shape(PHOTOS, 18)),
              scope.create(1f));
      List<float[]> all = new ArrayList<>();
      all.add(result.get(1).toFloatArray());
      for (NDArray gradient : program.call(ProgramMethod.OPTIMIZER_GRADIENTS, scope.create(0f))) {
        all.add(gradient.toFloatArray());
      }
      return all;
    }
  }

  /** Returns the length of the difference against the length of what is expected. */
  private static double error(float[] got, float[] expected) {
    assertThat(got).hasSameSizeAs(expected);
    double difference = 0;
    double length = 0;
    for (int i = 0; i < got.length; i++) {
      difference += Math.pow(got[i] - expected[i], 2);
      length += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / Math.max(length, 1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "swin_tiny_patch4_window7_224, 112, 112, FLOAT32",
    "swin_tiny_patch4_window7_224, 72, 60, FLOAT32",
    "swin_tiny_patch4_window7_224, 72, 60, BFLOAT16",
    "vit_tiny_patch16_224, 32, 48, BFLOAT16"
  })
  void trainingLearnsTheSame(String name, int height, int width, Precision precision)
      throws IOException {
    Network network = Backbones.get(name).withInputSize(height, width).network();
    ScriptModule module = training(network, precision);
    List<float[]> expected;
    List<float[]> got;
    try (Program plain = Program.load(module, Device.cpu())) {
      expected = step(plain, network);
    }
    try (Program fused = GpuBranch.load(module, folder)) {
      got = step(fused, network);
    }
    boolean exact = precision == Precision.FLOAT32;
    assertThat(error(got.get(0), expected.get(0))).isLessThan(exact ? 1e-5 : 2e-2);
    assertThat(got).hasSameSizeAs(expected);
    double largest = 0;
    for (int i = 1; i < got.size(); i++) {
      largest = Math.max(largest, error(got.get(i), expected.get(i)));
    }
    assertThat(largest).isLessThan(exact ? 1e-3 : 0.2);
  }

  @ParameterizedTest
  @CsvSource({
    "swin_tiny_patch4_window7_224, 112, 112",
    "swin_tiny_patch4_window7_224, 72, 60",
    "vit_tiny_patch16_224, 32, 48"
  })
  void portableExportsAnswerTheSame(String name, int height, int width) throws IOException {
    Network network = Backbones.get(name).withInputSize(height, width).network();
    ScriptModule module =
        ExportProgram.write(
                network, FormulaTensors.of(network, 1, 1), Precision.BFLOAT16, Target.PORTABLE)
            .module();
    try (Program plain = Program.load(module, Device.cpu());
        Program fused = GpuBranch.load(module, folder);
        NDManager scope = plain.manager().newSubManager()) {
      NDArray some = photos(scope, network);
      float[] expected = plain.call(ProgramMethod.FORWARD, some).singletonOrThrow().toFloatArray();
      float[] got = fused.call(ProgramMethod.FORWARD, some).singletonOrThrow().toFloatArray();
      assertThat(error(got, expected)).isLessThan(2e-2);
    }
  }
}
