package io.github.facemask.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import com.google.common.primitives.Longs;
import io.github.facemask.evaluation.Evaluation.AgeError;
import io.github.facemask.evaluation.Evaluation.Calibration;
import io.github.facemask.evaluation.Evaluation.Interval;
import io.github.facemask.evaluation.Evaluation.ScoreIntervals;
import io.github.facemask.evaluation.Evaluation.WorstPhoto;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.internal.records.OriginJson;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.Prior;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The JSON form of an {@link Evaluation}. The scores are written for other programs; this class
 * computes them from the confusion matrix.
 */
final class EvaluationJson {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private EvaluationJson() {}

  static Map<String, Object> toJson(Evaluation evaluation) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("photos", evaluation.photos());
    json.put("people", evaluation.people());
    json.put("data", evaluation.data().hex());
    json.put("models", evaluation.origin().models().stream().map(Digest::hex).toList());
    json.put("runs", evaluation.origin().runs());
    evaluation.origin().data().ifPresent(data -> json.put("predictedData", data.hex()));
    if (!evaluation.origin().programs().isEmpty()) {
      json.put("programs", evaluation.origin().programsAsText());
    }
    evaluation.origin().ensemble().ifPresent(d -> json.put("ensemble", d.hex()));
    if (evaluation.origin().labels().size() < FaceClass.COUNT) {
      json.put(
          "attributes", evaluation.origin().attributes().stream().map(Attribute::word).toList());
    }
    if (evaluation.origin().years()) {
      json.put("years", true);
    }
    evaluation
        .origin()
        .prior()
        .ifPresent(p -> json.put("prior", OriginJson.shares(p.attributes(), p.shares())));
    json.put("score", evaluation.score().toJson());
    json.put("scores", evaluation.scores().toJson());
    for (Attribute attribute : Attribute.values()) {
      json.put(
          attribute.name().toLowerCase(Locale.ROOT) + "Scores",
          evaluation.scores(attribute).toJson());
    }
    json.put("confusion", evaluation.confusion().cells());
    if (!evaluation.counts().complete()) {
      json.put("labelCounts", Longs.asList(evaluation.counts().cells()));
    }
    json.put("macroF1Interval", interval(evaluation.macroF1Interval()));
    json.put(
        "classF1Intervals",
        evaluation.intervals().classes().stream().map(EvaluationJson::interval).toList());
    Map<String, Object> attributes = new LinkedHashMap<>();
    evaluation
        .intervals()
        .attributes()
        .forEach((a, i) -> attributes.put(a.name().toLowerCase(Locale.ROOT), interval(i)));
    json.put("attributeF1Intervals", attributes);
    json.put("calibration", calibration(evaluation.calibration()));
    evaluation
        .ageError()
        .ifPresent(
            e ->
                json.put(
                    "ageError", Map.of("meanAbsolute", e.meanAbsolute(), "photos", e.photos())));
    json.put("worst", evaluation.worst().stream().map(EvaluationJson::worst).toList());
    return json;
  }

  static Evaluation fromJson(JsonNode json) {
    int photos = at(json, "photos").asInt();
    LabelMatrix counts = counts(json, photos);
    List<WorstPhoto> worst = new ArrayList<>();
    at(json, "worst").forEach(photo -> worst.add(worst(photo)));
    List<Digest> models = new ArrayList<>();
    at(json, "models").forEach(model -> models.add(new Digest(model.asText())));
    List<String> runs = new ArrayList<>();
    at(json, "runs").forEach(run -> runs.add(run.asText()));
    return new Evaluation(
        photos,
        at(json, "people").asInt(),
        new Digest(at(json, "data").asText()),
        new PredictionOrigin(
                models,
                runs,
                Optional.ofNullable(json.get("predictedData")).map(d -> new Digest(d.asText())))
            .withPrograms(OriginJson.programs(json.path("programs")))
            .withEnsemble(OriginJson.digest(json.path("ensemble")))
            .withAttributes(OriginJson.attributes(json.path("attributes")))
            .withYears(json.path("years").asBoolean())
            .withPrior(prior(json)),
        counts,
        interval(at(json, "macroF1Interval")),
        intervals(json),
        calibration(at(json, "calibration")),
        ageError(json.path("ageError")),
        worst);
  }

  private static Optional<Prior> prior(JsonNode json) {
    JsonNode prior = json.path("prior");
    return prior.isObject()
        ? Optional.of(
            new Prior(OriginJson.attributes(prior.path("attributes")), OriginJson.shares(prior)))
        : Optional.empty();
  }

  private static Optional<AgeError> ageError(JsonNode json) {
    return json.isObject()
        ? Optional.of(new AgeError(at(json, "meanAbsolute").asDouble(), at(json, "photos").asInt()))
        : Optional.empty();
  }

  /** Only evaluations of photos with unknown attributes have counts of labels. */
  private static LabelMatrix counts(JsonNode json, int photos) {
    JsonNode written = json.has("labelCounts") ? json.get("labelCounts") : at(json, "confusion");
    ImmutableLongArray.Builder cells = ImmutableLongArray.builder();
    written.forEach(cell -> cells.add(count(cell, photos)));
    long[] counts = cells.build().toArray();
    return LabelMatrix.ofCells(
        counts.length == FaceClass.COUNT * FaceClass.COUNT
            ? Arrays.copyOf(counts, FaceLabel.COUNT * FaceClass.COUNT)
            : counts);
  }

  /** Larger counts than there are photos could overflow a sum. */
  private static long count(JsonNode cell, int photos) {
    long count = cell.asLong();
    checkArgument(
        count >= 0 && count <= photos, "a count is %s, expected 0 to %s photos", cell, photos);
    return count;
  }

  static void write(Evaluation evaluation, Path file) throws IOException {
    AtomicFile.writeText(file, JSON.writeValueAsString(toJson(evaluation)) + "\n");
  }

  static Evaluation read(Path file) throws IOException {
    try {
      return fromJson(WholeFile.readJson(file));
    } catch (IllegalArgumentException e) {
      throw new InvalidFileException(
          file, Problem.saying("is not an evaluation: " + e.getMessage()), e);
    }
  }

  private static Map<String, Object> interval(Interval interval) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("low", interval.low());
    json.put("high", interval.high());
    json.put("resamples", interval.resamples());
    json.put("seed", interval.seed());
    return json;
  }

  private static Interval interval(JsonNode json) {
    return new Interval(
        at(json, "low").asDouble(),
        at(json, "high").asDouble(),
        at(json, "resamples").asInt(),
        at(json, "seed").asLong());
  }

  private static ScoreIntervals intervals(JsonNode json) {
    ImmutableList.Builder<Interval> classes = ImmutableList.builder();
    at(json, "classF1Intervals").forEach(i -> classes.add(interval(i)));
    ImmutableMap.Builder<Attribute, Interval> attributes = ImmutableMap.builder();
    for (Attribute attribute : Attribute.values()) {
      String name = attribute.name().toLowerCase(Locale.ROOT);
      attributes.put(attribute, interval(at(at(json, "attributeF1Intervals"), name)));
    }
    return new ScoreIntervals(classes.build(), attributes.buildOrThrow());
  }

  private static Map<String, Object> calibration(Calibration calibration) {
    List<Map<String, Object>> bins = new ArrayList<>();
    for (Calibration.Bin bin : calibration.bins()) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("low", bin.low());
      json.put("high", bin.high());
      json.put("photos", bin.photos());
      json.put("confidence", bin.confidence());
      json.put("accuracy", bin.accuracy());
      bins.add(json);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("expectedError", calibration.expectedError());
    json.put("bins", bins);
    return json;
  }

  private static Calibration calibration(JsonNode json) {
    List<Calibration.Bin> bins = new ArrayList<>();
    at(json, "bins")
        .forEach(
            bin ->
                bins.add(
                    new Calibration.Bin(
                        at(bin, "low").asDouble(),
                        at(bin, "high").asDouble(),
                        at(bin, "photos").asLong(),
                        at(bin, "confidence").asDouble(),
                        at(bin, "accuracy").asDouble())));
    return new Calibration(at(json, "expectedError").asDouble(), bins);
  }

  private static Map<String, Object> worst(WorstPhoto photo) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("photo", photo.photo());
    json.put("person", photo.person());
    json.put("truth", photo.truth().id());
    json.put("predicted", photo.predicted().id());
    json.put("probability", photo.probability());
    json.put("loss", photo.loss());
    return json;
  }

  private static WorstPhoto worst(JsonNode json) {
    return new WorstPhoto(
        at(json, "photo").asText(),
        at(json, "person").asText(),
        FaceLabel.ofId(at(json, "truth").asInt()),
        FaceLabel.ofId(at(json, "predicted").asInt()),
        at(json, "probability").asDouble(),
        at(json, "loss").asDouble());
  }

  private static JsonNode at(JsonNode json, String name) {
    JsonNode value = json.get(name);
    checkArgument(value != null, "the value '%s' is missing", name);
    return value;
  }
}
