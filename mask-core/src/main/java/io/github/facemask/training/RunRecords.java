package io.github.facemask.training;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.Environment;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.provenance.RunFolder.Difference;
import io.github.facemask.provenance.RunId;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The record that a run writes before its first step. */
final class RunRecords {

  private static final String PHOTO_FILES = "photoFilesSha256";

  private RunRecords() {}

  /** Returns all parameters of a run, its data and its environment, as plain JSON values. */
  static Map<String, Object> of(
      TrainingChoices choices, RunId id, PhotoListing photos, TrainableModel model) {
    Map<String, Object> record = new LinkedHashMap<>();
    record.put("format", "facemask-run-1");
    record.put("runId", id.value());
    record.put("started", Instant.now().toString());
    record.put("network", choices.network().parameters());
    record.put("startedFrom", model.startedFrom());
    record.put("startSha256", StartDigest.of(model).hex());
    TrainingData data = choices.data();
    record.put(
        "data",
        ImmutableMap.of(
            "training", counts(data.training()), "validation", counts(data.validation())));
    record.put(PHOTO_FILES, photos.digest().hex());
    record.putAll(choices(choices));
    record.put("environment", Environment.describe());
    return record;
  }

  /** Returns all parameters except those of the data, as plain JSON values. */
  static Map<String, Object> choices(TrainingChoices choices) {
    Map<String, Object> record = new LinkedHashMap<>();
    TrainingData data = choices.data();
    record.put("batches", data.trainingBatches().parameters());
    record.put("validationBatches", data.validationBatches().parameters());
    record.put("loss", choices.loss().parameters());
    record.put("optimizer", choices.optimizer().parameters());
    record.put("schedule", choices.schedule().parameters());
    record.put("epochs", choices.epochs());
    if (choices.photosLeftOut() > 0) {
      record.put("photosLeftOut", choices.photosLeftOut());
    }
    record.put("gradientAccumulation", choices.batchesPerStep());
    record.put(
        "gradientClipping", Double.isInfinite(choices.normLimit()) ? "none" : choices.normLimit());
    record.put("ema", choices.averageDecay());
    record.put("monitor", choices.monitor().name());
    record.put("keepBest", choices.keptBest());
    record.put("patience", choices.patience());
    record.put(
        "plateau", choices.plateau().isPresent() ? choices.plateau().get().parameters() : "none");
    record.put("precision", choices.precision().name());
    record.put("device", choices.device().toString());
    boolean onDevice = data.trainingBatches().transformsOnDevice(choices.device());
    // Where the device is the host, there is nothing to say.
    if (onDevice || choices.device().isGpu()) {
      record.put("transformsOn", onDevice ? "device" : "host");
    }
    record.put("seed", choices.seed());
    if (choices.threads() > 0) {
      record.put("threads", choices.threads());
    }
    record.putAll(choices.notes());
    return record;
  }

  private static Map<String, Object> counts(PhotoSet photos) {
    Map<String, Object> counts = new LinkedHashMap<>();
    counts.put("photos", photos.size());
    counts.put("people", photos.people().size());
    counts.put("digest", photos.digest().hex());
    counts.put("classCounts", photos.classCounts());
    if (!photos.complete()) {
      counts.put("labelCounts", photos.labelCounts());
    }
    if (photos.sets().size() > 1) {
      Map<String, Object> sets = new LinkedHashMap<>();
      for (String name : photos.sets()) {
        PhotoSet set = photos.only(name);
        sets.put(
            name,
            ImmutableMap.of(
                "photos", set.size(),
                "share", set.size() / (double) photos.size(),
                "digest", set.digest().hex()));
      }
      counts.put("sets", sets);
    }
    return counts;
  }

  /** Refuses to resume a run with other parameters, data or weights. */
  static void refuseOther(RunFolder folder, Map<String, Object> record, PhotoListing photos)
      throws IOException {
    List<Difference> differences = Difference.between(folder.record(), asRead(record));
    if (!differences.isEmpty()) {
      Difference first = differences.get(0);
      if (first.key().equals(PHOTO_FILES)) {
        refuseChanged(folder, photos);
      }
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "%s: cannot go on, for its %s was %s, is %s; use the same value, or start a new run",
              folder.path(),
              first.key(),
              first.first(),
              first.second()));
    }
  }

  /** Names a photo whose file was changed since the run began. */
  private static void refuseChanged(RunFolder folder, PhotoListing photos) throws IOException {
    Map<String, Digest> before =
        PhotoListing.read(folder.path().resolve(PhotoListing.FILE)).digests();
    for (Map.Entry<String, Digest> photo : photos.digests().entrySet()) {
      Digest was = before.get(photo.getKey());
      if (was != null && !was.equals(photo.getValue())) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "%s: cannot go on, for photo '%s' was changed since the run began; put the original"
                    + " file back, or start a new run",
                folder.path(),
                photo.getKey()));
      }
    }
  }

  /** A record as it is read back after writing. */
  private static Map<String, Object> asRead(Map<String, Object> record) throws IOException {
    ObjectMapper json = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);
    return json.readValue(json.writeValueAsBytes(record), new TypeReference<>() {});
  }
}
