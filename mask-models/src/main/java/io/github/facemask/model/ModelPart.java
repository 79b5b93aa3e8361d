package io.github.facemask.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.RunId;

/**
 * A model whose weights went into an average.
 *
 * @param runId the run that trained it
 * @param epoch the epoch after which its weights were taken, from 1
 * @param weightsDigest SHA-256 of its weights file
 * @param share its share of the average
 */
public record ModelPart(RunId runId, int epoch, Digest weightsDigest, double share) {

  ObjectNode toJson() {
    return new ObjectMapper()
        .createObjectNode()
        .put("runId", runId.value())
        .put("epoch", epoch)
        .put("weightsSha256", weightsDigest.hex())
        .put("share", share);
  }

  static ModelPart fromJson(JsonNode json) {
    return new ModelPart(
        new RunId(json.path("runId").asText()),
        json.path("epoch").asInt(),
        new Digest(json.path("weightsSha256").asText()),
        json.path("share").asDouble());
  }
}
