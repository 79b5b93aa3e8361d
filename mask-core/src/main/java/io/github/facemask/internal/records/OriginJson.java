package io.github.facemask.internal.records;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.provenance.Digest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Digests of models and shares of labels in JSON trees. */
public final class OriginJson {

  private OriginJson() {}

  /**
   * Reads digests of programs, keyed by the digests of the weights that they were exported from.
   *
   * @param json an object of hexadecimal digests; may be missing
   * @return the digests
   * @throws IllegalArgumentException if a value is not a digest
   */
  public static Map<Digest, Digest> programs(JsonNode json) {
    Map<Digest, Digest> programs = new LinkedHashMap<>();
    json.properties()
        .forEach(e -> programs.put(new Digest(e.getKey()), new Digest(e.getValue().asText())));
    return programs;
  }

  /**
   * Reads an optional digest.
   *
   * @param json its hexadecimal digits
   * @return the digest; empty for a missing value
   * @throws IllegalArgumentException if it is not a digest
   */
  public static Optional<Digest> digest(JsonNode json) {
    return json.isMissingNode() ? Optional.empty() : Optional.of(new Digest(json.asText()));
  }

  /**
   * Reads the attributes that models answer.
   *
   * @param words the attributes' names; all attributes if it is missing
   */
  public static ImmutableSet<Attribute> attributes(JsonNode words) {
    if (!words.isArray()) {
      return ImmutableSet.copyOf(Attribute.values());
    }
    ImmutableSet.Builder<Attribute> attributes = ImmutableSet.builder();
    words.forEach(
        word -> attributes.add(Attribute.valueOf(word.asText().toUpperCase(Locale.ROOT))));
    return attributes.build();
  }

  /**
   * Returns the JSON of shares of labels.
   *
   * @param attributes the attributes that the labels know
   * @param shares the share of each label of {@link FaceLabel#knowing}
   * @return the attributes, and the share of each label by its name
   */
  public static Map<String, Object> shares(
      ImmutableSet<Attribute> attributes, List<Double> shares) {
    List<FaceLabel> labels = FaceLabel.knowing(attributes);
    Map<String, Object> named = new LinkedHashMap<>();
    for (int i = 0; i < labels.size(); i++) {
      named.put(labels.get(i).displayName(), shares.get(i));
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("attributes", attributes.stream().map(Attribute::word).toList());
    json.put("shares", named);
    return json;
  }

  /**
   * Reads the shares of {@link #shares(ImmutableSet, List)}.
   *
   * @param json an object of attributes and shares
   * @return the share of each label of {@link FaceLabel#knowing}; 0 where it is missing
   */
  public static ImmutableList<Double> shares(JsonNode json) {
    return FaceLabel.knowing(attributes(json.path("attributes"))).stream()
        .map(label -> json.path("shares").path(label.displayName()).asDouble())
        .collect(ImmutableList.toImmutableList());
  }
}
