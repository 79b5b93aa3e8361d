package io.github.facemask.training;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.Longs;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.label.Attribute;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.prediction.PhotoClassifier.NonFiniteAnswerException;
import io.github.facemask.prediction.Prior;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.training.TrainableModel.StepOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The epochs of one run. */
final class TrainingLoop {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BATCHES_PER_READ_OF_GPU = 16;

  private final TrainingChoices choices;
  private final TrainableModel model;
  private final RunFolder folder;
  private final Checkpoints checkpoints;
  private final int batchesPerEpoch;
  private final long totalSteps;
  private final List<EpochMetrics> epochs = new ArrayList<>();
  private long step;
  private double learningRate;
  private double rateScale = 1;
  private ImmutableMap<Attribute, Double> temperatures = ImmutableMap.of();

  TrainingLoop(TrainingChoices choices, TrainableModel model, RunFolder folder) {
    this.choices = choices;
    this.model = model;
    this.folder = folder;
    this.checkpoints = new Checkpoints(folder, choices.monitor(), choices.keptBest());
    this.batchesPerEpoch = choices.batchesPerEpoch();
    this.totalSteps = (long) choices.epochs() * ceilDiv(batchesPerEpoch, choices.batchesPerStep());
  }

  TrainingResult run() throws IOException {
    return run(List.of());
  }

  /**
   * Trains with the numbers of threads of another run.
   *
   * @param recorded the other run's epochs; empty to choose the numbers
   */
  TrainingResult run(List<EpochMetrics> recorded) throws IOException {
    try (ComputeThreads threads = ComputeThreads.repeating(choices, recorded)) {
      return run(threads);
    }
  }

  private TrainingResult run(ComputeThreads threads) throws IOException {
    TrainingListener listener = choices.listener();
    listener.onStart(
        new TrainingListener.RunPlan(
            folder.path(),
            choices.epochs(),
            epochs.size(),
            isComplete(),
            batchesPerEpoch,
            choices.photosLeftOut(),
            model.djlModel()));
    threads.begin(epochs.isEmpty() ? 0 : epochs.get(epochs.size() - 1).timing().lastThreads());
    boolean ended = false;
    while (!ended && !isComplete()) {
      EpochMetrics metrics = epoch(epochs.size() + 1, threads);
      epochs.add(metrics);
      boolean isBest = checkpoints.keep(epochs, to -> save(to, metrics.epoch()));
      // The state before the line: a kill between the two loses nothing, since the state has it.
      model.saveState(folder.state(), progress());
      folder.appendMetrics(metrics.toJson());
      checkpoints.prune(epochs);
      listener.onEpoch(metrics, isBest);
      ended = listener.endsRun();
    }
    listener.onEnd();
    return new TrainingResult(folder, ImmutableList.copyOf(epochs), best());
  }

  /** Restores the state that an earlier process saved; called before {@link #run}. */
  void restore() throws IOException {
    folder.dropTornMetrics();
    if (!Files.exists(folder.state())) {
      return;
    }
    Map<String, String> progress = model.restoreState(folder.state());
    String lines = progress.getOrDefault("epochs", "");
    for (JsonNode line : WholeFile.parseJson(folder.state(), lines)) {
      epochs.add(EpochMetrics.fromJson(line));
    }
    step = Optional.ofNullable(Longs.tryParse(progress.getOrDefault("step", ""))).orElse(0L);
    if (step < epochs.size() || epochs.isEmpty()) {
      throw new InvalidFileException(
          folder.state(),
          Problem.saying("holds no progress of a run")
              .withRemedy("delete it to begin the run anew"));
    }
    int written = folder.metrics().size();
    for (EpochMetrics metrics : epochs.subList(Math.min(written, epochs.size()), epochs.size())) {
      folder.appendMetrics(metrics.toJson());
    }
    checkpoints.prune(epochs);
  }

  private Map<String, String> progress() throws IOException {
    return Map.of(
        "step",
        Long.toString(step),
        "epochs",
        JSON.writeValueAsString(epochs.stream().map(EpochMetrics::toJson).toList()));
  }

  private void save(Path to, int epoch) throws IOException {
    model.withAverage(
        () -> {
          model.save(to, origin(epoch), temperatures);
          return to;
        });
  }

  /** The best epoch, the first one on ties. */
  private EpochMetrics best() {
    return checkpoints.ranked(epochs).get(0);
  }

