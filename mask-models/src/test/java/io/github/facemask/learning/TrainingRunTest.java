package io.github.facemask.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.training.Trainer;
import ai.djl.training.listener.EarlyStoppingListener;
import ai.djl.training.listener.TrainingListenerAdapter;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import com.google.common.collect.ImmutableSortedMap;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.schedule.Schedule;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.EpochMetrics;
import io.github.facemask.training.NonFiniteLossException;
import io.github.facemask.training.TrainableModel.StepOutput;
import io.github.facemask.training.Training;
import io.github.facemask.training.Training.Monitor;
import io.github.facemask.training.TrainingListener;
import io.github.facemask.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {

  @TempDir Path runs;

  private static Training.Builder training() {
    return Training.builder(new TinyNetwork(), ColouredPhotos.data(48, 24, 8))
        .optOptimizer(AdamW.of(0.02, 0))
        .optThreads(1)
        .optSchedule(Schedule.constant())
        .optPrecision(Precision.FLOAT32)
        .optEpochs(3);
  }

  private static List<Double> losses(TrainingResult outcome) {
    return outcome.epochs().stream().map(EpochMetrics::trainingLoss).toList();
  }

  /** A user's own cross entropy, in DJL's operations. */
  private static final class OwnCrossEntropy extends Loss {
    OwnCrossEntropy() {
      super("own cross entropy");
    }

    @Override
    public NDArray evaluate(NDList labels, NDList predictions) {
      NDArray logP = predictions.singletonOrThrow().logSoftmax(1);
      return labels.singletonOrThrow().mul(logP).sum(new int[] {1}).mean().neg();
    }
  }

  @Test
  void aLossOfTheUsersOwnLearnsAsTheCompiledOneDoes() throws IOException {
    TrainingResult own = training().optLoss(new OwnCrossEntropy()).build().run(runs.resolve("own"));
    TrainingResult compiled =
        training().optLoss(CrossEntropy.plain()).build().run(runs.resolve("ours"));

    assertThat(losses(own)).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat(losses(own).get(i)).isCloseTo(losses(compiled).get(i), within(1e-4));
      assertThat(own.epochs().get(i).trainingAccuracy())
          .isEqualTo(compiled.epochs().get(i).trainingAccuracy());
    }
    assertThat(RunJson.record(own.run()).at("/loss/name").asText()).isEqualTo("own cross entropy");
  }

  @Test
  void aTrackerOfTheUsersOwnSetsTheRate() throws IOException {
    Tracker halving = step -> 0.02f / (1 + step);

    TrainingResult outcome = training().optSchedule(halving).build().run(runs);

    assertThat(outcome.epochs().get(0).learningRate()).isEqualTo(0.02f / 6);
    assertThat(outcome.epochs().get(2).learningRate()).isEqualTo(0.02f / 18);
  }

  @Test
  void theTrainingAccuracyIsThatOfTheStepsOwnLogits() throws IOException {
    List<Double> seen = new ArrayList<>();
    TrainingListener counting =
        new TrainingListener() {
          @Override
          public void onTrainStep(PhotoBatch batch, StepOutput result) {
            NDArray same = result.logits().argMax(1).eq(batch.targets().argMax(1));
            seen.add(same.toType(DataType.FLOAT32, true).mean().getFloat() + 0.0);
          }
        };

    TrainingResult outcome = training().optListener(counting).optEpochs(1).build().run(runs);

    double mean = seen.stream().mapToDouble(d -> d).average().orElseThrow();
    assertThat(outcome.epochs().get(0).trainingAccuracy()).isCloseTo(mean, within(1e-6));
  }

  @Test
  void listenersOfDjlSeeBatchesAndResultsAndMayStop() throws IOException {
    List<String> told = new ArrayList<>();
    TrainingListenerAdapter own =
        new TrainingListenerAdapter() {
          @Override
          public void onTrainingBatch(Trainer trainer, BatchData batch) {
            NDList logits = batch.getPredictions().get(trainer.getDevices()[0]);
            told.add("batch of " + logits.singletonOrThrow().getShape().get(0));
          }

          @Override
          public void onEpoch(Trainer trainer) {
            told.add("epoch " + trainer.getTrainingResult().getEpoch());
            assertThat(trainer.getTrainingResult().getValidateLoss()).isPositive();
          }

          @Override
          public void onTrainingEnd(Trainer trainer) {
            told.add("end of " + trainer.getModel().getName());
          }
        };
    // No time at all: it ends the run after the first epoch.
    EarlyStoppingListener early = EarlyStoppingListener.builder().optMaxMillis(0).build();

    TrainingResult outcome =
        training().optListener(TrainingListener.ofDjl(own, early)).optEpochs(5).build().run(runs);

    assertThat(outcome.epochs()).hasSize(1);
    assertThat(told.subList(0, 7))
        .containsExactly(
            "batch of 8",
            "batch of 8",
            "batch of 8",
            "batch of 8",
            "batch of 8",
            "batch of 8",
            "epoch 1");
    assertThat(told.get(told.size() - 1)).startsWith("end of");
  }

  @Test
  void aRunIsRepeatedWithItsNumbersOfThreads() throws IOException {
    TrainingResult first = training().build().run(runs.resolve("first"));
    Path metrics = first.run().path().resolve("metrics.jsonl");
    String changed =
        "\"threads\":2,\"threadsFromBatch\":[{\"batch\":0,\"threads\":1},{\"batch\":4,\"threads\":2}]";
    List<String> lines = new ArrayList<>(Files.readAllLines(metrics));
    lines.set(1, lines.get(1).replace("\"threads\":1", changed));
    Files.write(metrics, lines);

    TrainingResult again =
        training().optThreads(0).build().repeat(first.run().path(), runs.resolve("again"));

    assertThat(again.epochs().stream().map(epoch -> epoch.timing().threads()))
        .containsExactly(
            ImmutableSortedMap.of(0, 1),
            ImmutableSortedMap.of(0, 1, 4, 2),
            ImmutableSortedMap.of(0, 1));
    assertThat(losses(again).get(0)).isEqualTo(losses(first).get(0));
    assertThat(RunJson.metrics(again.run()).get(1).at("/timing/threadsFromBatch"))
        .isEqualTo(RunJson.metrics(first.run()).get(1).at("/timing/threadsFromBatch"));
  }

  @Test
  void theBestEpochsStayAndNoOthers() throws IOException {
    TrainingResult outcome =
        training()
            .optKeepBest(2)
            .optMonitor(Monitor.VALIDATION_LOSS)
            .optEpochs(6)
            .build()
            .run(runs);

    List<String> best =
        outcome.epochs().stream()
            .sorted(Comparator.comparingDouble(EpochMetrics::validationLoss))
            .limit(2)
            .map(e -> outcome.run().checkpoint(e.epoch()).getFileName().toString())
            .toList();
    try (Stream<Path> kept = Files.list(outcome.run().path().resolve("checkpoints"))) {
      assertThat(kept.map(p -> p.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(best);
    }
    ModelFolder first = ModelFolder.open(outcome.run().checkpoint(outcome.best().epoch()));
    assertThat(first.weightsDigest()).isEqualTo(ModelFolder.open(outcome.model()).weightsDigest());
  }

  @Test
  void anInfiniteLossNamesItsPhotos() {
    Training broken =
        Training.builder(new TinyNetwork(), ColouredPhotos.data(48, 24, 8, 19))
            .optPrecision(Precision.FLOAT32)
            .build();

    assertThatThrownBy(() -> broken.run(runs))
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessageContaining("t16")
        .hasMessageContaining("t19")
        .hasMessageContaining("t23");
  }

  @Test
  void weightsThatAreNotFiniteEndTheRunAtItsLastGoodEpoch() throws IOException {
    // The last step of the second epoch: its own loss is finite, the validation's is not.
    Tracker exploding = step -> step == 11 ? Float.MAX_VALUE : 0.02f;
    Training training = training().optSchedule(exploding).build();
    List<EpochMetrics> good = training().optEpochs(1).build().run(runs.resolve("one")).epochs();

    NonFiniteLossException failure =
        catchThrowableOfType(
            NonFiniteLossException.class, () -> training.run(runs.resolve("broken")));

    assertThat(failure).isNotNull();
    assertThat(failure.epoch()).isEqualTo(2);
    assertThat(failure.batch()).isEmpty();
    assertThat(failure.loss()).isNaN();
    assertThat(failure.photoIds()).contains("v0").hasSizeLessThanOrEqualTo(24);
    assertThat(failure.problem().what()).isEqualTo("validationLoss");
    RunFolder run = RunFolder.open(failure.run());
    assertThat(RunJson.metrics(run)).hasSize(1);
    assertThat(RunJson.metrics(run).get(0).path("trainingLoss").asDouble())
        .isEqualTo(good.get(0).trainingLoss());
    assertThat(ModelFolder.open(run.model()).origin().epoch()).isEqualTo(1);
    assertThat(ModelFolder.open(run.model()).weights()).isNotEmpty();
    // The same steps from the last good epoch fail in the same way.
    assertThatThrownBy(() -> training.resume(run.path()))
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessage(failure.getMessage());
  }

  @Test
  void aLastBatchThatIsTooSmallIsLeftOutAndTold() throws IOException {
    List<TrainingListener.RunPlan> plans = new ArrayList<>();
    List<Long> sizes = new ArrayList<>();
    TrainingListener watching =
        new TrainingListener() {
          @Override
          public void onStart(RunPlan run) {
            plans.add(run);
          }

          @Override
          public void onTrainStep(PhotoBatch batch, StepOutput result) {
            sizes.add((long) batch.size());
          }
        };

    TrainingResult outcome =
        Training.builder(new TinyNetwork(2), ColouredPhotos.data(25, 24, 8))
            .optPrecision(Precision.FLOAT32)
            .optEpochs(2)
            .optListener(watching)
            .build()
            .run(runs);

    assertThat(sizes).containsExactly(8L, 8L, 8L, 8L, 8L, 8L);
    assertThat(plans.get(0).batchesPerEpoch()).isEqualTo(3);
    assertThat(plans.get(0).photosLeftOut()).isEqualTo(1);
    assertThat(RunJson.record(outcome.run()).path("photosLeftOut").asInt()).isEqualTo(1);
  }

  @Test
  void aBatchThatIsTooSmallIsRefusedBeforeTheFirstStep() {
    Training.Builder one = Training.builder(new TinyNetwork(2), ColouredPhotos.data(25, 24, 1));

    assertThatThrownBy(one::build)
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("batch size is 1, expected 2 or more");
    assertThat(runs).isEmptyDirectory();
  }
}
