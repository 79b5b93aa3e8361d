package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.MaskState;
import io.github.facemask.overlay.MaskOverlay;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.sampling.PhotoSampler;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.Training;
import io.github.facemask.training.TrainingListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of a training run. Shared by all commands that train. */
public final class RunOptions {

  private static final int COMPETITION_AGE = 60;

  @Mixin public BackboneOptions backbone;
  @Mixin public DataOptions data;
  @Mixin public BatchOptions batches;
  @Mixin public LearningOptions learning;

  @HelpHeading(HelpHeading.Heading.FACES)
  @Option(
      names = "--crops",
      defaultValue = "none",
      paramLabel = "none|auto|FILE",
      description = {
        "Train on face crops: a table of 'mask crop', or auto to find the faces now;",
        "the model then also crops for prediction (default: ${DEFAULT-VALUE})."
      })
  public String crops;

  @HelpHeading(HelpHeading.Heading.FACES)
  @Option(
      names = "--unaudited-crops",
      description = {
        "Train on crops that were not audited with 'mask audit-crops'; otherwise they are refused,",
        "and so is auto."
      })
  public boolean unauditedCrops;

  @Mixin public CropOptions faces;
  @Mixin public OverlayOptions overlay;

  @HelpHeading(HelpHeading.Heading.OPTIMISATION)
  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = {
        "Options that go together: finetune-small for some hundred to a few thousand photos,",
        "finetune for more, both from published weights; from-scratch for random weights. Options of",
        "the command line and of a config file override it."
      })
  String preset;

  @HelpHeading(HelpHeading.Heading.OPTIMISATION)
  @Option(
      names = "--epochs",
      defaultValue = "10",
      paramLabel = "N",
      description = "Number of epochs (default: ${DEFAULT-VALUE}).")
  int epochs;

  @HelpHeading(HelpHeading.Heading.OPTIMISATION)
  @Option(
      names = "--accumulate",
      defaultValue = "1",
      paramLabel = "N",
      description = "Batches in an optimizer step (default: ${DEFAULT-VALUE}).")
  int accumulate;

  @Option(
      names = "--precision",
      description = {
        "${COMPLETION-CANDIDATES} (default: BFLOAT16 on GPUs and on processors that support it,",
        "otherwise FLOAT32)."
      })
  public Precision precision;

  @Option(
      names = "--device",
      defaultValue = "auto",
      paramLabel = "auto|cpu|gpu",
      description = "auto uses a GPU if there is one (default: ${DEFAULT-VALUE}).")
  public String device;

  @Option(
      names = "--seed",
      defaultValue = "7",
      description = "Seed of weights, sampling, transforms and mixing (default: ${DEFAULT-VALUE}).")
  long seed;

  @HelpHeading(HelpHeading.Heading.DATA)
  @Option(
      names = "--age-boundary",
      defaultValue = "60",
      paramLabel = "YEARS",
      description =
          "Age that training counts as 'from 60'; not in validation (default: ${DEFAULT-VALUE}).")
  public int ageBoundary;

  @Spec(Spec.Target.MIXEE)
  CommandSpec command;

  /**
   * Returns the recipe of a fold.
   *
   * @param split the people to train on and those to validate on
   * @param name the end of the run's id; empty for the architecture
   * @param notes additional values for the record
   */
  public TrainingRecipe recipe(Split split, String name, Map<String, ?> notes) throws IOException {
    PhotoSet all = split.train().plus(split.validation());
    TrainingRecipe.Builder recipe = TrainingRecipe.builder(backbone.backbone(command), split);
    if (backbone.attributes().length > 0) {
      recipe.optAttributes(backbone.attributes());
    }
    Optional<CropTable> table = crops(all);
    int threads = batches.workers();
    Augmentation augmentation = overlay.addTo(batches.augmentation());
    PhotoSet learners = split.train();
    if (augmentation.overlay().isPresent()) {
      MaskOverlay masks = augmentation.overlay().get();
      CropTable found = overlay.faces(learners, table, faces, data.decoder(), threads);
      recipe.optOverlaidFaces(found);
      learners = masks.labels(learners, found, seed, 0);
    }
    PhotoSampler sampler =
        learning.balance.sampler(batches.sampling, learners, batches.batch, epochs);
    batches.applyTo(recipe, sampler, augmentation);
    learning.applyTo(
        recipe,
        learners,
        ageBoundary == COMPETITION_AGE ? learners : learners.withTrainingAgeBoundary(ageBoundary),
        batches,
        sampler,
        epochs);
    if (table.isPresent()) {
      recipe.optCrops(table.get()).optFaces(faces.crop(settings(table.get())));
    }
    if (unauditedCrops) {
      recipe.optUnauditedCrops();
    }
    if (backbone.linearProbe) {
      recipe.optLinearProbe();
    }
    return recipe
        .optAgeBoundary(ageBoundary)
        .optEpochs(epochs)
        .optGradientAccumulation(accumulate)
        .optPrecision(precision())
        .optDevice(Devices.named(device))
        .optSeed(seed)
        .optName(name)
        .optNotes(
            ImmutableMap.<String, Object>builder()
                .putAll(notes)
                .put("source", data.parameters())
                .buildOrThrow())
        .build();
  }

  /** Says that adjusted logits change nothing, before training. */
  public void tellBalance(PrintWriter out) {
    if (learning.balance.adjustsNothing()) {
      out.printf(
          "the batches show all classes equally often, so --loss %s is cross entropy%s%n",
          learning.loss,
          batches.sampling.sampler == BatchOptions.Sampling.SHUFFLED
              ? ""
              : "; --sampler SHUFFLED shows them as often as they are");
    }
  }

  /** Says what the photos do not know, before training. */
  public static void tellUnknown(TrainingRecipe recipe, PrintWriter out) {
    PhotoSet learners = recipe.split().train();
    Set<Attribute> answered = recipe.backbone().attributes();
    if (answered.size() < Attribute.values().length) {
      out.printf(
          "the model answers %s%s%n",
          answered.stream().map(Attribute::word).collect(Collectors.joining(" and ")),
          learners.known().equals(answered) ? ", which is all that the photos know" : "");
    }
    PhotoSet learnt = recipe.learners();
    tellOverlay(recipe, out);
    int[] counts = learnt.labelCounts();
    long unseen =
        FaceLabel.knowing(answered).stream().filter(label -> counts[label.id()] == 0).count();
    if (unseen > 0 && unseen == FaceLabel.knowing(answered).size()) {
      out.println(
          "no training photo knows all of these attributes; each is learnt from the photos that know"
              + " it");
    } else if (unseen > 0) {
      out.printf(
          "%d of the %d classes are not known of any training photo; answers for them are"
              + " extrapolation%n",
          unseen, FaceLabel.knowing(answered).size());
    }
    long unlabelled =
        learners.only(answered).stream().filter(p -> p.label().known().isEmpty()).count();
    if (unlabelled > 0) {
      out.printf("%s without a label are left out%n", Count.of((int) unlabelled, "training photo"));
    }
  }

  private static void tellOverlay(TrainingRecipe recipe, PrintWriter out) {
    if (recipe.augmentation().overlay().isEmpty()) {
      return;
    }
    PhotoSet before = recipe.split().train();
    PhotoSet after = recipe.learners();
    out.printf(
        "masks are drawn on %d of the %d training faces without one: %d worn, %d worn wrongly;"
            + " each epoch draws anew%n",
        count(before, MaskState.NOT_WORN) - count(after, MaskState.NOT_WORN),
        count(before, MaskState.NOT_WORN),
        count(after, MaskState.WORN) - count(before, MaskState.WORN),
        count(after, MaskState.WORN_WRONGLY) - count(before, MaskState.WORN_WRONGLY));
  }

  private static long count(PhotoSet photos, MaskState state) {
    return photos.stream().filter(p -> p.label().mask().equals(Optional.of(state))).count();
  }

  /** Returns the training of a recipe. If a cache folder is given, photos are decoded first. */
  public Training training(TrainingRecipe recipe, TrainingListener listener) throws IOException {
    TrainingRecipe.Running running = batches.running(listener, data.decoder());
    if (running.cacheFolder().isPresent()) {
      PhotoSet photos = recipe.split().train();
      try (Progress progress = Progress.of("cache", photos.size(), "photos")) {
        recipe.trainingBatches(photos, running).fillCache(progress::to);
      }
    }
    return recipe.training(running);
  }

  private FaceCropSettings settings(CropTable table) throws IOException {
    Optional<FaceCropSettings> made = table.settings();
    return made.isPresent() ? made.get() : faces.crop().settings();
  }

  /** Returns the precision. */
  public Precision precision() {
    return precision == null ? Precision.fastestOn(Devices.named(device)) : precision;
  }

  /** Returns the crops. They must be audited, unless an option allows unaudited crops. */
  public Optional<CropTable> crops(PhotoSet photos) throws IOException {
    faces.command = command;
    if (!crops.equals("auto")) {
      faces.refuse(crops);
    }
    checkArgument(
        unauditedCrops || !crops.equals("auto"),
        "no person checks the crops of --crops auto; run 'mask crop' and 'mask audit-crops' and"
            + " train with --crops FILE, or go on with --unaudited-crops");
    Optional<CropTable> table = cropTable(photos);
    checkArgument(
        unauditedCrops || table.isEmpty() || table.get().audited(),
        "%s: no person has checked these crops; run 'mask audit-crops --data %s --crops %s --out"
            + " crops.html' and look at the page, or go on with --unaudited-crops",
        crops,
        data.words(),
        crops);
    return table;
  }

  private Optional<CropTable> cropTable(PhotoSet photos) throws IOException {
    return switch (crops) {
      case "none" -> Optional.empty();
      case "auto" ->
          Optional.of(
              Crops.of(
                  photos,
                  faces.crop(),
                  data.decoder(),
                  Optional.empty(),
                  Optional.empty(),
                  batches.workers()));
      default ->
          Optional.of(Crops.read(Path.of(crops), photos, faces, data.decoder(), batches.workers()));
    };
  }
}
