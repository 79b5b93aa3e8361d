package io.github.facemask.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import io.github.facemask.label.FaceClass;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.loss.FocalLoss;
import io.github.facemask.loss.SoftMacroF1;
import io.github.facemask.loss.SoftTargetLoss;
import io.github.facemask.loss.TrainingLoss;
import io.github.facemask.loss.WeightedSum;
import io.github.facemask.optimizer.Adam;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.optimizer.Sgd;
import io.github.facemask.sampling.ClassWeights;
import io.github.facemask.sampling.PhotoSampler;
import io.github.facemask.sampling.WeightedSampler;
import io.github.facemask.schedule.ReduceOnPlateau;
import io.github.facemask.schedule.Schedule;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Recreates the components of a training from their recorded {@code parameters()}. */
final class Components {

  private Components() {}

  static TrainingLoss loss(JsonNode json) {
    return name(json).equals("deferred")
        ? new TrainingLoss.Deferred(
            soft(json.path("first")), soft(json.path("then")), (int) whole(json, "epochs"))
        : soft(json);
  }

  private static SoftTargetLoss soft(JsonNode json) {
    return switch (name(json)) {
      case "cross entropy" ->
          new CrossEntropy(
              number(json, "labelSmoothing"),
              ImmutableList.copyOf(doubles(json.path("classWeights"))));
      case "focal" -> new FocalLoss(number(json, "gamma"));
      case "soft macro F1" -> new SoftMacroF1(number(json, "eps"));
      case "logit adjusted" ->
          new CrossEntropy.LogitAdjusted(
              number(json, "tau"), ImmutableList.copyOf(doubles(json.path("prior"))));
      case "balanced softmax" ->
          new CrossEntropy.BalancedSoftmax(ImmutableList.copyOf(doubles(json.path("counts"))));
      case "sum" ->
          new WeightedSum(
              Streams.stream(json.path("terms"))
                  .map(t -> new WeightedSum.Term(number(t, "weight"), soft(t.path("loss"))))
                  .collect(ImmutableList.toImmutableList()));
      default -> throw own("loss", json);
    };
  }

  static FusedOptimizer optimizer(JsonNode json) {
    double rate = number(json, "learningRate");
    double decay = number(json, "weightDecay");
    return switch (name(json)) {
      case "adamw" ->
          new AdamW(rate, number(json, "beta1"), number(json, "beta2"), number(json, "eps"), decay);
      case "adam" ->
          new Adam(rate, number(json, "beta1"), number(json, "beta2"), number(json, "eps"), decay);
      case "sgd" ->
          new Sgd(rate, number(json, "momentum"), json.path("nesterov").asBoolean(), decay);
      default -> throw own("optimizer", json);
    };
  }

  static Schedule schedule(JsonNode json) {
    return switch (name(json)) {
      case "constant" -> Schedule.constant();
      case "cosine" -> Schedule.cosine(number(json, "floor"));
      case "cosine restarts" ->
          Schedule.cosineRestarts(whole(json, "first"), (int) whole(json, "factor"));
      case "multi-step" ->
          Schedule.multiStep(
              Streams.stream(json.path("milestones"))
                  .map(JsonNode::asLong)
                  .collect(ImmutableList.toImmutableList()),
              number(json, "gamma"));
      case "one cycle" -> Schedule.oneCycle(number(json, "rise"));
      case "step" -> Schedule.stepDecay(whole(json, "size"), number(json, "gamma"));
      case "warm-up" ->
          json.has("share")
              ? Schedule.warmUpShare(number(json, "share"), schedule(json.path("then")))
              : Schedule.warmUp(whole(json, "steps"), schedule(json.path("then")));
      default -> throw own("schedule", json);
    };
  }

  static ReduceOnPlateau plateau(JsonNode json) {
    return new ReduceOnPlateau(
        number(json, "factor"), (int) whole(json, "patience"), number(json, "threshold"));
  }

  static PhotoSampler sampler(JsonNode json) {
    return switch (name(json)) {
      case "shuffled" -> PhotoSampler.shuffled();
      case "balanced batches" -> PhotoSampler.balancedBatches((int) whole(json, "batchSize"));
      case "capped" -> PhotoSampler.capped((int) whole(json, "perPerson"));
      case "oversampling" ->
          PhotoSampler.oversampling(number(json, "factor"), classes(json.path("classes")));
      case "weighted" -> weighted(json);
      case "deferred" ->
          PhotoSampler.deferred(
              sampler(json.path("first")), sampler(json.path("then")), (int) whole(json, "epochs"));
      case "progressive" ->
          PhotoSampler.progressive(weighted(json.path("then")), (int) whole(json, "epochs"));
      default -> throw own("sampler", json);
    };
  }

  private static WeightedSampler weighted(JsonNode json) {
    WeightedSampler sampler =
        switch (json.path("weights").asText()) {
          case "natural" -> WeightedSampler.natural();
          case "inverse frequency" -> WeightedSampler.inverseFrequency();
          case "square root" -> WeightedSampler.squareRoot();
          case "effective number" -> WeightedSampler.effectiveNumber(number(json, "beta"));
          case "by class" ->
              WeightedSampler.of(
                  ClassWeights.of(
                      doubles(json.path("classWeights")).stream()
                          .mapToDouble(Double::doubleValue)
                          .toArray()));
          default -> throw own("weights of the sampler", json);
        };
    if (!json.path("replacement").asBoolean(true)) {
      sampler = sampler.withoutReplacement();
    }
    if (json.has("personCap")) {
      sampler = sampler.withPersonCap((int) whole(json, "personCap"));
    }
    return json.has("photosPerEpoch")
        ? sampler.withPhotosPerEpoch((int) whole(json, "photosPerEpoch"))
        : sampler;
  }

  static Set<FaceClass> classes(JsonNode ids) {
    return Streams.stream(ids).map(id -> FaceClass.ofId(id.asInt())).collect(Collectors.toSet());
  }

  static String name(JsonNode json) {
    return json.path("name").asText();
  }

  static double number(JsonNode json, String key) {
    if (!json.path(key).isNumber()) {
      throw new IllegalArgumentException(
          "'" + key + "' of '" + name(json) + "' is " + json.path(key) + ", expected a number");
    }
    return json.get(key).asDouble();
  }

  static long whole(JsonNode json, String key) {
    if (!json.path(key).isIntegralNumber()) {
      throw new IllegalArgumentException(
          "'"
              + key
              + "' of '"
              + name(json)
              + "' is "
              + json.path(key)
              + ", expected a whole number");
    }
    return json.get(key).asLong();
  }

  private static List<Double> doubles(JsonNode array) {
    return Streams.stream(array).map(JsonNode::asDouble).toList();
  }

  /** The exception for a custom component, which only the original program has. */
  static IllegalArgumentException own(String what, JsonNode json) {
    return new IllegalArgumentException(
        "the "
            + what
            + " '"
            + name(json)
            + "' is not one of this library; run the program that defines it again");
  }
}
