package io.github.facemask.recipe;

import ai.djl.Device;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Streams;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.dataset.Split;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetectors;
import io.github.facemask.internal.records.OriginJson;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.model.ModelCard;
import io.github.facemask.network.Heads;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.Training.Monitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Reads the recipe of a run from its record and the files beside it. */
final class RecordedRecipe {

  private static final ObjectMapper JSON = new ObjectMapper();

  private RecordedRecipe() {}

  static TrainingRecipe read(Path run, Optional<Path> moved) throws IOException {
    RunFolder folder = RunFolder.open(run);
    JsonNode record = RunJson.record(folder);
    try {
      return read(folder, record, moved);
    } catch (IllegalArgumentException e) {
      throw new InvalidFileException(
          run.resolve("run.json"),
          Problem.saying("the recipe cannot be made again: " + e.getMessage()),
          e);
    }
  }

  private static TrainingRecipe read(RunFolder folder, JsonNode record, Optional<Path> moved)
      throws IOException {
    PhotoListing photos = photos(folder.path(), record, moved);
    Split split = new Split(photos.training(), photos.validation(), ImmutableList.of());
    Optional<FaceCrop> faces = faces(folder, record);
    TrainingRecipe.Builder recipe = TrainingRecipe.builder(backbone(record.path("network")), split);
    faces.ifPresent(recipe::optFaces);
    Path crops = folder.path().resolve(PhotoLoader.CROPS_FILE);
    if (faces.isPresent() && Files.isRegularFile(crops)) {
      recipe.optCrops(CropTable.read(crops));
    }
    if (faces.isPresent()) {
      // They were audited before the run, or the run accepted unaudited crops.
      recipe.optUnauditedCrops();
    }
    batches(recipe, record.path("batches"));
    overlaidFaces(recipe, folder.path());
    optimization(recipe, record);
    if (record.at("/network/linearProbe").asBoolean()) {
      recipe.optLinearProbe();
    }
    if (record.has("ageBoundary")) {
      recipe.optAgeBoundary(record.get("ageBoundary").asInt());
    }
    return recipe.optNotes(notes(record)).build();
  }

  private static PhotoListing photos(Path run, JsonNode record, Optional<Path> moved)
      throws IOException {
    Path file = run.resolve(PhotoListing.FILE);
    PhotoListing recorded = PhotoListing.read(file);
    if (!recorded.digest().hex().equals(record.path("photoFilesSha256").asText())) {
      throw new InvalidFileException(
          file,
          Problem.saying("lists other photos than run.json")
              .withRemedy("restore the one of the two files that was changed"));
    }
    PhotoListing photos = moved.isPresent() ? recorded.withRoot(moved.get()) : recorded;
    for (var photo : photos.training().plus(photos.validation())) {
      Path at = photo.photo().file();
      if (recorded.digests().containsKey(photo.photo().id()) && !Files.isRegularFile(at)) {
        throw new InvalidFileException(
            at,
            Problem.saying("there is no such photo")
                .withRemedy("name the folder that holds them now"));
      }
    }
    return photos;
  }

  private static Optional<FaceCrop> faces(RunFolder run, JsonNode record) throws IOException {
    JsonNode faces = record.at("/network/faces");
    if (faces.isMissingNode() || faces.isEmpty()) {
      return Optional.empty();
    }
    FaceCropSettings settings = JSON.convertValue(faces, FaceCropSettings.class);
    Path network = run.model().resolve(ModelCard.DETECTOR_FILE);
    return Optional.of(
        FaceCrop.of(
            settings,
            FaceDetectors.open(
                settings.detector(),
                Files.isRegularFile(network) ? Optional.of(network) : Optional.empty())));
  }

