package io.github.facemask.cli;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.backbone.Backbone;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.dataset.PhotoDigests;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Subject;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.Training;
import io.github.facemask.training.TrainingData;
import io.github.facemask.training.TrainingListener;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a run is made of; shared by the commands that train. */
final class RunOptions {

  @Mixin BackboneOptions backbone;
  @Mixin DataOptions data;
  @Mixin BatchOptions batches;
  @Mixin LearningOptions learning;

  @Option(
      names = "--crops",
      defaultValue = "none",
      paramLabel = "none|auto|FILE",
      description = {
        "Train on faces: a table of 'mask crop', or auto to find the faces now;",
        "the model then crops what it predicts, too (default: ${DEFAULT-VALUE})."
      })
  String crops;

  @Option(
      names = "--unaudited-crops",
      description = {
        "Train on crops that nobody was shown; else 'mask audit-crops' must have shown the table,",
        "and auto is refused."
      })
  boolean unauditedCrops;

  @Mixin FaceOptions faces;

  @Option(
      names = "--epochs",
      defaultValue = "10",
      paramLabel = "N",
      description = "Passes over the photos (default: ${DEFAULT-VALUE}).")
  int epochs;

  @Option(
      names = "--accumulate",
      defaultValue = "1",
      paramLabel = "N",
      description = "Batches in a step (default: ${DEFAULT-VALUE}).")
  int accumulate;

  @Option(
      names = "--precision",
      description = {
        "${COMPLETION-CANDIDATES}; without it, BFLOAT16 on GPUs and on processors that multiply it,",
        "else FLOAT32."
      })
  Precision precision;

  @Option(
      names = "--device",
      defaultValue = "auto",
      paramLabel = "auto|cpu|gpu",
      description = "auto takes a GPU where there is one (default: ${DEFAULT-VALUE}).")
  String device;

  @Option(
      names = "--seed",
      defaultValue = "7",
      description = "Names weights, draws and mixing (default: ${DEFAULT-VALUE}).")
  long seed;

  @Option(
      names = "--age-boundary",
      defaultValue = "60",
      paramLabel = "YEARS",
      description = "Who trains as 'from 60'; never judges so (default: ${DEFAULT-VALUE}).")
  int ageBoundary;

  /**
   * Describes the run of a fold.
   *
   * @param split whom to learn from and whom to judge by
   * @param listener is told of it
   * @param name what its id ends with, empty for the architecture
   * @param notes what its record holds beside its choices
   */
  Training training(Split split, TrainingListener listener, String name, Map<String, ?> notes)
      throws IOException {
    Optional<CropTable> cropTable =
        crops(split.train().plus(split.validation())).map(CropTable::asAudited);
    Backbone network = backbone.backbone();
    if (cropTable.isPresent()) {
      network = network.withSubject(Subject.FACE);
    }
    PhotoSet learners =
        ageBoundary == 60 ? split.train() : split.train().withTrainingAgeBoundary(ageBoundary);
    PhotoDigests bytes = PhotoDigests.of(split.train().plus(split.validation()).photos());
    Preprocessing preprocessing = network.preprocessing();
    TrainingData sides =
        new TrainingData(
            learners,
            batches.training(learners, preprocessing, seed, cropTable),
            split.validation(),
            batches.evaluation(split.validation(), preprocessing, cropTable));
    ImmutableMap.Builder<String, Object> all =
        ImmutableMap.<String, Object>builder()
            .putAll(notes)
            .put("source", data.parameters())
            .put("photoFilesSha256", bytes.digest().hex())
            .put("ageBoundary", ageBoundary);
    if (backbone.weights != null) {
      all.put("startSha256", network.startDigest(seed).hex());
    }
    return learning
        .applyTo(Training.builder(network, sides), learners)
        .optEpochs(epochs)
        .optGradientAccumulation(accumulate)
        .optPrecision(precision())
        .optDevice(Devices.named(device))
        .optSeed(seed)
        .optName(name)
        .optListener(new WithPhotoDigests(listener, bytes))
        .optNotes(all.buildOrThrow())
        .build();
  }

  /** Returns the numbers to compute with. */
  Precision precision() {
    return precision == null ? Precision.fastestOn(Devices.named(device)) : precision;
  }

  /**
   * Returns a command line that trains the same on any machine.
   *
   * @param typed the words of the command line
   */
  List<String> words(List<String> typed) {
    List<String> all = new ArrayList<>(typed);
    if (precision == null) {
      all.add("--precision");
      all.add(precision().name());
    }
    return all;
  }

  /** Returns one pass of photos as the run's training sees them: sampled, cropped and mixed. */
  BatchSource asInTraining(PhotoSet photos, Preprocessing preprocessing) throws IOException {
    batches.cacheFolder = null;
    return batches.training(photos, preprocessing, seed, crops(photos).map(CropTable::asAudited));
  }

  /** Returns photos as the run's validation sees them. */
  BatchSource evaluation(PhotoSet photos, Preprocessing preprocessing) throws IOException {
    return batches.evaluation(photos, preprocessing, crops(photos).map(CropTable::asAudited));
  }

  /** The crops, which were shown to a person or may be used unseen. */
  private Optional<CropTable> crops(PhotoSet photos) throws IOException {
    checkArgument(
        unauditedCrops || !crops.equals("auto"),
        "nobody is shown the crops of --crops auto; run 'mask crop' and 'mask audit-crops' and"
            + " train with --crops FILE, or go on with --unaudited-crops");
    Optional<CropTable> table = cropTable(photos);
    checkArgument(
        unauditedCrops || table.isEmpty() || table.get().audited(),
        "%s: nobody was shown these crops; run 'mask audit-crops --data %s --crops %s --out"
            + " crops.html' and look at the page, or go on with --unaudited-crops",
        crops,
        data.data,
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
                  Optional.empty(),
                  Optional.empty(),
                  Threads.orProcessors(batches.threads)));
      default ->
          Optional.of(
              Crops.read(
                  Path.of(crops), photos, faces.crop(), Threads.orProcessors(batches.threads)));
    };
  }
}
