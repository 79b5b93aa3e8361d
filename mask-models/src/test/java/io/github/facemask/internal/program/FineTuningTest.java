package io.github.facemask.internal.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.internal.weights.InitialWeights;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.network.Network;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dropout, stochastic depth, gradual unfreezing and the head's rate. */
final class FineTuningTest {

  private static final Network NETWORK = Backbones.get("resnet18").withInputSize(32, 32).network();
  private static final int PHOTOS = 4;

  private static Network network(String name) {
    return Backbones.get(name).network();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18",
        "resnet50",
        "tf_efficientnet_b0",
        "tf_efficientnet_b4",
        "swin_tiny_patch4_window7_224",
        "swin_base_patch4_window12_384",
        "vit_tiny_patch16_224",
        "vit_base_r50_s16_384"
      })
  void theRatesOfTheBranchesAreTimms(String name) throws IOException {
    JsonNode golden;
    try (InputStream file = FineTuningTest.class.getResourceAsStream("/golden/drop_rates.json")) {
      golden = new ObjectMapper().readTree(file).path(name);
    }
    List<Double> rates = DropMasks.of(network(name), 0, 0.2).branches();

    assertThat(rates).hasSize(golden.size()).isNotEmpty();
    for (int i = 0; i < rates.size(); i++) {
      assertThat(rates.get(i)).isCloseTo(golden.get(i).asDouble(), within(1e-6));
    }
  }

  @Test
  void theFactorsHaveMeanOneAndDropTheirShare() {
    DropMasks masks = DropMasks.of(network("vit_tiny_patch16_224"), 0.25, 0.4);
    int photos = 4000;
    float[] factors = masks.draw(5, 3, 2, photos);

    assertThat(masks.columns()).isEqualTo(22 + 192);
    double kept = 0;
    for (int column = 0; column < masks.columns(); column++) {
      double rate = column < 22 ? masks.branches().get(column) : 0.25;
      int dropped = 0;
      double sum = 0;
      for (int photo = 0; photo < photos; photo++) {
        float factor = factors[photo * masks.columns() + column];
        dropped += factor == 0 ? 1 : 0;
        sum += factor;
        assertThat(factor).isIn(0f, (float) (1 / (1 - rate)));
      }
      // Five standard deviations of a share of 4000 draws.
      assertThat((double) dropped / photos).isCloseTo(rate, within(0.04));
      kept += sum / photos / masks.columns();
    }
    assertThat(kept).isCloseTo(1, within(0.005));
  }

  @Test
  void theFactorsDependOnSeedEpochAndBatchAlone() {
    DropMasks masks = DropMasks.of(NETWORK, 0.5, 0.5);

    assertThat(masks.draw(1, 2, 3, 4)).isEqualTo(masks.draw(1, 2, 3, 4));
    assertThat(masks.draw(1, 2, 3, 4))
        .isNotEqualTo(masks.draw(2, 2, 3, 4))
        .isNotEqualTo(masks.draw(1, 3, 3, 4))
        .isNotEqualTo(masks.draw(1, 2, 4, 4));
  }

  @Test
  void rateZeroIsTheSameProgram() throws IOException {
    try (ProgramModel plain = load(FineTuning.NONE, 0);
        ProgramModel zero = load(new FineTuning(0, 0, 1, 1, 0, 0), 0)) {
      learn(plain, 2);
      learn(zero, 2);

      assertSame(plain.weights(), zero.weights());
    }
  }

  @Test
  void aDroppedBranchLearnsNothingAndItsInputPasses() throws IOException {
    // 0.9999 for the last block: it is dropped for all four photos.
    try (ProgramModel model = load(new FineTuning(0, 0, 1, 1, 0, 0.9999), 0)) {
      backward(model);
      Map<String, HostTensor> gradients = model.gradients();

      assertThat(largest(gradients.get("layer4.1.bn2.weight"))).isZero();
      assertThat(largest(gradients.get("layer1.0.bn2.weight"))).isPositive();
      assertThat(largest(gradients.get("fc.weight"))).isPositive();
    }
  }

  @Test
  void aDroppedFeatureGivesItsWeightsNoGradient() throws IOException {
    DropMasks masks = DropMasks.of(NETWORK, 0.5, 0);
    float[] factors = masks.draw(1, 1, 0, PHOTOS);
    try (ProgramModel model = load(new FineTuning(0, 0, 1, 1, 0.5, 0), 0)) {
      backward(model);
      float[] gradient = model.gradients().get("fc.weight").toFloats();

      int silent = 0;
      for (int feature = 0; feature < masks.features(); feature++) {
        boolean dropped = true;
        for (int photo = 0; photo < PHOTOS; photo++) {
          dropped &= factors[photo * masks.columns() + feature] == 0;
        }
        if (dropped) {
          silent++;
          assertThat(gradient[feature]).isZero();
        }
      }
      assertThat(silent).isGreaterThan(10);
    }
  }

  @Test
  void predictionsDropNothing() throws IOException {
    try (ProgramModel plain = load(FineTuning.NONE, 0);
        ProgramModel dropping = load(new FineTuning(0, 0, 1, 1, 0.5, 0.5), 0);
        NDManager scope = plain.manager().newSubManager();
        NDManager other = dropping.manager().newSubManager()) {
      assertThat(dropping.classify(photos(other)).toFloatArray())
          .isEqualTo(plain.classify(photos(scope)).toFloatArray());
    }
  }

  @Test
  void unfreezingBeginsAtTheHead() throws IOException {
    try (ProgramModel model = load(new FineTuning(5, 1, 1, 1, 0, 0), 0)) {
      List<List<String>> learnt = new ArrayList<>();
      for (int epoch = 1; epoch <= 6; epoch++) {
        model.startEpoch(epoch);
        Map<String, HostTensor> before = model.weights();
        learn(model, 1);
        learnt.add(changed(before, model.weights()));
      }

      assertThat(learnt.get(0)).containsExactly("fc");
      assertThat(learnt.get(1)).containsExactly("layer4", "fc");
      assertThat(learnt.get(4)).containsExactly("layer1", "layer2", "layer3", "layer4", "fc");
      assertThat(learnt.get(5)).startsWith("conv1", "bn1", "layer1");
    }
  }

  @Test
  void theAverageGoesAlongWhenAStageBeginsToLearn() throws IOException {
    try (ProgramModel model = load(new FineTuning(2, 1, 1, 1, 0, 0), 0.9)) {
      learn(model, 2);
      Map<String, HostTensor> before = model.withAverage(model::weights);
      model.startEpoch(2);

      assertThat(before.get("fc.weight").bytes())
          .isNotEqualTo(model.weights().get("fc.weight").bytes());
      assertSame(before, model.withAverage(model::weights));
    }
  }

  @Test
  void aResumedRunGoesOnToTheSameWeights(@TempDir Path folder) throws IOException {
    FineTuning tuning = new FineTuning(4, 1, 1, 10, 0.3, 0.3);
    Path state = folder.resolve("state.safetensors");
    Map<String, HostTensor> expected;
    try (ProgramModel whole = load(tuning, 0.9)) {
      for (int epoch = 1; epoch <= 3; epoch++) {
        whole.startEpoch(epoch);
        learn(whole, 2);
        if (epoch == 2) {
          whole.saveState(state, Map.of("step", "4"));
        }
      }
      expected = whole.withAverage(whole::weights);
    }
    try (ProgramModel resumed = load(tuning, 0.9)) {
      assertThat(resumed.restoreState(state)).containsEntry("step", "4");
      resumed.startEpoch(3);
      learn(resumed, 2);

      assertSame(expected, resumed.withAverage(resumed::weights));
    }
  }

  @Test
  void theHeadLearnsAtItsOwnRate() throws IOException {
    TrainingPlan plan = TrainingPlan.of(NETWORK, 0, 1, 10);

    assertThat(plan.groups())
        .filteredOn(group -> group.rateScale() == 10)
        .flatExtracting(ParameterGroup::names)
        .containsExactlyInAnyOrder("fc.weight", "fc.bias");
    try (ProgramModel model = load(new FineTuning(0, 0, 1, 10, 0, 0), 0)) {
      Map<String, HostTensor> before = model.weights();
      learn(model, 1);
      // Adam's first step is the rate.
      assertThat(largestStep(before, model.weights(), "fc.bias")).isCloseTo(0.1, within(1e-3));
      assertThat(largestStep(before, model.weights(), "bn1.bias")).isCloseTo(0.01, within(1e-3));
    }
  }

  @Test
  void valuesOutOfRangeAreNamed() {
    assertThatThrownBy(() -> Backbones.get("resnet18").withDropout(1, 0))
        .hasMessage("drop rate is 1.0, expected 0 to below 1");
    assertThatThrownBy(() -> Backbones.get("resnet18").withDropout(0, -0.1))
        .hasMessage("drop path rate is -0.1, expected 0 to below 1");
    assertThatThrownBy(() -> Backbones.get("resnet18").withHeadRate(0))
        .hasMessage("head rate is 0.0, expected above 0 to 1000");
    assertThatThrownBy(() -> Backbones.get("resnet18").withUnfreezing(1))
        .hasMessage("unfreeze every is 1, expected 0 if no stage is frozen");
  }

  private static List<String> changed(
      Map<String, HostTensor> before, Map<String, HostTensor> after) {
    return before.keySet().stream()
        .filter(name -> largestStep(before, after, name) > 0)
        .map(name -> name.substring(0, name.indexOf('.')))
        .distinct()
        .toList();
  }

  private static double largestStep(
      Map<String, HostTensor> before, Map<String, HostTensor> after, String name) {
    double[] x = before.get(name).toDoubles();
    double[] y = after.get(name).toDoubles();
    double largest = 0;
    for (int i = 0; i < x.length; i++) {
      largest = Math.max(largest, Math.abs(x[i] - y[i]));
    }
    return largest;
  }

  private static double largest(HostTensor tensor) {
    double largest = 0;
    for (float value : tensor.toFloats()) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static void assertSame(Map<String, HostTensor> a, Map<String, HostTensor> b) {
    a.forEach((name, tensor) -> assertThat(b.get(name).bytes()).as(name).isEqualTo(tensor.bytes()));
  }

  private static ProgramModel load(FineTuning tuning, double averageDecay) throws IOException {
    return ProgramModel.load(
        NETWORK,
        new InitialWeights(Initialization.random(NETWORK, 1), ImmutableMap.of()),
        new TrainingConfig(
            Device.cpu(),
            Precision.FLOAT32,
            CrossEntropy.plain(),
            AdamW.of(0.01, 0),
            Double.POSITIVE_INFINITY,
            averageDecay,
            MemoryLayout.CHANNELS_LAST,
            1),
        tuning,
        Optional.empty());
  }

  private static void backward(ProgramModel model) {
    try (NDManager scope = model.manager().newSubManager()) {
      float[] targets = new float[PHOTOS * 18];
      for (int b = 0; b < PHOTOS; b++) {
        targets[b * 18 + 4 * b] = 1;
      }
      NDArray wanted = scope.create(targets, new Shape(PHOTOS, 18));
      model.trainStep(new PhotoBatch(photos(scope), wanted, ImmutableList.of()), 1).close();
    }
  }

  private static void learn(ProgramModel model, int steps) {
    for (int step = 0; step < steps; step++) {
      backward(model);
      model.optimizerStep(0.01, 0.9);
    }
  }

  private static NDArray photos(NDManager scope) {
    byte[] pixels = new byte[PHOTOS * 32 * 32 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 31 + i / 3072 * 57);
    }
    return scope.create(ByteBuffer.wrap(pixels), new Shape(PHOTOS, 32, 32, 3), DataType.UINT8);
  }
}
