package io.github.facemask.internal.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.network.Network;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableModel.StepOutput;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrecisionTest {

  @ParameterizedTest
  @CsvSource({
    "resnet18, 32, 32",
    "tf_efficientnet_b0, 45, 64",
    "swin_tiny_patch4_window7_224, 72, 60",
    "vit_tiny_patch16_224, 32, 48",
    "vit_small_r26_s32_384, 64, 50"
  })
  void bfloat16LearnsAlmostAsFloat32Does(String name, int height, int width) throws IOException {
    Network network = Backbones.get(name).withInputSize(height, width).network();

    Step exact = step(network, Precision.FLOAT32);
    Step rounded = step(network, Precision.BFLOAT16);

    assertThat(rounded.loss()).isCloseTo(exact.loss(), withinPercentage(2));
    assertThat(rounded.gradientNorm()).isCloseTo(exact.gradientNorm(), withinPercentage(10));
  }

  /** The loss of one batch and the norm of all its gradients. */
  private record Step(double loss, double gradientNorm) {}

  private static Step step(Network network, Precision precision) throws IOException {
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
    try (ProgramModel model =
            ProgramModel.load(
                network,
                Initialization.random(network, 5),
                setup,
                TrainingPlan.all(network),
                List.of());
        NDManager scope = model.manager().newSubManager();
        StepOutput result = model.trainStep(batch(scope, network), 1)) {
      double squares = 0;
      for (HostTensor gradient : model.gradients().values()) {
        for (float value : gradient.toFloats()) {
          squares += value * value;
        }
      }
      assertThat(result.logits().getShape()).isEqualTo(new Shape(4, 18));
      return new Step(result.loss().getFloat(), Math.sqrt(squares));
    }
  }

  private static PhotoBatch batch(NDManager scope, Network network) {
    int height = network.preprocessing().height();
    int width = network.preprocessing().width();
    byte[] pixels = new byte[4 * height * width * 3];
    new java.util.Random(1).nextBytes(pixels);
    float[] targets = new float[4 * 18];
    for (int row = 0; row < 4; row++) {
      targets[row * 18 + row] = 1;
    }
    NDArray photos =
        scope.create(
            java.nio.ByteBuffer.wrap(pixels),
            new Shape(4, height, width, 3),
            ai.djl.ndarray.types.DataType.UINT8);
    return new PhotoBatch(photos, scope.create(targets, new Shape(4, 18)), ImmutableList.of());
  }
}
