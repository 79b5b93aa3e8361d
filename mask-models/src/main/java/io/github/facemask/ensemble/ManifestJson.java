package io.github.facemask.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.facemask.combination.Voter;
import io.github.facemask.ensemble.Ensemble.Fitting;
import io.github.facemask.internal.cards.CardJson;
import io.github.facemask.label.Attribute;
import io.github.facemask.model.ModelCard;
import io.github.facemask.preprocessing.View;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The manifest's parts as JSON. */
final class ManifestJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ManifestJson() {}

  static ObjectNode of(Member member, String name, Path folder) throws IOException {
    ObjectNode json =
        JSON.createObjectNode()
            .put("folder", name)
            .put("weight", member.weight())
            .put("temperature", member.voter().temperature())
            .put("view", member.view().mirrored() ? "FLIPPED" : "PLAIN");
    member.voter().attribute().ifPresent(a -> json.put("attribute", a.name()));
    member.model().program().ifPresent(p -> json.put("programSha256", p.hex()));
    return json.put("runId", member.model().origin().runId().value())
        .put("weightsSha256", member.model().weightsDigest().hex())
        .put(
            "cardSha256",
            Digest.ofFile(folder.resolve(member.model().card().getFileName().toString())).hex());
  }

  static Member member(ModelCard model, JsonNode json) {
    try {
      return new Member(
          model,
          new Voter(
              json.path("weight").asDouble(),
              json.path("temperature").asDouble(1),
              json.has("attribute")
                  ? Optional.of(Attribute.valueOf(json.get("attribute").asText()))
                  : Optional.empty()),
          view(json.path("view").asText()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("member " + model.path() + ": " + e.getMessage(), e);
    }
  }

  private static View view(String name) {
    return switch (name) {
      case "PLAIN" -> View.WHOLE;
      case "FLIPPED" -> View.FLIPPED;
      default -> throw new InvalidArgumentException(Problem.of("view", name, "PLAIN or FLIPPED"));
    };
  }

  static ObjectNode of(Fitting fitting) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("search", fitting.search())
            .put("temperatures", fitting.temperatures())
            .put("macroF1", fitting.macroF1())
            .put("bestSingle", fitting.bestSingle())
            .put("photos", fitting.photos())
            .put("data", fitting.data().hex());
    json.set("people", JSON.valueToTree(fitting.people()));
    json.set("calibration", CardJson.of(fitting.calibration()));
    json.set("tables", JSON.valueToTree(fitting.tables().stream().map(Digest::hex).toList()));
    return json;
  }

  static Fitting fitting(JsonNode json) {
    ImmutableList.Builder<Digest> tables = ImmutableList.builder();
    ImmutableList.Builder<String> people = ImmutableList.builder();
    json.path("people").forEach(person -> people.add(person.asText()));
    json.path("tables").forEach(t -> tables.add(new Digest(t.asText())));
    return new Fitting(
        json.path("search").asText(),
        json.path("temperatures").asBoolean(),
        json.path("macroF1").asDouble(),
        json.path("bestSingle").asDouble(),
        json.path("photos").asInt(),
        people.build(),
        new Digest(json.path("data").asText()),
        tables.build(),
        CardJson.temperatures(json, "calibration"));
  }
}
