package io.github.facemask.internal.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
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
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The moving average of weights and statistics, and the state that training goes on from. */
class AverageTest {

  private static final double DECAY = 0.75;
  private static final Network NETWORK = Backbones.get("resnet18").withInputSize(32, 32).network();

  @Test
  void isTheRecursionOfTheWeightsAfterEachStepStatisticsIncluded() throws IOException {
    try (ProgramModel model = load(1)) {
      Map<String, float[]> expected = new HashMap<>();
      model.weights().forEach((name, tensor) -> expected.put(name, tensor.toFloats()));
      for (int step = 0; step < 3; step++) {
        learn(model, step);
        Map<String, HostTensor> now = model.weights();
        expected.forEach(
            (name, average) -> {
              float[] value = now.get(name).toFloats();
              for (int i = 0; i < value.length; i++) {
                average[i] += (float) ((1 - DECAY) * (value[i] - average[i]));
              }
            });
      }
      Map<String, HostTensor> last = model.weights();

      Map<String, HostTensor> average = model.withAverage(model::weights);
      assertThatThrownBy(
              () ->
                  model.withAverage(
                      () -> {
                        throw new IOException("disk is full");
                      }))
          .hasMessage("disk is full");

      for (String name : List.of("conv1.weight", "layer2.0.bn1.running_var", "fc.bias")) {
        float[] values = average.get(name).toFloats();
        for (int i = 0; i < values.length; i++) {
          assertThat(values[i]).isCloseTo(expected.get(name)[i], within(1e-5f));
        }
        assertThat(average.get(name).bytes()).isNotEqualTo(last.get(name).bytes());
      }
      assertThat(average.get("bn1.num_batches_tracked").bytes())
          .isEqualTo(last.get("bn1.num_batches_tracked").bytes());
      model.weights().forEach((name, t) -> assertThat(t.bytes()).isEqualTo(last.get(name).bytes()));
    }
  }

  @Test
  void aModelThatTakesUpTheStateGoesOnToTheSameBits(@TempDir Path folder) throws IOException {
    Path state = folder.resolve("state.safetensors");
    Map<String, HostTensor> expected;
    try (ProgramModel model = load(1)) {
      learn(model, 0);
      learn(model, 1);
      model.saveState(state, Map.of("step", "2"));
      learn(model, 2);
      expected = model.withAverage(model::weights);
    }

    // Other starting weights, so that whatever is not taken up shows.
    try (ProgramModel model = load(2)) {
      assertThat(model.restoreState(state)).containsEntry("step", "2");
      learn(model, 2);
      model
          .withAverage(model::weights)
          .forEach(
              (name, t) -> assertThat(t.bytes()).as(name).isEqualTo(expected.get(name).bytes()));
    }
  }

  private static ProgramModel load(long seed) throws IOException {
    TrainingConfig setup =
        new TrainingConfig(
            Device.cpu(),
            Precision.FLOAT32,
            CrossEntropy.plain(),
            AdamW.of(1e-2, 0.05),
            Double.POSITIVE_INFINITY,
            DECAY,
            MemoryLayout.CHANNELS_LAST,
            seed);
    return ProgramModel.load(
        NETWORK, Initialization.random(NETWORK, seed), setup, TrainingPlan.all(NETWORK), List.of());
  }

  private static void learn(ProgramModel model, int step) {
    try (NDManager scope = model.manager().newSubManager()) {
      byte[] pixels = new byte[4 * 32 * 32 * 3];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (byte) (i * 31 + i / 3072 * 57 + step * 11);
      }
      float[] targets = new float[4 * 18];
      for (int b = 0; b < 4; b++) {
        targets[b * 18 + 4 * b + step] = 1;
      }
      NDArray photos =
          scope.create(ByteBuffer.wrap(pixels), new Shape(4, 32, 32, 3), DataType.UINT8);
      NDArray wanted = scope.create(targets, new Shape(4, 18));
      model.trainStep(new PhotoBatch(photos, wanted, ImmutableList.of()), 1).close();
      model.optimizerStep(1e-2, 0.9);
    }
  }
}
