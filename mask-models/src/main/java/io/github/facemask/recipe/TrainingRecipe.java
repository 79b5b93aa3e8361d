package io.github.facemask.recipe;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.Device;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.TrainedModel.FeatureExtractor;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.label.Attribute;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.loss.TrainingLoss;
import io.github.facemask.mixing.Mixing;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.overlay.MaskOverlay;
import io.github.facemask.sampling.PhotoSampler;
import io.github.facemask.sampling.WeightedSampler;
import io.github.facemask.schedule.ReduceOnPlateau;
import io.github.facemask.schedule.Schedule;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableNetwork;
import io.github.facemask.training.Training;
import io.github.facemask.training.Training.Monitor;
import io.github.facemask.training.TrainingData;
import io.github.facemask.training.TrainingListener;
import io.github.facemask.training.TrainingResult;
import io.github.facemask.transform.PhotoTransform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A complete training configuration as one value: the backbone, the photos of both sides, the
 * batches and the optimization. The defaults are those of the {@code mask} command, so equal
 * parameters give equal results from both. A run records its recipe; {@link #of} reads it back.
 * Immutable.
 */
public final class TrainingRecipe {

  private final Choices choices;

  private TrainingRecipe(Choices choices) {
    this.choices = choices;
  }

  /** All parameters. */
  record Choices(
      Backbone backbone,
      boolean linearProbe,
      Split split,
      int ageBoundary,
      Optional<CropTable> crops,
      Optional<FaceCrop> faces,
      boolean unauditedCrops,
      Optional<Overlay> overlay,
      ImmutableList<PhotoTransform> transforms,
      Optional<Mixing> mixing,
      Optional<PhotoSampler> sampler,
      int batchSize,
      boolean stored,
      long batchSeed,
      TrainingLoss loss,
      FusedOptimizer optimizer,
      Schedule schedule,
      Optional<ReduceOnPlateau> plateau,
      int epochs,
      int gradientAccumulation,
      double gradientClipping,
      double ema,
      Monitor monitor,
      int keepBest,
      int patience,
      Precision precision,
      Device device,
      long seed,
      int threads,
      String name,
      ImmutableMap<String, Object> notes) {

    /**
     * Masks to lay on.
     *
     * @param masks how they are drawn
     * @param faces where the faces are
     */
    record Overlay(MaskOverlay masks, CropTable faces) {}

    /** Returns what is trained: the backbone, or its head alone. */
    TrainableNetwork network() {
      return linearProbe ? backbone.linearProbe() : backbone;
    }
  }

  /**
   * Settings that do not change the result.
   *
   * @param threads the number of threads that read photos, 1 or more
   * @param cacheBytes the size of the in-memory cache of decoded photos
   * @param cacheFolder the folder for decoded photos instead of memory
   * @param listener receives the events of the run
   * @param decoder decodes the photos, for other limits of pixels
   */
  public record Running(
      int threads,
      long cacheBytes,
      Optional<Path> cacheFolder,
      TrainingListener listener,
      PhotoDecoder decoder) {

    /**
     * The usual decoder.
     *
     * @param threads the number of threads that read photos, 1 or more
     * @param cacheBytes the size of the in-memory cache of decoded photos
     * @param cacheFolder the folder for decoded photos instead of memory
     * @param listener receives the events of the run
     */
    public Running(
        int threads, long cacheBytes, Optional<Path> cacheFolder, TrainingListener listener) {
      this(threads, cacheBytes, cacheFolder, listener, PhotoDecoder.create());
    }

    /** One thread for each processor, a cache of 1 GiB in memory, no listener. */
    public static Running usual() {
      return new Running(
          Runtime.getRuntime().availableProcessors(),
          1L << 30,
          Optional.empty(),
          TrainingListener.NONE);
    }
  }

  /**
   * Returns a builder of a recipe.
   *
   * @param backbone the backbone to train
   * @param split the photos to train on and to validate on
   * @return a builder with a sampler by inverse frequency, random crops of at least half of the
   *     area, flips, CutMix on half of the batches, AdamW at 1e-3, a cosine schedule and 10 epochs
   */
  public static Builder builder(Backbone backbone, Split split) {
    return new Builder(backbone, split);
  }

  /**
   * Reads the recipe of a run, also of a run that the {@code mask} command started.
   *
   * @param run the run's folder
   * @return the recipe
   * @throws IOException if the record cannot be read, names a component that is not of this
   *     library, or a photo, the crops or the face detector are missing
   */
  public static TrainingRecipe of(Path run) throws IOException {
    return of(run, Optional.empty());
  }

  /**
   * Reads the recipe of a run whose photos were moved.
   *
   * @param run the run's folder
   * @param photos replaces the deepest folder that held all photos
   * @return the recipe
   * @throws IOException as {@link #of(Path)}
   */
  public static TrainingRecipe of(Path run, Optional<Path> photos) throws IOException {
    return RecordedRecipe.read(run, photos);
  }

  /** Returns the backbone, with its face crop. */
  public Backbone backbone() {
    return choices.backbone();
  }

  /** Returns the photos to train on and to validate on. */
  public Split split() {
    return choices.split();
  }

  /** Returns what is done to training photos. */
  public Augmentation augmentation() {
    return Augmentation.of(choices.transforms(), choices.mixing())
        .withOverlay(choices.overlay().map(Choices.Overlay::masks));
  }

  /**
   * Returns the training photos with their labels in the first epoch: with the masks that an
   * overlay lays on. Class weights and priors are computed from these.
   */
  public PhotoSet learners() {
    PhotoSet train = labelled(choices.split().train());
    return choices
        .overlay()
        .map(o -> o.masks().labels(train, o.faces(), choices.batchSeed(), 0))
        .orElse(train);
  }

  /**
   * Returns the parameters as JSON, in the form of a run's record; photos only by their digests.
   */
  public String toJson() {
    return RecipeJson.write(choices);
  }

  /**
   * Returns training batches of any photos by this recipe: cropped, sampled, augmented and mixed.
   *
   * @param photos the photos
   * @param running threads and cache
   */
  public PhotoLoader trainingBatches(PhotoSet photos, Running running) {
    PhotoLoader.Builder loader =
        loader(photos, running).optTransforms(choices.transforms()).optSeed(choices.batchSeed());
    choices.overlay().ifPresent(o -> loader.optOverlay(o.masks()).optOverlaidFaces(o.faces()));
    choices.mixing().ifPresent(loader::optMixing);
    choices.sampler().ifPresent(loader::optSampler);
    if (choices.backbone().learnsYears()) {
      loader.optYears();
    }
    if (running.cacheFolder().isPresent()) {
      loader.optCacheFolder(running.cacheFolder().get());
    } else if (choices.stored()) {
      loader.optCacheBytes(Math.max(1, running.cacheBytes()));
    }
    return loader.build();
  }

  /**
   * Returns validation batches of any photos by this recipe: cropped, each photo once, not
   * augmented.
   *
   * @param photos the photos
   * @param running threads
   */
  public PhotoLoader evaluationBatches(PhotoSet photos, Running running) {
    return loader(photos, running).build();
  }

  private PhotoLoader.Builder loader(PhotoSet photos, Running running) {
    PhotoLoader.Builder loader =
        PhotoLoader.builder(photos, choices.backbone().preprocessing())
            .optBatchSize(choices.batchSize())
            .optThreads(running.threads())
            .optDecoder(running.decoder());
    if (choices.crops().isPresent()) {
      loader.optCrops(choices.crops().get());
    } else {
      choices.faces().ifPresent(loader::optFaceCrop);
    }
    return choices.unauditedCrops() ? loader.optUnauditedCrops() : loader;
  }

  /**
   * Returns the training, ready to start or to resume.
   *
   * @param running threads, cache and listener
   */
  public Training training(Running running) {
    PhotoSet train = labelled(choices.split().train());
    PhotoSet validation = labelled(choices.split().validation());
    PhotoSet learners =
        choices.ageBoundary() == Builder.COMPETITION_AGE
            ? train
            : train.withTrainingAgeBoundary(choices.ageBoundary());
    TrainingData data =
        new TrainingData(
            learners,
            seen(trainingBatches(learners, running)),
            validation,
            seen(evaluationBatches(validation, running)));
    Training.Builder training =
        Training.builder(choices.network(), data)
            .optLoss(choices.loss())
            .optOptimizer(choices.optimizer())
            .optSchedule(choices.schedule())
            .optEpochs(choices.epochs())
            .optGradientAccumulation(choices.gradientAccumulation())
            .optGradientClipping(choices.gradientClipping())
            .optEma(choices.ema())
            .optMonitor(choices.monitor())
            .optKeepBest(choices.keepBest())
            .optPatience(choices.patience())
            .optPrecision(choices.precision())
            .optDevice(choices.device())
            .optSeed(choices.seed())
            .optThreads(choices.threads())
            .optName(choices.name())
            .optListener(running.listener())
            .optNotes(
                ImmutableMap.<String, Object>builder()
                    .putAll(choices.notes())
                    .put("ageBoundary", choices.ageBoundary())
                    .buildOrThrow());
    choices.plateau().ifPresent(training::optReduceOnPlateau);
    return training.build();
  }

  /** Returns what the network sees: photos, or for a linear probe their features. */
  private BatchSource seen(PhotoLoader photos) {
    return choices.linearProbe()
        ? photos.features(
            () -> FeatureExtractor.open(choices.backbone(), choices.device(), choices.precision()))
        : photos;
  }

  /** Keeps the labels that the model learns, and the photos that have one. */
  private PhotoSet labelled(PhotoSet photos) {
    ImmutableSet<Attribute> learnt = choices.backbone().attributes();
    return photos.only(learnt).filter(photo -> !photo.label().known().isEmpty());
  }

  /**
   * Trains with the usual threads and cache.
   *
   * @param runs the folder of all runs; made if missing
   * @return the result
   * @throws IOException as {@link Training#run}
   */
  public TrainingResult run(Path runs) throws IOException {
    return training(Running.usual()).run(runs);
  }

  /**
   * Resumes a run of this recipe that was stopped.
   *
   * @param run the run's folder
   * @return the result
   * @throws IOException as {@link Training#resume}
   */
  public TrainingResult resume(Path run) throws IOException {
    return training(Running.usual()).resume(run);
  }

  /** Builder of {@link TrainingRecipe}. Not thread-safe. */
  public static final class Builder {

    static final int COMPETITION_AGE = 60;

    private final Backbone backbone;
    private final Split split;
    private boolean linearProbe;
    private int ageBoundary = COMPETITION_AGE;
    private Optional<CropTable> crops = Optional.empty();
    private Optional<FaceCrop> faces = Optional.empty();
    private boolean unauditedCrops;
    private Optional<ImmutableSet<Attribute>> attributes = Optional.empty();
    private Augmentation augmentation = Augmentation.Preset.LIGHT.augmentation();
    private Optional<CropTable> overlaidFaces = Optional.empty();
    private Optional<PhotoSampler> sampler = Optional.of(WeightedSampler.inverseFrequency());
    private int batchSize = 32;
    private boolean stored = true;
    private TrainingLoss loss = CrossEntropy.plain();
    private FusedOptimizer optimizer = AdamW.of(1e-3, 0.05);
    private Schedule schedule = Schedule.cosine();
    private Optional<ReduceOnPlateau> plateau = Optional.empty();
    private int epochs = 10;
    private int gradientAccumulation = 1;
    private double gradientClipping = Double.POSITIVE_INFINITY;
    private double ema;
    private Monitor monitor = Monitor.MACRO_F1;
    private int keepBest = 1;
    private int patience;
    private Optional<Precision> precision = Optional.empty();
    private Device device = Device.cpu();
    private long seed = 7;
    private int threads;
    private Optional<Long> batchSeed = Optional.empty();
    private String name = "";
    private ImmutableMap<String, Object> notes = ImmutableMap.of();

    private Builder(Backbone backbone, Split split) {
      this.backbone = backbone;
      this.split = split;
    }

    /**
     * Trains on photos cropped to the face; the model's card stores the settings. Without a table
     * of crops, faces are found when training begins, which needs {@link #optUnauditedCrops}.
     *
     * @param crop how faces are found and cropped
     * @return this builder
     */
    public Builder optFaces(FaceCrop crop) {
      faces = Optional.of(crop);
      return this;
    }

    /**
     * Trains the head alone, on features that are computed once. Photos are then neither augmented,
     * mixed nor stored, and the backbone must start from trained weights.
     *
     * @return this builder
     */
    public Builder optLinearProbe() {
      linearProbe = true;
      return this;
    }

    /**
     * Trains on the crops of a table, made by the crop of {@link #optFaces}.
     *
     * @param table has a crop of each photo
     * @return this builder
     */
    public Builder optCrops(CropTable table) {
      crops = Optional.of(table);
      return this;
    }

    /**
     * Sets the attributes that the model answers; by default those that are known of a training
     * photo. A photo of which none of them is known is left out.
     *
     * @param answered the attributes, at least one
     * @return this builder
     */
    public Builder optAttributes(Attribute... answered) {
      attributes = Optional.of(ImmutableSet.copyOf(answered));
      return this;
    }

    /**
     * Accepts crops that were not audited.
     *
     * @return this builder
     */
    public Builder optUnauditedCrops() {
      unauditedCrops = true;
      return this;
    }

    /**
     * Sets the age in years from which training labels people as 60 and over; validation always
     * uses 60.
     *
     * @param years 31 to 60
     * @return this builder
     */
    public Builder optAgeBoundary(int years) {
      ageBoundary = years;
      return this;
    }

    /**
     * Sets what is done to training photos, {@link Augmentation.Preset#LIGHT} by default.
     *
     * @param value the masks, the transforms and the mixing
     * @return this builder
     */
    public Builder optAugmentation(Augmentation value) {
      augmentation = value;
      return this;
    }

    /**
     * Sets the faces that an {@linkplain Augmentation#overlay overlay} lays masks on; by default
     * those of {@link #optCrops}. The sampler, and the losses that know the numbers of the classes,
     * see the labels with these masks. Validation is without them.
     *
     * @param faces has the faces of the training photos that may get a mask
     * @return this builder
     */
    public Builder optOverlaidFaces(CropTable faces) {
      overlaidFaces = Optional.of(faces);
      return this;
    }

    /**
     * Sets the transforms of training photos.
     *
     * @param steps at most one crop, first, and pixel transforms
     * @return this builder
     */
    public Builder optTransforms(List<? extends PhotoTransform> steps) {
      augmentation = augmentation.withTransforms(steps);
      return this;
    }

    /**
     * Sets how training batches are mixed.
     *
     * @param value the mixing; empty for none
     * @return this builder
     */
    public Builder optMixing(Optional<? extends Mixing> value) {
      augmentation = augmentation.withMixing(value);
      return this;
    }

    /**
     * Sets the sampler.
     *
     * @param value the sampler
     * @return this builder
     */
    public Builder optSampler(PhotoSampler value) {
      sampler = Optional.of(value);
      return this;
    }

    /**
     * Shows each photo once an epoch, in the order of the set.
     *
     * @return this builder
     */
    public Builder optNoSampler() {
      sampler = Optional.empty();
      return this;
    }

    /**
     * Sets the number of photos in a batch, 32 by default.
     *
     * @param photos 1 or more
     * @return this builder
     */
    public Builder optBatchSize(int photos) {
      batchSize = photos;
      return this;
    }

    /**
     * Sets whether decoded photos are shrunk and cached. Otherwise every photo is decoded in each
     * epoch; this is slower, and the results differ slightly.
     *
     * @param value whether decoded photos are cached, true by default
     * @return this builder
     */
    public Builder optStored(boolean value) {
      stored = value;
      return this;
    }

    /** Sets the loss. */
    public Builder optLoss(TrainingLoss value) {
      loss = value;
      return this;
    }

    /** Sets the optimizer. */
    public Builder optOptimizer(FusedOptimizer value) {
      optimizer = value;
      return this;
    }

    /** Sets the learning rate schedule. */
    public Builder optSchedule(Schedule value) {
      schedule = value;
      return this;
    }

    /**
     * Reduces the rate, in addition to the schedule, when no epoch was better for a number of
     * epochs.
     */
    public Builder optReduceOnPlateau(ReduceOnPlateau value) {
      plateau = Optional.of(value);
      return this;
    }

    /** Sets the number of epochs, 1 or more. */
    public Builder optEpochs(int value) {
      epochs = value;
      return this;
    }

    /** Sets the number of batches in an optimizer step, 1 or more. */
    public Builder optGradientAccumulation(int batches) {
      gradientAccumulation = batches;
      return this;
    }

    /** Sets the largest global norm of the gradients, infinite for none. */
    public Builder optGradientClipping(double norm) {
      gradientClipping = norm;
      return this;
    }

    /** Sets the decay of the weights' exponential moving average, in [0, 1); 0 for none. */
    public Builder optEma(double decay) {
      ema = decay;
      return this;
    }

    /** Sets the metric that selects the best epoch. */
    public Builder optMonitor(Monitor value) {
      monitor = value;
      return this;
    }

    /** Sets the number of best epochs whose models are kept, 1 or more. */
    public Builder optKeepBest(int count) {
      keepBest = count;
      return this;
    }

    /** Stops early after this number of epochs that are no better, 0 for never. */
    public Builder optPatience(int value) {
      patience = value;
      return this;
    }

    /** Sets the precision; by default the fastest of the device. */
    public Builder optPrecision(Precision value) {
      precision = Optional.of(value);
      return this;
    }

    /** Sets the device, the CPU by default. */
    public Builder optDevice(Device value) {
      device = value;
      return this;
    }

    /** Sets the seed of weights and batches, 7 by default. */
    public Builder optSeed(long value) {
      seed = value;
      return this;
    }

    /** Sets a separate seed for the batches. */
    Builder optBatchSeed(long value) {
      batchSeed = Optional.of(value);
      return this;
    }

    /**
     * Sets the number of threads with which the engine computes on the CPU; by default it follows
     * what the machine has left, see {@link Training.Builder#optThreads}. The threads that read
     * photos are set in {@link Running}.
     *
     * @param value 1 or more; 0 for the default
     * @return this builder
     */
    public Builder optThreads(int value) {
      threads = value;
      return this;
    }

    /** Sets the name in the run's id; by default the architecture's. */
    public Builder optName(String value) {
      name = value;
      return this;
    }

    /**
     * Adds notes to the run's record, for instance where the photos came from.
     *
     * @param values plain JSON values by key
     * @return this builder
     */
    public Builder optNotes(Map<String, ?> values) {
      notes = ImmutableMap.copyOf(values);
      return this;
    }

    private Backbone answering(Backbone chosen) {
      ImmutableSet<Attribute> known = split.train().known();
      check(
          !known.isEmpty(),
          "trainingPhotos",
          "photos without a label",
          "photos of which the mask, the gender or the age is known");
      ImmutableSet<Attribute> answered = attributes.orElse(known);
      check(
          known.containsAll(answered),
          "attributes",
          words(answered),
          "attributes that are known of a training photo: " + words(known));
      // A backbone that answers less keeps its choice.
      Set<Attribute> both = Sets.intersection(answered, chosen.attributes());
      Backbone answering = chosen.withAttributes(attributes.isPresent() ? answered : both);
      check(
          answering.learnsYears() || !chosen.learnsYears(),
          "heads",
          "YEARS",
          "photos that know an age to learn its years");
      check(
          !answering.learnsYears()
              || split.train().stream().anyMatch(photo -> photo.ageYears().isPresent()),
          "heads",
          "YEARS",
          "photos that know an age in years to learn it");
      return answering;
    }

    private static String words(Set<Attribute> attributes) {
      return attributes.stream().map(Attribute::word).collect(Collectors.joining(","));
    }

    /**
     * Checks the parameters.
     *
     * @return the recipe
     * @throws IllegalArgumentException if parameters conflict
     */
    public TrainingRecipe build() {
      checkArgument(
          crops.isEmpty() || faces.isPresent(),
          "a table of crops is given without the face crop that made it; give it with optFaces");
      if (crops.isPresent() && crops.get().settings().isPresent()) {
        checkArgument(
            crops.get().settings().get().equals(faces.get().settings()),
            "the crops were made with %s, expected the face crop %s",
            crops.get().settings().get(),
            faces.get().settings());
      }
      checkArgument(
          augmentation.overlay().isEmpty() || !linearProbe,
          "masks are laid on, and a linear probe learns from fixed features; expected one of them");
      checkArgument(
          augmentation.overlay().isEmpty() || overlaidFaces.isPresent() || crops.isPresent(),
          "masks are to be laid on faces, and no table has the faces; make it with CropRun, and give"
              + " it with optOverlaidFaces");
      return new TrainingRecipe(
          new Choices(
              answering(faces.isPresent() ? backbone.withFaces(faces.get()) : backbone),
              linearProbe,
              split,
              ageBoundary,
              crops,
              faces,
              unauditedCrops,
              augmentation
                  .overlay()
                  .map(o -> new Choices.Overlay(o, overlaidFaces.or(() -> crops).orElseThrow())),
              linearProbe ? ImmutableList.of() : augmentation.transforms(),
              linearProbe ? Optional.empty() : augmentation.mixing(),
              sampler,
              batchSize,
              stored && !linearProbe,
              batchSeed.orElse(seed),
              loss,
              optimizer,
              schedule,
              plateau,
              epochs,
              gradientAccumulation,
              gradientClipping,
              ema,
              monitor,
              keepBest,
              patience,
              precision.orElseGet(() -> Precision.fastestOn(device)),
              device,
              seed,
              threads,
              name,
              notes));
    }
  }
}
