package io.github.facemask.recipe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.transform.PhotoTransform;
import java.util.LinkedHashMap;
import java.util.Map;

/** A recipe as JSON, in the form of a run's record. */
final class RecipeJson {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private RecipeJson() {}

  static String write(TrainingRecipe.Choices choices) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("network", choices.network().parameters());
    all.put(
        "data",
        ImmutableMap.of(
            "training", digest(choices.split().train()),
            "validation", digest(choices.split().validation())));
    all.put("batches", batches(choices));
    all.put("loss", choices.loss().parameters());
    all.put("optimizer", choices.optimizer().parameters());
    all.put("schedule", choices.schedule().parameters());
    all.put(
        "plateau", choices.plateau().isPresent() ? choices.plateau().get().parameters() : "none");
    all.put("epochs", choices.epochs());
    all.put("gradientAccumulation", choices.gradientAccumulation());
    all.put(
        "gradientClipping",
        Double.isInfinite(choices.gradientClipping()) ? "none" : choices.gradientClipping());
    all.put("ema", choices.ema());
    all.put("monitor", choices.monitor().name());
    all.put("keepBest", choices.keepBest());
    all.put("patience", choices.patience());
    all.put("precision", choices.precision().name());
    all.put("device", choices.device().toString());
    all.put("seed", choices.seed());
    if (choices.threads() > 0) {
      all.put("threads", choices.threads());
    }
    all.put("ageBoundary", choices.ageBoundary());
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the parts of a recipe are plain JSON values", e);
    }
  }

  private static Map<String, Object> batches(TrainingRecipe.Choices choices) {
    Map<String, Object> batches = new LinkedHashMap<>();
    batches.put(
        "transforms", choices.transforms().stream().map(PhotoTransform::parameters).toList());
    choices
        .overlay()
        .ifPresent(
            o ->
                batches.put(
                    "overlay",
                    ImmutableMap.builder()
                        .putAll(o.masks().parameters())
                        .put("faces", o.faces().digest().hex())
                        .buildOrThrow()));
    choices.mixing().ifPresent(m -> batches.put("mixing", m.parameters()));
    choices.sampler().ifPresent(s -> batches.put("sampler", s.parameters()));
    batches.put("batchSize", choices.batchSize());
    batches.put("storedForm", choices.stored());
    batches.put("seed", choices.batchSeed());
    choices.crops().ifPresent(c -> batches.put("crops", Map.of("table", c.digest().hex())));
    return batches;
  }

  private static Map<String, Object> digest(PhotoSet photos) {
    return Map.of("digest", photos.digest().hex());
  }
}
