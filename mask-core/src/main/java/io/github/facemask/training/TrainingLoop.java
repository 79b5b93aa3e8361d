package io.github.facemask.training;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.batch.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.inference.Classification;
import io.github.facemask.label.FaceClass;
import io.github.facemask.metric.ClassificationScores;
import io.github.facemask.metric.ConfusionMatrix;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The epochs of one run. */
final class TrainingLoop {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Training.Builder choices;
  private final LearningModel model;
  private final RunFolder folder;
  private final int batchesPerEpoch;
  private final long totalSteps;
  private final List<EpochMetrics> epochs = new ArrayList<>();
  private long step;
  private double learningRate;
  private double rateScale = 1;

  TrainingLoop(Training.Builder choices, LearningModel model, RunFolder folder) {
    this.choices = choices;
    this.model = model;
    this.folder = folder;
    BatchSource batches = choices.data.trainingBatches();
    this.batchesPerEpoch = ceilDiv(batches.photosPerEpoch(), batches.batchSize());
    this.totalSteps = (long) choices.epochs * ceilDiv(batchesPerEpoch, choices.batchesPerStep);
  }

  Outcome run() throws IOException {
    choices.listener.onStart(
        new TrainingListener.RunPlan(folder.path(), choices.epochs, batchesPerEpoch));
    while (epochs.size() < choices.epochs && !exhausted()) {
      EpochMetrics metrics = epoch(epochs.size() + 1);
      epochs.add(metrics);
      boolean isBest = best().epoch() == metrics.epoch();
      if (isBest) {
        model.swapAverage();
        model.save(folder.model(), origin(metrics.epoch()));
        model.swapAverage();
      }
      // The state before the line: a kill between the two loses nothing, for the state holds it.
      model.saveState(folder.state(), progress());
      folder.appendMetrics(metrics.toJson());
      choices.listener.onEpoch(metrics, isBest);
    }
    return new Outcome(folder, ImmutableList.copyOf(epochs), best());
  }

  /** Before {@link #run}: takes up what an earlier process left. */
  void restore() throws IOException {
    folder.dropTornMetrics();
    if (!Files.exists(folder.state())) {
      return;
    }
    Map<String, String> progress = model.restoreState(folder.state());
    for (JsonNode line : JSON.readTree(progress.get("epochs"))) {
      epochs.add(EpochMetrics.fromJson(line));
    }
    step = Long.parseLong(progress.get("step"));
    int written = folder.metrics().size();
    for (EpochMetrics metrics : epochs.subList(Math.min(written, epochs.size()), epochs.size())) {
      folder.appendMetrics(metrics.toJson());
    }
  }

  private Map<String, String> progress() throws IOException {
    return Map.of(
        "step",
        Long.toString(step),
        "epochs",
        JSON.writeValueAsString(epochs.stream().map(EpochMetrics::toJson).toList()));
  }

  /** The first of the epochs that none is better than. */
  private EpochMetrics best() {
    EpochMetrics best = null;
    for (EpochMetrics metrics : epochs) {
      if (best == null || choices.bestBy.score(metrics) > choices.bestBy.score(best)) {
        best = metrics;
      }
    }
    return best;
  }

  private boolean exhausted() {
    return choices.patience > 0
        && !epochs.isEmpty()
        && epochs.size() - best().epoch() >= choices.patience;
  }

  private double plateauScale() {
    List<Double> scores = epochs.stream().map(choices.bestBy::score).toList();
    return choices.plateau.map(rule -> rule.scale(scores)).orElse(1.0);
  }

  private EpochMetrics epoch(int epoch) throws IOException {
    long start = System.nanoTime();
    EpochProgress progress = new EpochProgress(epoch);
    rateScale = plateauScale();
    double waited;
    try (NDManager scope = model.manager().newSubManager();
        BatchStream stream = choices.data.trainingBatches().open(scope, epoch - 1)) {
      for (Optional<PhotoBatch> next = stream.next(); next.isPresent(); next = stream.next()) {
        try (PhotoBatch batch = next.get()) {
          learn(batch, progress);
        }
      }
      waited = stream.secondsWaited();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long validationStart = System.nanoTime();
    PhotoSet truth = choices.data.validation();
    model.swapAverage();
    float[][] probabilities =
        Classification.all(model, choices.data.validationBatches(), done -> {});
    model.swapAverage();
    ConfusionMatrix.Builder matrix = ConfusionMatrix.builder(FaceClass.COUNT);
    double loss = 0;
    for (int i = 0; i < probabilities.length; i++) {
      int expected = truth.get(i).faceClass().id();
      matrix.add(expected, argmax(probabilities[i]));
      loss -= Math.log(Math.max(probabilities[i][expected], 1e-12));
    }
    ClassificationScores scores = ClassificationScores.of(matrix.build());
    return new EpochMetrics(
        epoch,
        progress.meanLoss(),
        learningRate,
        loss / probabilities.length,
        scores.accuracy(),
        scores.macroF1(),
        new EpochMetrics.Timing(
            seconds,
            (System.nanoTime() - validationStart) / 1e9,
            progress.photos / seconds,
            waited / seconds));
  }

  private void learn(PhotoBatch batch, EpochProgress progress) {
    try (LearningResult result = model.learn(batch, 1.0 / choices.batchesPerStep)) {
      double loss = result.loss().getFloat();
      progress.add(loss, batch.size());
      if (!Double.isFinite(loss)) {
        throw new NonFiniteLossException(progress.epoch, progress.batches, loss, ids(batch));
      }
    }
    boolean last = progress.batches == batchesPerEpoch;
    if (last || progress.batches % choices.batchesPerStep == 0) {
      learningRate =
          rateScale * choices.schedule.rate(choices.optimizer.learningRate(), step, totalSteps);
      model.step(learningRate);
      step++;
    }
    choices.listener.onBatch(progress.snapshot(learningRate));
  }

  private List<String> ids(PhotoBatch batch) {
    List<Photo> photos = choices.data.trainingBatches().photos();
    return batch.indices().stream().mapToObj(i -> photos.get(i).id()).toList();
  }

  private ModelOrigin origin(int epoch) {
    TrainingData data = choices.data;
    return new ModelOrigin(
        folder.id(),
        data.training().digest(),
        data.validation().digest(),
        ImmutableList.copyOf(data.training().people()),
        epoch);
  }

  private static int argmax(float[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private static int ceilDiv(int a, int b) {
    return (a + b - 1) / b;
  }

  /** Sums over the batches of an epoch. */
  private static final class EpochProgress {
    private final int epoch;
    private final long start = System.nanoTime();
    private int batches;
    private long photos;
    private double lossSum;

    EpochProgress(int epoch) {
      this.epoch = epoch;
    }

    void add(double loss, int size) {
      batches++;
      photos += size;
      lossSum += loss * size;
    }

    double meanLoss() {
      return lossSum / photos;
    }

    TrainingListener.BatchProgress snapshot(double rate) {
      double seconds = (System.nanoTime() - start) / 1e9;
      return new TrainingListener.BatchProgress(epoch, batches, meanLoss(), rate, photos / seconds);
    }
  }
}
