package io.github.facemask.training;

import static com.google.common.base.Preconditions.checkArgument;

import ai.djl.Device;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.loss.DjlLoss;
import io.github.facemask.loss.TrainingLoss;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.provenance.Environment;
import io.github.facemask.provenance.RecordDifference;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.provenance.RunId;
import io.github.facemask.schedule.Cosine;
import io.github.facemask.schedule.ReduceOnPlateau;
import io.github.facemask.schedule.Schedule;
import io.github.facemask.schedule.TrackerSchedule;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a run needs, checked; {@link #run} trains. Immutable; each run makes its own
 * folder.
 */
public final class Training {

  private final Builder choices;

  private Training(Builder choices) {
    this.choices = choices;
  }

  /**
   * Starts to describe a run.
   *
   * @param network what learns
   * @param data from what
   * @return a builder with AdamW at 1e-3, cosine to zero, 10 epochs, bfloat16 and cross entropy
   */
  public static Builder builder(TrainableNetwork network, TrainingData data) {
    return new Builder(network, data);
  }

  /**
   * Trains. The record is written before the first step; each epoch adds a line to the metrics, and
   * the best epoch's weights are in the model folder.
   *
   * @param runs the folder of all runs; made if missing
   * @return what the run gave
   * @throws IOException if a photo cannot be read or a file cannot be written
   * @throws NonFiniteLossException if the loss is not finite
   */
  public TrainingResult run(Path runs) throws IOException {
    String name = choices.name.isEmpty() ? choices.network.architecture() : choices.name;
    RunId id = RunId.of(Instant.now(), name);
    // The network first: weights that cannot be read leave no run behind.
    try (TrainableModel model = choices.network.prepare(choices.setup())) {
      RunFolder folder = RunFolder.create(runs, id, record(id));
      return new TrainingLoop(choices, model, folder).run();
    }
  }

  /**
   * Goes on with a run that was stopped or killed, from its last whole epoch, to the numbers that
   * it would have had. A run that is complete is returned as it is.
   *
   * @param run the run's folder
   * @return what the run gave, its first part included
   * @throws IllegalArgumentException if the run was started with other choices, data or weights;
   *     the message names the first
   * @throws IOException if the run cannot be read, or as {@link #run}
   */
  public TrainingResult resume(Path run) throws IOException {
    RunFolder folder = RunFolder.open(run);
    List<RecordDifference> differences =
        RecordDifference.between(folder.record(), asRead(record(folder.id())));
    if (!differences.isEmpty()) {
      RecordDifference first = differences.get(0);
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: cannot go on, for its %s was %s, is %s; start a new run instead",
              run,
              first.key(),
              first.first(),
              first.second()));
    }
    try (TrainableModel model = choices.network.prepare(choices.setup())) {
      TrainingLoop loop = new TrainingLoop(choices, model, folder);
      loop.restore();
      return loop.run();
    }
  }

  /** A record as it reads after it was written. */
  private static JsonNode asRead(Map<String, Object> record) throws IOException {
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    return json.readTree(json.writeValueAsBytes(record));
  }

  private Map<String, Object> record(RunId id) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("format", "facemask-run-1");
    record.put("runId", id.value());
    record.put("started", Instant.now().toString());
    record.put("network", choices.network.parameters());
    TrainingData data = choices.data;
    record.put(
        "data",
        ImmutableMap.of(
            "training",
            ImmutableMap.of(
                "photos", data.training().size(),
                "people", data.training().people().size(),
                "digest", data.training().digest().hex(),
                "classCounts", data.training().classCounts()),
            "validation",
            ImmutableMap.of(
                "photos", data.validation().size(),
                "people", data.validation().people().size(),
                "digest", data.validation().digest().hex(),
                "classCounts", data.validation().classCounts())));
    record.put("batches", data.trainingBatches().parameters());
    record.put("validationBatches", data.validationBatches().parameters());
    record.put("loss", choices.loss.parameters());
    record.put("optimizer", choices.optimizer.parameters());
    record.put("schedule", choices.schedule.parameters());
    record.put("epochs", choices.epochs);
    record.put("batchesPerStep", choices.batchesPerStep);
    record.put(
        "gradientNormLimit", Double.isInfinite(choices.normLimit) ? "none" : choices.normLimit);
    record.put("averageDecay", choices.averageDecay);
    record.put("bestBy", choices.bestBy.name());
    record.put("keptBest", choices.keptBest);
    record.put("patience", choices.patience);
    record.put(
        "plateau", choices.plateau.isPresent() ? choices.plateau.get().parameters() : "none");
    record.put("precision", choices.precision().name());
    record.put("device", choices.device.toString());
    record.put("seed", choices.seed);
    record.put("surroundings", Environment.describe());
    record.putAll(choices.notes);
    return record;
  }

  /** Collects the choices of a run; for one thread. */
  public static final class Builder {
    final TrainableNetwork network;
    final TrainingData data;
    TrainingLoss loss = CrossEntropy.plain();
    FusedOptimizer optimizer = AdamW.of(1e-3, 0.05);
    Schedule schedule = Cosine.toZero();
    int epochs = 10;
    int batchesPerStep = 1;
    double normLimit = Double.POSITIVE_INFINITY;
    double averageDecay;
    Monitor bestBy = Monitor.MACRO_F1;
    int patience;
    Optional<ReduceOnPlateau> plateau = Optional.empty();
    private Optional<Precision> precision = Optional.empty();
    Device device = Device.cpu();
    long seed;
    TrainingListener listener = TrainingListener.NONE;
    private String name = "";
    private Map<String, Object> notes = ImmutableMap.of();

    int keptBest = 1;

    private Builder(TrainableNetwork network, TrainingData data) {
      this.network = network;
      this.data = data;
    }

    /**
     * Sets what training minimises.
     *
     * @param value the loss
     * @return this builder
     */
    public Builder optLoss(TrainingLoss value) {
      loss = value;
      return this;
    }

    /**
     * Sets what training minimises: a loss of DJL's or of your own on the logits.
     *
     * @param value a loss of targets (B, C) and logits (B, C)
     * @return this builder
     */
    public Builder optLoss(Loss value) {
      return optLoss(new DjlLoss(value));
    }

    /**
     * Sets how gradients change weights.
     *
     * @param value the optimizer
     * @return this builder
     */
    public Builder optOptimizer(FusedOptimizer value) {
      optimizer = value;
      return this;
    }

    /**
     * Sets how the learning rate changes: a tracker of DJL's or of your own.
     *
     * @param value a function of the step alone; the optimizer's rate is then not used
     * @return this builder
     */
    public Builder optSchedule(Tracker value) {
      return optSchedule(new TrackerSchedule(value));
    }

    /**
     * Sets how the learning rate changes, step by step.
     *
     * @param value the schedule
     * @return this builder
     */
    public Builder optSchedule(Schedule value) {
      schedule = value;
      return this;
    }

    /**
     * Sets the number of epochs.
     *
     * @param value 1 or more
     * @return this builder
     */
    public Builder optEpochs(int value) {
      epochs = value;
      return this;
    }

    /**
     * Sets how many batches make a step; their loss is averaged.
     *
     * @param value 1 or more
     * @return this builder
     */
    public Builder optGradientAccumulation(int value) {
      batchesPerStep = value;
      return this;
    }

    /**
     * Sets the largest global norm of the gradients.
     *
     * @param value above 0, infinite for none
     * @return this builder
     */
    public Builder optGradientClipping(double value) {
      normLimit = value;
      return this;
    }

    /**
     * Keeps a moving average of the weights (timm's ModelEmaV3), which is what is validated and
     * saved.
     *
     * @param decay how much of the average a step keeps, in [0, 1), for instance 0.999; 0 for none
     * @return this builder
     */
    public Builder optEma(double decay) {
      averageDecay = decay;
      return this;
    }

    /**
     * Sets what makes an epoch the best; without it, macro F1.
     *
     * @param value the criterion
     * @return this builder
     */
    public Builder optMonitor(Monitor value) {
      bestBy = value;
      return this;
    }

    /**
     * Keeps the models of the best epochs so far, each in a folder of the run's {@code
     * checkpoints}. An epoch that falls behind is deleted there; an ensemble of such models has its
     * own copies.
     *
     * @param count how many, 1 for the best alone, which is in the model folder
     * @return this builder
     */
    public Builder optKeepBest(int count) {
      keptBest = count;
      return this;
    }

    /**
     * Stops when no epoch was better for a while.
     *
     * @param epochs after how many epochs that are no better, 0 for never
     * @return this builder
     */
    public Builder optPatience(int epochs) {
      patience = epochs;
      return this;
    }

    /**
     * Reduces the rate, beside the schedule, when no epoch was better for a while.
     *
     * @param value the rule, over the scores of {@link #optMonitor}
     * @return this builder
     */
    public Builder optReduceOnPlateau(ReduceOnPlateau value) {
      plateau = Optional.of(value);
      return this;
    }

    /**
     * Sets the numbers to compute with; without it, {@link Precision#fastestOn} the device.
     *
     * @param value the precision
     * @return this builder
     */
    public Builder optPrecision(Precision value) {
      precision = Optional.of(value);
      return this;
    }

    /**
     * Sets where to train.
     *
     * @param value the device
     * @return this builder
     */
    public Builder optDevice(Device value) {
      device = value;
      return this;
    }

    /**
     * Sets the seed of the starting weights; the batches have their own.
     *
     * @param value any number
     * @return this builder
     */
    public Builder optSeed(long value) {
      seed = value;
      return this;
    }

    /**
     * Sets who is told of the progress.
     *
     * @param value the listener
     * @return this builder
     */
    public Builder optListener(TrainingListener value) {
      listener = value;
      return this;
    }

    /**
     * Sets the name in the run's id; without it, the architecture's.
     *
     * @param value letters, digits, '.', '_' and '-'
     * @return this builder
     */
    public Builder optName(String value) {
      name = value;
      return this;
    }

    /**
     * Adds to the run's record, for instance the command line.
     *
     * @param values plain JSON values by key
     * @return this builder
     */
    public Builder optNotes(Map<String, ?> values) {
      notes = ImmutableMap.copyOf(values);
      return this;
    }

    /**
     * Checks the choices.
     *
     * @return the run, ready to start
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Training build() {
      checkArgument(epochs >= 1, "epochs is %s, expected 1 or more", epochs);
      checkArgument(
          batchesPerStep >= 1, "batches per step is %s, expected 1 or more", batchesPerStep);
      checkArgument(keptBest >= 1, "kept epochs are %s, expected 1 or more", keptBest);
      checkArgument(patience >= 0, "patience is %s, expected 0 or more epochs", patience);
      setup();
      return new Training(this);
    }

    Precision precision() {
      return precision.orElseGet(() -> Precision.fastestOn(device));
    }

    TrainingConfig setup() {
      return new TrainingConfig(
          device,
          precision(),
          loss,
          optimizer,
          normLimit,
          averageDecay,
          MemoryLayout.CHANNELS_LAST,
          seed);
    }
  }
}
