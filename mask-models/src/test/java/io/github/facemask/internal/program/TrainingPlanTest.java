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
import io.github.facemask.network.Heads;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.optimizer.Sgd;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TrainingPlanTest {

  private static final Network NETWORK = Backbones.get("resnet18").withInputSize(32, 32).network();

  @Test
  void everyLearnedTensorIsInOneGroupOrFrozen() {
    TrainingPlan plan = TrainingPlan.of(NETWORK, 2, 0.5);

    List<String> names = new ArrayList<>(plan.frozen());
    plan.groups().forEach(g -> names.addAll(g.names()));
    assertThat(names)
        .doesNotHaveDuplicates()
        .containsExactlyInAnyOrderElementsOf(
            NETWORK.tensors().stream()
                .filter(t -> t.role().isTrainable())
                .map(TensorSpec::name)
                .toList());
    assertThat(plan.frozen()).contains("conv1.weight", "layer1.1.bn2.bias");
    assertThat(plan.frozen()).doesNotContain("layer2.0.conv1.weight", "fc.weight");
  }

  @Test
  void ratesFallWithTheDistanceFromTheHead() {
    TrainingPlan plan = TrainingPlan.of(NETWORK, 0, 0.5);

    // Eight blocks lie between stem and head.
    assertThat(rate(plan, "fc.bias")).isEqualTo(1);
    assertThat(rate(plan, "layer4.1.conv2.weight")).isEqualTo(0.5);
    assertThat(rate(plan, "conv1.weight")).isEqualTo(Math.pow(0.5, 9));
    for (ParameterGroup group : plan.groups()) {
      assertThat(group.decays()).isEqualTo(group.names().get(0).matches(".*(conv.|fc|0)\\.weight"));
    }
  }

  @Test
  void refusesMoreStagesThanThereAre() {
    assertThatThrownBy(() -> TrainingPlan.of(NETWORK, 6, 1))
        .hasMessage("frozen stages is 6, expected 0 to 5 for resnet18");
    assertThatThrownBy(() -> TrainingPlan.of(NETWORK, 0, 0))
        .hasMessage("layer decay is 0.0, expected above 0 to 1");
  }

  @Test
  void aStepMovesWhatLearnsAndNothingThatIsFrozen() throws IOException {
    Map<String, HostTensor> before = Initialization.random(NETWORK, 1);

    Map<String, HostTensor> after = afterOneStep(NETWORK, before, TrainingPlan.of(NETWORK, 3, 1));

    TreeSet<String> moved = new TreeSet<>();
    after.forEach(
        (name, tensor) -> {
          if (!tensor.bytes().equals(before.get(name).bytes())) {
            moved.add(name);
          }
        });
    // Statistics included; a block's first steps change only what lies after its zero scale.
    assertThat(moved)
        .allMatch(n -> n.startsWith("layer3") || n.startsWith("layer4") || n.startsWith("fc"));
    assertThat(moved).contains("layer3.0.bn1.running_mean", "layer4.1.bn2.weight", "fc.weight");
  }

  @Test
  void layerDecayScalesTheStep() throws IOException {
    Map<String, HostTensor> before = Initialization.random(NETWORK, 1);

    Map<String, HostTensor> whole = afterOneStep(NETWORK, before, TrainingPlan.all(NETWORK));
    Map<String, HostTensor> slowed =
        afterOneStep(NETWORK, before, TrainingPlan.of(NETWORK, 0, 0.5));

    for (String name : List.of("fc.weight", "layer4.1.bn2.weight", "layer4.0.bn2.weight")) {
      double ratio = distance(before, slowed, name) / distance(before, whole, name);
      double expected = name.startsWith("fc") ? 1 : name.startsWith("layer4.1") ? 0.5 : 0.25;
      assertThat(ratio).as(name).isCloseTo(expected, within(1e-3));
    }
  }

  @Test
  void threeHeadsGiveTheProductOfTheirProbabilities() throws IOException {
    Network network =
        Backbones.get("resnet18").withInputSize(32, 32).withHeads(Heads.ATTRIBUTES).network();
    Map<String, HostTensor> weights = Initialization.random(network, 4);
    assertThat(weights.get("fc.weight").shape().get(0)).isEqualTo(8);

    try (ProgramModel model =
            ProgramModel.load(network, weights, setup(), TrainingPlan.all(network), List.of());
        ProgramModel plain =
            ProgramModel.load(
                Backbones.get("resnet18").withInputSize(32, 32).network(8),
                weights,
                setup(),
                TrainingPlan.all(network),
                List.of());
        NDManager scope = model.manager().newSubManager()) {
      NDArray photos = photos(scope);
      float[] joint = model.classify(photos).toFloatArray();
      float[] logits = plain.logits(photos).toFloatArray();
      for (int row = 0; row < 4; row++) {
        double[] mask = softmax(logits, row * 8, 3);
        double[] gender = softmax(logits, row * 8 + 3, 2);
        double[] age = softmax(logits, row * 8 + 5, 3);
        for (int c = 0; c < 18; c++) {
          double expected = mask[c / 6] * gender[c / 3 % 2] * age[c % 3];
          assertThat((double) joint[row * 18 + c]).isCloseTo(expected, within(1e-6));
        }
      }
    }
  }

  private static double[] softmax(float[] values, int from, int size) {
    double[] shares = new double[size];
    double sum = 0;
    for (int i = 0; i < size; i++) {
      shares[i] = Math.exp(values[from + i]);
      sum += shares[i];
    }
    for (int i = 0; i < size; i++) {
      shares[i] /= sum;
    }
    return shares;
  }

  private static double distance(
      Map<String, HostTensor> a, Map<String, HostTensor> b, String name) {
    float[] x = a.get(name).toFloats();
    float[] y = b.get(name).toFloats();
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += Math.abs((double) x[i] - y[i]);
    }
    return sum;
  }

  private static double rate(TrainingPlan plan, String name) {
    return plan.groups().stream()
        .filter(g -> g.names().contains(name))
        .findFirst()
        .orElseThrow()
        .rateScale();
  }

  private static Map<String, HostTensor> afterOneStep(
      Network network, Map<String, HostTensor> weights, TrainingPlan plan) throws IOException {
    try (ProgramModel model = ProgramModel.load(network, weights, setup(), plan, List.of());
        NDManager scope = model.manager().newSubManager()) {
      float[] targets = new float[4 * 18];
      for (int b = 0; b < 4; b++) {
        targets[b * 18 + 4 * b] = 1;
      }
      NDArray wanted = scope.create(targets, new Shape(4, 18));
      model.trainStep(new PhotoBatch(photos(scope), wanted, ImmutableList.of()), 1).close();
      model.optimizerStep(0.1, 0.9);
      return model.weights();
    }
  }

  private static NDArray photos(NDManager scope) {
    byte[] pixels = new byte[4 * 32 * 32 * 3];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 31 + i / 3072 * 57);
    }
    return scope.create(java.nio.ByteBuffer.wrap(pixels), new Shape(4, 32, 32, 3), DataType.UINT8);
  }

  private static TrainingConfig setup() {
    return new TrainingConfig(
        Device.cpu(),
        Precision.FLOAT32,
        CrossEntropy.plain(),
        new Sgd(0.1, 0, false, 0),
        Double.POSITIVE_INFINITY,
        0,
        MemoryLayout.CONTIGUOUS,
        0);
  }
}
