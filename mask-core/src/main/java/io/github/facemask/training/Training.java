package io.github.facemask.training;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.Device;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.internal.files.FolderLock;
import io.github.facemask.internal.torchscript.EngineFeatures;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * A checked configuration of a run; {@link #run} trains. Immutable; each run makes its own folder.
 */
public final class Training {

  private final TrainingChoices choices;

  private Training(TrainingChoices choices) {
    this.choices = choices;
  }

  /**
   * Returns a builder of a training.
   *
   * @param network the network to train
   * @param data the photos to train and validate on
   * @return a builder with AdamW at 1e-3 and decay 0.05, cosine to zero, 10 epochs, the fastest
   *     precision of the device, and cross entropy
   */
  public static Builder builder(TrainableNetwork network, TrainingData data) {
    return new Builder(network, data);
  }

  /**
   * Trains. The record is written before the first step. Each epoch adds a line to the metrics. The
   * weights of the best epoch are in the model folder.
   *
   * @param runs the folder of all runs; made if missing
   * @return the result of the run
   * @throws IOException if a photo cannot be read or a file cannot be written
   * @throws NonFiniteLossException if the loss is not finite
   */
  public TrainingResult run(Path runs) throws IOException {
    return run(runs, List.of());
  }

  /**
   * Trains again as a recorded run did: as {@link #run}, with as many threads in each batch as it
   * had. The load of other processes then changes no figure.
   *
   * @param recorded the folder of the recorded run
   * @param runs the folder of the new run's folder; made if missing
   * @return the result of the new run
   * @throws IOException as {@link #run}, or if the record cannot be read
   */
  public TrainingResult repeat(Path recorded, Path runs) throws IOException {
    return run(runs, TrainingResult.epochs(RunFolder.open(recorded)));
  }

  private TrainingResult run(Path runs, List<EpochMetrics> recorded) throws IOException {
    String name = choices.name().isEmpty() ? choices.network().architecture() : choices.name();
    RunId id = RunId.of(Instant.now(), name);
    TrainingData data = choices.data();
    // Photos and network first: if they cannot be read, no run folder is left behind.
    PhotoListing photos = PhotoListing.of(data.training(), data.validation());
    try (TrainableModel model = choices.network().prepare(choices.config())) {
      RunFolder folder =
          RunFolder.create(
              runs,
              id,
              RunRecords.of(choices, id, photos, model),
              path -> {
                photos.write(path.resolve(PhotoListing.FILE));
                data.trainingBatches().writeTo(path);
              });
      return FolderLock.during(
          folder.path(), () -> new TrainingLoop(choices, model, folder).run(recorded));
    }
  }

  /** Returns the photos to train and to validate on. */
  public TrainingData data() {
    return choices.data();
  }

  /** Returns all parameters, as in the run's record; plain JSON values. */
  public Map<String, Object> parameters() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("network", choices.network().parameters());
    parameters.putAll(RunRecords.choices(choices));
    return parameters;
  }

  /**
   * Resumes a run that was stopped or killed, from its last complete epoch. The metrics are those
   * of an uninterrupted run. The result of a complete run is returned at once.
   *
   * @param run the run's folder
   * @return the result of the run, including its first part
   * @throws IllegalArgumentException if the run was started with other parameters, data or weights;
   *     the message names the first difference
   * @throws IOException if the run cannot be read, another process trains it, or as {@link #run}
   */
  public TrainingResult resume(Path run) throws IOException {
    RunFolder folder = RunFolder.open(run);
    return FolderLock.during(folder.path(), () -> resume(folder));
  }

  private TrainingResult resume(RunFolder folder) throws IOException {
    PhotoListing photos = PhotoListing.of(choices.data().training(), choices.data().validation());
    try (TrainableModel model = choices.network().prepare(choices.config())) {
      RunRecords.refuseOther(folder, RunRecords.of(choices, folder.id(), photos, model), photos);
      TrainingLoop loop = new TrainingLoop(choices, model, folder);
      loop.restore();
      return loop.run();
    }
  }

  /**
   * Tries learning rates in one short run that rises from a small to a large one, and writes
   * nothing (Smith, 2017). It stops where the loss explodes.
   *
   * @param from the first rate, above 0; 1e-6 is usual
   * @param to the last rate, above the first; 1 is usual
   * @param steps the number of steps, 10 or more; 100 is usual
   * @param progress receives the number of steps done
   * @return the losses, and a suggestion
   * @throws IllegalArgumentException if a value is out of its range
   * @throws IOException if weights or photos cannot be read
   */
  public RateCurve findRate(double from, double to, int steps, IntConsumer progress)
      throws IOException {
    check(from > 0 && Double.isFinite(from), "from", from, "above 0");
    check(to > from && Double.isFinite(to), "to", to, "above " + from);
    check(steps >= 10, "steps", steps, "10 or more");
    return RateFinder.find(choices, from, to, steps, progress);
  }

  /**
   * The losses of rising learning rates.
   *
   * @param points the steps in their order
   * @param suggestion the rate in the middle of the longest fall of the smoothed loss, as fastai's
   *     "valley"; NaN if the loss does not fall between the rates
   */
  public record RateCurve(ImmutableList<Point> points, double suggestion) {

    /**
     * A step.
     *
     * @param rate its learning rate
     * @param loss the loss of its batch before the step
     * @param smoothedLoss the exponential average of the losses up to it
     */
    public record Point(double rate, double loss, double smoothedLoss) {}
  }

  /** Builder of {@link Training}. Not thread-safe. */
  public static final class Builder {

    /** The default seed of weights and batches. */
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
    private int threads;
    private TrainingListener listener = TrainingListener.NONE;
    private String name = "";
    private Map<String, Object> notes = ImmutableMap.of();

    private Builder(TrainableNetwork network, TrainingData data) {
      this.network = network;
      this.data = data;
    }

    /**
     * Sets the loss that training minimises; cross entropy by default.
     *
     * @param value the loss
     * @return this builder
     */
    public Builder optLoss(TrainingLoss value) {
      loss = value;
      return this;
    }

    /**
     * Sets a DJL loss on the logits as the loss that training minimises.
     *
     * @param value a loss of targets (B, C) and logits (B, C)
     * @return this builder
     */
    public Builder optLoss(Loss value) {
      return optLoss(new DjlLoss(value));
    }

    /**
     * Sets the optimizer; AdamW by default.
     *
     * @param value the optimizer
     * @return this builder
     */
    public Builder optOptimizer(FusedOptimizer value) {
      optimizer = value;
      return this;
    }

    /**
     * Sets the learning rate schedule to a DJL tracker.
     *
     * @param value a function of the step alone; the optimizer's rate is then not used
     * @return this builder
     */
    public Builder optSchedule(Tracker value) {
      return optSchedule(Schedule.of(value));
    }

    /**
     * Sets the learning rate schedule; cosine to zero by default.
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
     * Sets the number of batches in an optimizer step; their loss is averaged.
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
     * Keeps an exponential moving average of the weights (timm's ModelEmaV3), which is validated
     * and saved instead of the weights.
     *
     * @param decay the decay of the average in each step, in [0, 1), for instance 0.999; 0 for none
     * @return this builder
     */
    public Builder optEma(double decay) {
      averageDecay = decay;
      return this;
    }

    /**
     * Sets the metric that selects the best epoch; macro F1 by default.
     *
     * @param value the metric
     * @return this builder
     */
    public Builder optMonitor(Monitor value) {
      bestBy = value;
      return this;
    }

    /**
     * Keeps the models of the best epochs so far, each in a folder of the run's {@code
     * checkpoints}. The model of an epoch that is no longer among the best is deleted there; an
     * ensemble of such models has its own copies.
     *
     * @param count the number of models, 1 for only the best, which is in the model folder
     * @return this builder
     */
    public Builder optKeepBest(int count) {
      keptBest = count;
      return this;
    }

    /**
     * Stops early when no epoch was better for a number of epochs.
     *
     * @param epochs the number of epochs in a row that are no better, 0 for never
     * @return this builder
     */
    public Builder optPatience(int epochs) {
      patience = epochs;
      return this;
    }

    /**
     * Reduces the rate, in addition to the schedule, when no epoch was better for a number of
     * epochs.
     *
     * @param value the rule, over the scores of {@link #optMonitor}
     * @return this builder
     */
    public Builder optReduceOnPlateau(ReduceOnPlateau value) {
      plateau = Optional.of(value);
      return this;
    }

    /**
     * Sets the precision to compute in; {@link Precision#fastestOn} the device by default.
     *
     * @param value the precision
     * @return this builder
     */
    public Builder optPrecision(Precision value) {
      precision = Optional.of(value);
      return this;
    }

    /**
     * Sets the device to train on.
     *
     * @param value the device
     * @return this builder
     */
    public Builder optDevice(Device value) {
      device = value;
      return this;
    }

    /**
     * Sets the seed of the starting weights, 7 by default; the batches have their own seed.
     *
     * @param value any number
     * @return this builder
     */
    public Builder optSeed(long value) {
      seed = value;
      return this;
    }

    /**
     * Sets the number of threads with which the engine computes on the CPU. By default it follows
     * what the machine has left: the limits of containers and, measured in each epoch, the load of
     * other processes. Sums of floating-point numbers are rounded otherwise with another number of
     * threads, so a fixed number repeats a run exactly on a machine with changing load.
     *
     * @param value 1 or more; 0 for the default
     * @return this builder
     */
    public Builder optThreads(int value) {
      threads = value;
      return this;
    }

    /**
     * Sets the listener that receives the events of the run.
     *
     * @param value the listener
     * @return this builder
     */
    public Builder optListener(TrainingListener value) {
      listener = value;
      return this;
    }

    /**
     * Sets the name in the run's id; the architecture's name by default.
     *
     * @param value letters, digits, '.', '_' and '-'
     * @return this builder
     */
    public Builder optName(String value) {
      name = value;
      return this;
    }

    /**
     * Adds notes to the run's record, for instance the command line.
     *
     * @param values plain JSON values by key
     * @return this builder
     */
    public Builder optNotes(Map<String, ?> values) {
      notes = ImmutableMap.copyOf(values);
      return this;
    }

    /**
     * Checks the parameters.
     *
     * @return the training, ready to run
     * @throws IllegalArgumentException if a value is out of its range, or the device cannot compute
     *     in the precision
     */
    public Training build() {
      check(epochs >= 1, "epochs", epochs, "1 or more");
      check(batchesPerStep >= 1, "gradientAccumulation", batchesPerStep, "1 or more");
      check(keptBest >= 1, "keepBest", keptBest, "1 or more");
      check(patience >= 0, "patience", patience, "0 or more epochs");
      check(threads >= 0, "threads", threads, "1 or more, or 0 to follow the machine");
      checkArgument(
          network.faces().equals(data.trainingBatches().faces()),
          "the photos are cropped as %s and the network expects %s; give both the same face crop",
          data.trainingBatches().faces(),
          network.faces());
      check(
          network.learnsYears() == data.trainingBatches().showsYears(),
          "targets",
          data.trainingBatches().showsYears() ? "with years" : "without years",
          network.learnsYears()
              ? "years for a network that learns them; load the photos with optYears"
              : "no years for this network");
      int smallest = network.smallestBatch();
      BatchSource batches = data.trainingBatches();
      String enough =
          smallest
              + " or more, because batch norm sees one value for each photo of "
              + network.preprocessing().width()
              + " x "
              + network.preprocessing().height()
              + " pixels; take larger batches or larger photos";
      check(batches.batchSize() >= smallest, "batchSize", batches.batchSize(), enough);
      check(
          batches.photosPerEpoch() >= smallest, "photosPerEpoch", batches.photosPerEpoch(), enough);
      TrainingChoices choices = choices();
      choices.config();
      EngineFeatures.check(choices.precision(), choices.device());
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
          threads,
          listener,
          name,
          notes);
    }
  }

  /** The metric that selects the best epoch. */
  public enum Monitor {
    /** The mean F1 over all classes; higher is better. */
    MACRO_F1,
    /** The share of photos that are classified correctly; higher is better. */
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
