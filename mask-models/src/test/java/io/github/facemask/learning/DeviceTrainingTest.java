package io.github.facemask.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.loader.DeviceLoaders;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.mixing.CutMix;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.EpochMetrics;
import io.github.facemask.training.Training;
import io.github.facemask.training.TrainingData;
import io.github.facemask.training.TrainingListener;
import io.github.facemask.training.TrainingResult;
import io.github.facemask.transform.ColorJitter;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.RandomResizedCrop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose photos are transformed as on a GPU, on the CPU. */
class DeviceTrainingTest {

  @TempDir Path folder;
  private PhotoSet learned;
  private PhotoSet judged;

  @BeforeEach
  void write() throws IOException {
    PhotoSet all = PhotoFiles.write(folder.resolve("photos"), 14);
    learned = PhotoSet.of(all.stream().limit(30).toList());
    judged = PhotoSet.of(all.stream().skip(30).toList());
  }

  private Training.Builder training(boolean onDevice) {
    Preprocessing input = new TinyNetwork().preprocessing();
    PhotoLoader.Builder batches =
        PhotoLoader.builder(learned, input)
            .optBatchSize(8)
            .optThreads(2)
            .optSeed(3)
            .optTransforms(
                RandomResizedCrop.of(0.3, 1),
                HorizontalFlip.half(),
                ColorJitter.of(0.4, 0.4, 0.4, 0.1))
            .optMixing(CutMix.alpha(1));
    PhotoLoader loader = onDevice ? DeviceLoaders.build(batches) : batches.build();
    PhotoLoader validation = PhotoLoader.builder(judged, input).optBatchSize(8).build();
    return Training.builder(
            new TinyNetwork(), new TrainingData(learned, loader, judged, validation))
        .optOptimizer(AdamW.of(0.01, 0))
        .optThreads(1)
        .optPrecision(Precision.FLOAT32)
        .optEpochs(3);
  }

  private static List<Double> losses(TrainingResult result) {
    return result.epochs().stream().map(EpochMetrics::trainingLoss).toList();
  }

  @Test
  void aRunOnTheDeviceLearnsWhatTheHostsRunLearns() throws IOException {
    TrainingResult host = training(false).build().run(folder.resolve("host"));
    TrainingResult device = training(true).build().run(folder.resolve("device"));

    assertThat(losses(device)).isNotEqualTo(losses(host));
    for (int i = 0; i < 3; i++) {
      assertThat(losses(device).get(i)).isCloseTo(losses(host).get(i), within(1e-2));
    }
    assertThat(RunJson.record(device.run()).path("transformsOn").asText()).isEqualTo("device");
    assertThat(RunJson.record(host.run()).has("transformsOn")).isFalse();
    assertThat(RunJson.record(device.run()).path("batches"))
        .isEqualTo(RunJson.record(host.run()).path("batches"));
  }

  @Test
  void aStoppedRunGoesOnAsIfItHadNotStopped() throws IOException {
    TrainingResult whole = training(true).build().run(folder.resolve("whole"));
    TrainingListener impatient =
        new TrainingListener() {
          private boolean ended;

          @Override
          public void onEpoch(EpochMetrics metrics, boolean isBest) {
            ended = true;
          }

          @Override
          public boolean endsRun() {
            return ended;
          }
        };
    TrainingResult part = training(true).optListener(impatient).build().run(folder.resolve("part"));
    assertThat(part.epochs()).hasSize(1);
    Path run = part.run().path();

    assertThatThrownBy(() -> training(false).build().resume(run))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("its transformsOn was device, is absent");
    assertThat(losses(training(true).build().resume(run))).isEqualTo(losses(whole));
  }
}
