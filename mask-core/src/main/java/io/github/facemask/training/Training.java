package io.github.facemask.training;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.Device;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.loss.TrainingLoss;
import io.github.facemask.loss.TrainingLoss.DjlLoss;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.provenance.RunId;
import io.github.facemask.schedule.ReduceOnPlateau;
import io.github.facemask.schedule.Schedule;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a run needs, checked; {@link #run} trains. Immutable; each run makes its own
 * folder.
 */
public final class Training {

  private final TrainingChoices choices;

  private Training(TrainingChoices choices) {
    this.choices = choices;
  }

  /**
   * Starts to describe a run.
   *
   * @param network what learns
   * @param data from what
   * @return a builder with AdamW at 1e-3 and decay 0.05, cosine to zero, 10 epochs, the fastest
   *     precision of the device, and cross entropy
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
    String name = choices.name().isEmpty() ? choices.network().architecture() : choices.name();
    RunId id = RunId.of(Instant.now(), name);
    TrainingData data = choices.data();
    // Photos and network first: what cannot be read leaves no run behind.
    PhotoListing photos = PhotoListing.of(data.training(), data.validation());
    try (TrainableModel model = choices.network().prepare(choices.config())) {
      RunFolder folder =
          RunFolder.create(
              runs,
              id,
              RunRecords.of(choices, id, photos, StartDigest.of(model)),
              path -> {
                photos.write(path.resolve(PhotoListing.FILE));
                data.trainingBatches().writeTo(path);
              });
      return new TrainingLoop(choices, model, folder).run();
    }
  }

  /** Returns what is trained on, and what it is validated on. */
  public TrainingData data() {
    return choices.data();
  }

  /** Returns every choice, as the run's record holds it; plain JSON values. */
  public Map<String, Object> parameters() {
    return RunRecords.choices(choices);
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
    PhotoListing photos = PhotoListing.of(choices.data().training(), choices.data().validation());
    try (TrainableModel model = choices.network().prepare(choices.config())) {
      RunRecords.refuseOther(
          folder, RunRecords.of(choices, folder.id(), photos, StartDigest.of(model)));
      TrainingLoop loop = new TrainingLoop(choices, model, folder);
      loop.restore();
      return loop.run();
    }
  }

  /** Collects the choices of a run; for one thread. */
  public static final class Builder {

    /** The seed without a choice, of weights and batches. */
    private static final long DEFAULT_SEED = 7;

    private final TrainableNetwork network;
    private final TrainingData data;
    private TrainingLoss loss = CrossEntropy.plain();
    private FusedOptimizer optimizer = AdamW.of(1e-3, 0.05);
    private Schedule schedule = Schedule.cosine();
    private int epochs = 10;
    private int batchesPerStep = 1;
    private double normLimit = Double.POSITIVE_INFINITY;
    private double averageDecay;
    private Monitor bestBy = Monitor.MACRO_F1;
    private int keptBest = 1;
    private int patience;
    private Optional<ReduceOnPlateau> plateau = Optional.empty();
    private Optional<Precision> precision = Optional.empty();
    private Device device = Device.cpu();
    private long seed = DEFAULT_SEED;
    private TrainingListener listener = TrainingListener.NONE;
    private String name = "";
    private Map<String, Object> notes = ImmutableMap.of();

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
      return optSchedule(Schedule.of(value));
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
     * Sets the seed of the starting weights, 7 by default; the batches have their own.
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
      check(epochs >= 1, "epochs", epochs, "1 or more");
      check(batchesPerStep >= 1, "gradientAccumulation", batchesPerStep, "1 or more");
      check(keptBest >= 1, "keepBest", keptBest, "1 or more");
      check(patience >= 0, "patience", patience, "0 or more epochs");
      checkArgument(
          network.faces().equals(data.trainingBatches().faces()),
          "the photos are cropped as %s and the network expects %s; give both the same face crop",
          data.trainingBatches().faces(),
          network.faces());
      TrainingChoices choices = choices();
      choices.config();
      return new Training(choices);
    }

    private TrainingChoices choices() {
      return new TrainingChoices(
          network,
          data,
          loss,
          optimizer,
          schedule,
          epochs,
          batchesPerStep,
          normLimit,
          averageDecay,
          bestBy,
          keptBest,
          patience,
          plateau,
          precision.orElseGet(() -> Precision.fastestOn(device)),
          device,
          seed,
          listener,
          name,
          notes);
    }
  }

  /** What makes one epoch better than another. */
  public enum Monitor {
    /** The mean F1 over all classes; higher is better. */
    MACRO_F1,
    /** The share of photos that are classified right; higher is better. */
    ACCURACY,
    /** The mean cross entropy of the validation photos; lower is better. */
    VALIDATION_LOSS;

    /** Returns a number that is higher for a better epoch. */
    double score(EpochMetrics metrics) {
      return switch (this) {
        case MACRO_F1 -> metrics.macroF1();
        case ACCURACY -> metrics.accuracy();
        case VALIDATION_LOSS -> -metrics.validationLoss();
      };
    }
  }
}