  private static Backbone backbone(JsonNode network) {
    String name = network.path("pretrained").asText(network.path("architecture").asText());
    Backbone backbone =
        Backbones.get(name)
            .withPreprocessing(
                JSON.convertValue(network.path("preprocessing"), Preprocessing.class))
            .withHeads(Heads.valueOf(network.path("heads").asText()))
            .withAttributes(OriginJson.attributes(network.path("attributes")))
            .withFrozenStages(network.path("frozenStages").asInt())
            .withLayerDecay(network.path("layerDecay").asDouble(1))
            .withHeadRate(network.path("headRate").asDouble(1))
            .withDropout(
                network.path("dropRate").asDouble(0), network.path("dropPathRate").asDouble(0))
            .withLeastMatched(network.path("leastMatched").asDouble(1));
    int unfreezing = network.path("unfreezeEvery").asInt();
    backbone = unfreezing > 0 ? backbone.withUnfreezing(unfreezing) : backbone;
    String weights = network.path("weights").asText();
    if (weights.equals(Backbone.RANDOM_WEIGHTS)) {
      return backbone;
    }
    if (!weights.equals(Backbone.PRETRAINED_WEIGHTS)) {
      return backbone.withWeights(Path.of(weights));
    }
    // Whoever repeats the run has its record, which names the accepted licence.
    backbone = backbone.optPretrained();
    for (JsonNode licence : network.path("acceptedLicences")) {
      backbone = backbone.withAcceptedLicence(licence.asText());
    }
    return backbone;
  }

  private static void batches(TrainingRecipe.Builder recipe, JsonNode batches) {
    recipe
        .optAugmentation(
            Augmentation.ofRecord(
                Streams.stream(batches.path("transforms"))
                    .map(RecordedRecipe::parameters)
                    .collect(ImmutableList.toImmutableList()),
                batches.has("mixing")
                    ? Optional.of(parameters(batches.get("mixing")))
                    : Optional.empty(),
                batches.has("overlay")
                    ? Optional.of(parameters(batches.get("overlay")))
                    : Optional.empty()))
        .optBatchSize(batches.path("batchSize").asInt())
        .optStored(batches.path("storedForm").asBoolean())
        .optBatchSeed(batches.path("seed").asLong());
    if (batches.has("sampler")) {
      recipe.optSampler(Components.sampler(batches.get("sampler")));
    } else {
      recipe.optNoSampler();
    }
  }

  private static Map<String, Object> parameters(JsonNode json) {
    return JSON.convertValue(json, new TypeReference<Map<String, Object>>() {});
  }

  private static void overlaidFaces(TrainingRecipe.Builder recipe, Path run) throws IOException {
    Path faces = run.resolve(PhotoLoader.FACES_FILE);
    if (Files.isRegularFile(faces)) {
      recipe.optOverlaidFaces(CropTable.read(faces));
    }
  }

  private static void optimization(TrainingRecipe.Builder recipe, JsonNode record) {
    recipe
        .optLoss(Components.loss(record.path("loss")))
        .optOptimizer(Components.optimizer(record.path("optimizer")))
        .optSchedule(Components.schedule(record.path("schedule")))
        .optEpochs(record.path("epochs").asInt())
        .optGradientAccumulation(record.path("gradientAccumulation").asInt())
        .optGradientClipping(
            record.path("gradientClipping").isNumber()
                ? record.get("gradientClipping").asDouble()
                : Double.POSITIVE_INFINITY)
        .optEma(record.path("ema").asDouble())
        .optMonitor(Monitor.valueOf(record.path("monitor").asText()))
        .optKeepBest(record.path("keepBest").asInt())
        .optPatience(record.path("patience").asInt())
        .optPrecision(Precision.valueOf(record.path("precision").asText()))
        .optDevice(Device.fromName(deviceName(record.path("device").asText())))
        .optSeed(record.path("seed").asLong())
        .optThreads(record.path("threads").asInt());
    if (record.path("plateau").isObject()) {
      recipe.optReduceOnPlateau(Components.plateau(record.get("plateau")));
    }
  }

  /** DJL prints "cpu()" and "gpu(0)", and reads "cpu" and "gpu0". */
  private static String deviceName(String printed) {
    return printed.replace("(", "").replace(")", "");
  }

  /** The notes of the run, for instance where the photos came from. */
  private static ImmutableMap<String, Object> notes(JsonNode record) {
    ImmutableMap.Builder<String, Object> notes = ImmutableMap.builder();
    for (String key : ImmutableList.of("source", "validatedFold")) {
      if (record.has(key)) {
        notes.put(key, JSON.convertValue(record.get(key), Object.class));
      }
    }
    return notes.buildOrThrow();
  }
}
