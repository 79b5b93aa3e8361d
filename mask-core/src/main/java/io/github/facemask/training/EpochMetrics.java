package io.github.facemask.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import io.github.facemask.evaluation.LabelMatrix;
import io.github.facemask.evaluation.LabelMatrix.Score;
import io.github.facemask.label.FaceClass;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;

/**
 * The metrics of an epoch. All but the timing are the same for the same seed, processor and number
 * of the engine's threads.
 *
 * @param epoch the epoch, from 1
 * @param trainingLoss mean over the epoch's batches
 * @param trainingAccuracy share of the epoch's photos whose largest logit was at their largest
 *     target, measured during the steps
 * @param learningRate the rate of the epoch's last step
 * @param validationLoss mean cross entropy of the validation photos
 * @param accuracy share of the validation photos whose predicted class agrees with the label
 * @param score the macro F1 of the validation photos, see {@link LabelMatrix#score()}
 * @param ageError the mean absolute error of the age in years, of a network that learns it
 * @param timing the durations
 */
public record EpochMetrics(
    int epoch,
    double trainingLoss,
    double trainingAccuracy,
    double learningRate,
    double validationLoss,
    double accuracy,
    Score score,
    OptionalDouble ageError,
    Timing timing) {

  /**
   * The durations and the speed of an epoch.
   *
   * @param trainingSeconds spent on batches
   * @param validationSeconds spent on validation
   * @param photosPerSecond speed of training
   * @param waitingShare the share of the training time that waited for photos
   * @param threads the threads of the engine, by the epoch's batch from which on they computed; the
   *     first batch is 0. Empty if it was not recorded
   */
  public record Timing(
      double trainingSeconds,
      double validationSeconds,
      double photosPerSecond,
      double waitingShare,
      NavigableMap<Integer, Integer> threads) {

    /** Copies the threads; they cannot be changed. */
    public Timing {
      threads = ImmutableSortedMap.copyOfSorted(threads);
    }

    /** Returns the threads of the engine at the end of the epoch; 0 if it was not recorded. */
    public int lastThreads() {
      return threads.isEmpty() ? 0 : threads.lastEntry().getValue();
    }

    private static ImmutableSortedMap<Integer, Integer> threadsFromJson(JsonNode timing) {
      ImmutableSortedMap.Builder<Integer, Integer> threads = ImmutableSortedMap.naturalOrder();
      JsonNode changes = timing.path("threadsFromBatch");
      for (JsonNode change : changes) {
        threads.put(change.path("batch").asInt(), change.path("threads").asInt());
      }
      if (changes.isEmpty() && timing.path("threads").asInt() > 0) {
        threads.put(0, timing.path("threads").asInt());
      }
      return threads.build();
    }

    private Map<String, Object> toJson() {
      ImmutableMap.Builder<String, Object> json = ImmutableMap.builder();
      json.put("trainingSeconds", trainingSeconds)
          .put("validationSeconds", validationSeconds)
          .put("photosPerSecond", photosPerSecond)
          .put("waitingShare", waitingShare)
          .put("threads", lastThreads());
      if (threads.size() > 1) {
        json.put(
            "threadsFromBatch",
            threads.entrySet().stream()
                .map(e -> ImmutableMap.of("batch", e.getKey(), "threads", e.getValue()))
                .toList());
      }
      return json.buildOrThrow();
    }
  }

  /**
   * Reads the result of {@link #toJson}.
   *
   * @param json an epoch's line
   * @return the metrics
   */
  static EpochMetrics fromJson(JsonNode json) {
    JsonNode timing = json.path("timing");
    return new EpochMetrics(
        json.path("epoch").asInt(),
        json.path("trainingLoss").asDouble(),
        json.path("trainingAccuracy").asDouble(Double.NaN),
        json.path("learningRate").asDouble(),
        json.path("validationLoss").asDouble(),
        json.path("accuracy").asDouble(),
        score(json),
        json.path("ageError").isNumber()
            ? OptionalDouble.of(json.path("ageError").asDouble())
            : OptionalDouble.empty(),
        new Timing(
            timing.path("trainingSeconds").asDouble(),
            timing.path("validationSeconds").asDouble(),
            timing.path("photosPerSecond").asDouble(),
            timing.path("waitingShare").asDouble(),
            Timing.threadsFromJson(timing)));
  }

  /** Returns the macro F1 of the validation photos, see {@link LabelMatrix#macroF1}. */
  public double macroF1() {
    return score.value();
  }

  private static Score score(JsonNode json) {
    JsonNode score = json.path("score");
    JsonNode competition = score.path("competition");
    return new Score(
        score.path("name").asText("macro F1"),
        json.path("macroF1").asDouble(),
        score.path("present").asInt(FaceClass.COUNT),
        score.path("of").asInt(FaceClass.COUNT),
        competition.isNumber()
            ? OptionalDouble.of(competition.asDouble())
            : OptionalDouble.empty());
  }

  /** Returns the metrics as plain JSON values. */
  public Map<String, Object> toJson() {
    ImmutableMap.Builder<String, Object> json = ImmutableMap.builder();
    json.put("epoch", epoch)
        .put("trainingLoss", trainingLoss)
        .put("trainingAccuracy", trainingAccuracy)
        .put("learningRate", learningRate)
        .put("validationLoss", validationLoss)
        .put("accuracy", accuracy)
        .put("macroF1", macroF1())
        .put("score", score.toJson())
        .put("timing", timing.toJson());
    ageError.ifPresent(error -> json.put("ageError", error));
    return json.buildOrThrow();
  }
}
