package io.github.facemask.internal.records;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.provenance.Digest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Digests of models in JSON trees. */
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
}
