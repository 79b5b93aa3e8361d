package io.github.facemask.internal.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.backbone.TrainedModel;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.loss.FocalLoss;
import io.github.facemask.loss.TrainingLoss;
import io.github.facemask.network.Network;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import io.github.facemask.random.RandomStream;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableModel;
import io.github.facemask.training.TrainableModel.StepOutput;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramModelTest {

  private static final int SIZE = 32;
  private static final int PHOTOS = 4;

  private final Backbone backbone = Backbones.get("resnet18").withInputSize(SIZE, SIZE);

  private static TrainingConfig setup(Precision precision) {
    return new TrainingConfig(
        Device.cpu(),
        precision,
        CrossEntropy.plain(),
        AdamW.of(1e-3, 0.05),
        1.0,
        0,
        MemoryLayout.CHANNELS_LAST,
        3);
  }

  /** Photos of noise around a level of their own, each of a class of its own. */
  private static PhotoBatch batch(NDManager manager) {
    RandomStream random = RandomStream.of(5, "test photos");
    int bytes = SIZE * SIZE * 3;
    ByteBuffer pixels = ByteBuffer.allocateDirect(PHOTOS * bytes);
    for (int i = 0; i < PHOTOS * bytes; i++) {
      pixels.put((byte) (50 * (i / bytes) + random.nextInt(40)));
    }
    float[] targets = new float[PHOTOS * 18];
    for (int i = 0; i < PHOTOS; i++) {
      targets[i * 18 + 4 * i] = 1;
    }
    return new PhotoBatch(
        manager.create(pixels.flip(), new Shape(PHOTOS, SIZE, SIZE, 3), DataType.UINT8),
        manager.create(targets, new Shape(PHOTOS, 18)),
        ImmutableList.of(0, 1, 2, 3));
  }

  private static float trainStep(TrainableModel model, PhotoBatch batch) {
    try (StepOutput result = model.trainStep(batch, 1)) {
      float loss = result.loss().getFloat();
      model.optimizerStep(1e-3, 0.9);
      return loss;
    }
  }

  @Test
  void bothPrecisionsLearnABatchByHeart() throws IOException {
    for (Precision precision : List.of(Precision.FLOAT32, Precision.BFLOAT16)) {
      try (TrainableModel model = backbone.prepare(setup(precision));
          NDManager scope = model.manager().newSubManager();
          PhotoBatch batch = batch(scope)) {
        float first = trainStep(model, batch);
        float last = first;
        for (int i = 0; i < 15; i++) {
          last = trainStep(model, batch);
        }
        assertThat(first).as(precision.name()).isBetween(2f, 5f);
        assertThat(last).as(precision.name()).isLessThan(first / 4);
      }
    }
  }

  @Test
  void aRestoredModelContinuesToTheSameNumbers(@TempDir Path folder) throws IOException {
    try (TrainableModel through = backbone.prepare(setup(Precision.FLOAT32));
        TrainableModel resumed = backbone.prepare(setup(Precision.FLOAT32));
        NDManager scope = through.manager().newSubManager();
        PhotoBatch batch = batch(scope)) {
      trainStep(through, batch);
      trainStep(through, batch);
      Path state = folder.resolve("state.safetensors");
      through.saveState(state, Map.of());
      trainStep(resumed, batch);
      resumed.restoreState(state);

      assertThat(trainStep(resumed, batch)).isEqualTo(trainStep(through, batch));
      assertThat(trainStep(resumed, batch)).isEqualTo(trainStep(through, batch));
    }
  }

  /** The losses before and after the change are equal in value, and different programs. */
  private static TrainingConfig deferring() {
    TrainingConfig plain = setup(Precision.FLOAT32);
    return new TrainingConfig(
        plain.device(),
        plain.precision(),
        new TrainingLoss.Deferred(CrossEntropy.plain(), new FocalLoss(0), 1),
        plain.optimizer(),
        plain.gradientNormLimit(),
        0.9,
        plain.layout(),
        plain.seed());
  }

  @Test
  void theOptimizerGoesOnWhereTheLossChanges(@TempDir Path folder) throws IOException {
    TrainingConfig same =
        new TrainingConfig(
            Device.cpu(),
            Precision.FLOAT32,
            new FocalLoss(0),
            deferring().optimizer(),
            deferring().gradientNormLimit(),
            0.9,
            deferring().layout(),
            deferring().seed());
    try (TrainableModel unchanged = backbone.prepare(same);
        TrainableModel changed = backbone.prepare(deferring());
        TrainableModel resumed = backbone.prepare(deferring());
        NDManager scope = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        PhotoBatch batch = batch(scope)) {
      for (TrainableModel model : List.of(unchanged, changed)) {
        model.startEpoch(1);
        trainStep(model, batch);
        trainStep(model, batch);
      }
      Path state = folder.resolve("state.safetensors");
      changed.saveState(state, Map.of());
      resumed.restoreState(state);
      for (TrainableModel model : List.of(unchanged, changed, resumed)) {
        model.startEpoch(2);
      }

      for (int step = 0; step < 2; step++) {
        float expected = trainStep(unchanged, batch);
        float own = trainStep(changed, batch);
        // With a new optimizer the first step would be many times as long.
        assertThat(own).isCloseTo(expected, withinPercentage(1));
        assertThat(trainStep(resumed, batch)).isEqualTo(own);
      }
      float[] weights = changed.weights().get("fc.weight").toFloats();
      assertThat(weights)
          .containsExactly(unchanged.weights().get("fc.weight").toFloats(), within(2e-4f));
      assertThat(resumed.weights().get("fc.weight").toFloats()).isEqualTo(weights);
    }
  }

  @Test
  void batchesOfAStepAddUp() throws IOException {
    try (TrainableModel once = backbone.prepare(setup(Precision.FLOAT32));
        TrainableModel twice = backbone.prepare(setup(Precision.FLOAT32));
        NDManager scope = once.manager().newSubManager();
        PhotoBatch batch = batch(scope)) {
      once.trainStep(batch, 1).close();
      twice.trainStep(batch, 0.5).close();
      twice.trainStep(batch, 0.5).close();
      once.optimizerStep(1e-2, 0.9);
      twice.optimizerStep(1e-2, 0.9);

      float[] expected = once.weights().get("fc.weight").toFloats();
      assertThat(twice.weights().get("fc.weight").toFloats())
          .containsExactly(expected, within(2e-5f));
    }
  }

  @Test
  void trainingCountsBatchesAndMovesStatistics() throws IOException {
    try (TrainableModel model = backbone.prepare(setup(Precision.BFLOAT16));
        NDManager scope = model.manager().newSubManager();
        PhotoBatch batch = batch(scope)) {
      trainStep(model, batch);
      model.classify(batch.pixels()).close();
      trainStep(model, batch);
      Map<String, HostTensor> weights = model.weights();

      assertThat(weights.get("bn1.num_batches_tracked").toDoubles()).containsExactly(2);
      assertThat(weights.get("layer4.1.bn2.running_mean").toFloats()).isNotEqualTo(new float[512]);
    }
  }

  @Test
  void aSavedModelClassifiesTheSame(@TempDir Path folder) throws IOException {
    ModelOrigin origin =
        new ModelOrigin(
            new RunId("test"),
            Digest.ofText("a"),
            Digest.ofText("b"),
            com.google.common.collect.ImmutableList.of("anna"),
            1);
    try (TrainableModel model = backbone.prepare(setup(Precision.FLOAT32));
        NDManager scope = model.manager().newSubManager();
        PhotoBatch batch = batch(scope)) {
      trainStep(model, batch);
      model.save(folder, origin, Map.of());
      float[] expected = model.classify(batch.pixels()).toFloatArray();
      try (TrainedModel opened = TrainedModel.open(folder, Device.cpu(), Precision.FLOAT32)) {
        assertThat(opened.classify(batch.pixels()).toFloatArray())
            .containsExactly(expected, within(1e-6f));
        assertThat(opened.folder().origin()).isEqualTo(origin);
      }
      Network network = backbone.network();
      assertThat(opened(folder).keySet())
          .containsExactlyElementsOf(network.tensors().stream().map(t -> t.name()).toList());
    }
  }

  private static Map<String, HostTensor> opened(Path folder) throws IOException {
    return io.github.facemask.model.ModelFolder.open(folder).weights();
  }

  @Test
  void trainingStartsFromAFileOfWeights(@TempDir Path folder) throws IOException {
    try (TrainableModel model = backbone.prepare(setup(Precision.FLOAT32));
        NDManager scope = model.manager().newSubManager();
        PhotoBatch batch = batch(scope)) {
      trainStep(model, batch);
      model.save(
          folder,
          new ModelOrigin(
              new RunId("test"),
              Digest.ofText("a"),
              Digest.ofText("b"),
              com.google.common.collect.ImmutableList.of(),
              1),
          Map.of());
      try (TrainableModel again =
          backbone
              .withWeights(folder.resolve("weights.safetensors"))
              .prepare(setup(Precision.FLOAT32))) {
        assertThat(again.weights().get("conv1.weight").toFloats())
            .containsExactly(model.weights().get("conv1.weight").toFloats());
      }
    }
  }

  @Test
  void stepsLeaveNothingBehind() throws IOException {
    try (TrainableModel model = backbone.prepare(setup(Precision.BFLOAT16));
        NDManager scope = model.manager().newSubManager();
        PhotoBatch batch = batch(scope)) {
      trainStep(model, batch);
      int arrays = model.manager().getManagedArrays().size();
      int inScope = scope.getManagedArrays().size();
      for (int i = 0; i < 5; i++) {
        trainStep(model, batch);
      }
      assertThat(model.manager().getManagedArrays()).hasSize(arrays);
      assertThat(scope.getManagedArrays()).hasSize(inScope);
    }
  }
}