  private boolean isComplete() {
    return epochs.size() >= choices.epochs() || exhausted();
  }

  private boolean exhausted() {
    return choices.patience() > 0
        && !epochs.isEmpty()
        && epochs.size() - best().epoch() >= choices.patience();
  }

  private double plateauScale() {
    List<Double> scores = epochs.stream().map(choices.monitor()::score).toList();
    return choices.plateau().map(rule -> rule.scale(scores)).orElse(1.0);
  }

  private EpochMetrics epoch(int epoch, ComputeThreads threads) throws IOException {
    long start = System.nanoTime();
    threads.startEpoch(epoch);
    rateScale = plateauScale();
    model.startEpoch(epoch);
    BatchSource batches = choices.data().trainingBatches();
    try (NDManager scope = model.manager().newSubManager();
        BatchMeter meter = new BatchMeter(epoch, window(), scope, batches.photos(), folder.path());
        BatchStream stream = batches.open(scope, epoch - 1)) {
      for (Optional<PhotoBatch> next = stream.next(); next.isPresent(); next = stream.next()) {
        try (PhotoBatch batch = next.get()) {
          if (meter.batches() < batchesPerEpoch) {
            learn(batch, meter);
          }
        }
        threads.afterBatch(epoch);
      }
      meter.read();
      double seconds = (System.nanoTime() - start) / 1e9;
      double speed = meter.photosPerSecond();
      Validation validation = validate(epoch);
      temperatures = validation.temperatures();
      return new EpochMetrics(
          epoch,
          meter.meanLoss(),
          meter.accuracy(),
          learningRate,
          validation.loss(),
          validation.counts().accuracy(),
          validation.counts().score(),
          validation.ageError(),
          new EpochMetrics.Timing(
              seconds,
              (System.nanoTime() - start) / 1e9 - seconds,
              speed,
              stream.secondsWaited() / seconds,
              threads.ofEpoch()));
    }
  }

  /** Losses are read rarely from a GPU, and at once on a CPU. */
  private int window() {
    return choices.device().isGpu() ? BATCHES_PER_READ_OF_GPU : 1;
  }

  private void learn(PhotoBatch batch, BatchMeter meter) {
    StepOutput result = model.trainStep(batch, 1.0 / choices.batchesPerStep());
    choices.listener().onTrainStep(batch, result);
    meter.add(batch, result);
    boolean last = meter.batches() == batchesPerEpoch;
    if (last || meter.batches() % choices.batchesPerStep() == 0) {
      learningRate =
          rateScale * choices.schedule().rate(choices.optimizer().learningRate(), step, totalSteps);
      double momentum =
          choices.schedule().momentum(choices.optimizer().momentum(), step, totalSteps);
      model.optimizerStep(learningRate, momentum);
      step++;
    }
    choices.listener().onBatch(meter.progress(learningRate));
  }

  private Validation validate(int epoch) throws IOException {
    TrainingData data = choices.data();
    Map<String, HostTensor> weights = model.withAverage(model::weights);
    try (PhotoClassifier classifier =
        choices.network().classifier(weights, choices.device(), choices.precision())) {
      return Validation.of(classifier, data.validationBatches(), data.validation());
    } catch (NonFiniteAnswerException e) {
      throw new NonFiniteLossException(epoch, folder.path(), e);
    }
  }

  private ModelOrigin origin(int epoch) {
    TrainingData data = choices.data();
    return new ModelOrigin(
        folder.id(),
        data.training().digest(),
        data.validation().digest(),
        ImmutableList.copyOf(data.training().people()),
        epoch,
        shares(epoch));
  }

  /**
   * The shares of the classes in the batches of an epoch, as the loss of that epoch counts them.
   */
  private Optional<ModelOrigin.Shares> shares(int epoch) {
    double[] counts = choices.data().trainingBatches().expectedLabelCounts(epoch - 1);
    double[] learnt =
        counts.length == 0
            ? new double[0]
            : choices.loss().at(epoch).learntShares(Prior.ofLabelCounts(counts).toArray());
    return Arrays.stream(learnt).sum() > 0
        ? Optional.of(
            new ModelOrigin.Shares(
                Prior.of(learnt).shares(), Prior.of(choices.data().training()).shares()))
        : Optional.empty();
  }

  private static int ceilDiv(int a, int b) {
    return (a + b - 1) / b;
  }
}
