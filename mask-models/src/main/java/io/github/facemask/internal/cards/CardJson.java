package io.github.facemask.internal.cards;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The parts of model cards. */
public final class CardJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private CardJson() {}

  /**
   * Returns a model's training origin as JSON for its card.
   *
   * @param origin the origin
   * @return a JSON object
   */
  public static ObjectNode of(ModelOrigin origin) {
    ObjectNode from = JSON.createObjectNode();
    from.put("runId", origin.runId().value()).put("epoch", origin.epoch());
    from.put("trainingData", origin.trainingData().hex());
    from.put("validationData", origin.validationData().hex());
    from.set("trainingPeople", JSON.valueToTree(origin.trainingPeople()));
    if (origin.shares().isPresent()) {
      ObjectNode shares = from.putObject("classShares");
      shares.set("learnt", JSON.valueToTree(origin.shares().get().learnt()));
      shares.set("natural", JSON.valueToTree(origin.shares().get().natural()));
    }
    return from;
  }

  /**
   * Returns the names of attributes as JSON for a card.
   *
   * @param attributes the attributes
   */
  public static JsonNode words(Set<Attribute> attributes) {
    return JSON.valueToTree(attributes.stream().map(Attribute::word).toList());
  }

  /**
   * Returns the temperatures of attributes as JSON for a card.
   *
   * @param temperatures the temperature of each calibrated attribute
   * @return a JSON object by the attributes' words
   */
  public static ObjectNode of(Map<Attribute, Double> temperatures) {
    ObjectNode json = JSON.createObjectNode();
    temperatures.forEach((attribute, value) -> json.put(attribute.word(), value));
    return json;
  }

  /**
   * Reads the temperatures of a card.
   *
   * @param card the card
   * @return the temperature of each calibrated attribute; empty for cards of older versions
   * @throws IllegalArgumentException if one is not above 0
   */
  public static ImmutableMap<Attribute, Double> temperatures(JsonNode card) {
    return temperatures(card, "temperatures");
  }

  /**
   * Reads temperatures under another key, as {@link #temperatures(JsonNode)}.
   *
   * @param card the card
   * @param key the key
   * @return the temperature of each calibrated attribute; empty if there is no such key
   */
  public static ImmutableMap<Attribute, Double> temperatures(JsonNode card, String key) {
    ImmutableMap.Builder<Attribute, Double> temperatures = ImmutableMap.builder();
    for (Attribute attribute : Attribute.values()) {
      JsonNode value = card.path(key).path(attribute.word());
      if (!value.isMissingNode()) {
        check(
            value.isNumber() && value.asDouble() > 0 && value.asDouble() < 1e6,
            "temperature of " + attribute.word(),
            value,
            "a number above 0");
        temperatures.put(attribute, value.asDouble());
      }
    }
    return temperatures.buildOrThrow();
  }

  /**
   * Reads the JSON of {@link #of(ModelOrigin)}.
   *
   * @param from the JSON object
   * @return the origin of the model
   * @throws IllegalArgumentException if a value is missing or malformed
   */
  public static ModelOrigin origin(JsonNode from) {
    ImmutableList.Builder<String> people = ImmutableList.builder();
    from.path("trainingPeople").forEach(p -> people.add(p.asText()));
    return new ModelOrigin(
        new RunId(from.path("runId").asText()),
        new Digest(from.path("trainingData").asText()),
        new Digest(from.path("validationData").asText()),
        people.build(),
        from.path("epoch").asInt(),
        from.has("classShares")
            ? Optional.of(
                new ModelOrigin.Shares(
                    shares(from.path("classShares"), "learnt"),
                    shares(from.path("classShares"), "natural")))
            : Optional.empty());
  }

  private static ImmutableList<Double> shares(JsonNode json, String name) {
    ImmutableList.Builder<Double> shares = ImmutableList.builder();
    double sum = 0;
    for (JsonNode value : json.path(name)) {
      check(value.isNumber() && value.asDouble() >= 0, name, value, "a number of 0 or more");
      sum += value.asDouble();
      shares.add(value.asDouble());
    }
    ImmutableList<Double> all = shares.build();
    check(
        all.size() == FaceClass.COUNT && Math.abs(sum - 1) < 1e-6,
        name + " shares of the classes",
        json.path(name),
        FaceClass.COUNT + " numbers with a sum of 1");
    return all;
  }

  /**
   * Reads the network's input from a card.
   *
   * @param card the card
   * @return the network's input
   * @throws IllegalArgumentException if a value is missing or out of range
   */
  public static Preprocessing preprocessing(JsonNode card) {
    return JSON.convertValue(card.path("preprocessing"), Preprocessing.class);
  }

  /**
   * Reads the face crop settings from a card.
   *
   * @param card the card
   * @return the settings; empty for a model of whole photos
   * @throws IllegalArgumentException if a value is missing or out of range
   */
  public static Optional<FaceCropSettings> faces(JsonNode card) {
    if (!card.has("faces")) {
      return Optional.empty();
    }
    return Optional.of(JSON.convertValue(card.get("faces"), FaceCropSettings.class));
  }
}
