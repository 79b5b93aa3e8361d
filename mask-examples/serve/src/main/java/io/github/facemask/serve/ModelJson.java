package io.github.facemask.serve;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.Member;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.label.Attribute;
import io.github.facemask.model.ModelCard;
import io.github.facemask.provenance.Environment;
import java.io.IOException;
import java.util.Optional;

/** What is served, as JSON. */
final class ModelJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ModelJson() {}

  /**
   * Describes a classifier.
   *
   * @param classifier the classifier
   * @param models its models; empty if they are not known
   * @param limits the limits of the service
   * @throws IOException if the face detector's network cannot be read
   */
  static ObjectNode of(FaceClassifier classifier, Optional<Ensemble> models, Limits limits)
      throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", Environment.libraryVersion());
    ObjectNode attributes = json.putObject("attributes");
    ArrayNode cards = json.putArray("models");
    if (models.isPresent()) {
      for (Attribute attribute : models.get().attributes()) {
        ArrayNode values = attributes.putArray(attribute.word());
        attribute.valueNames().forEach(values::add);
      }
      models.get().members().forEach(member -> cards.add(card(member)));
    }
    json.set("faces", JSON.valueToTree(classifier.faceSearch().settings().toMap()));
    ObjectNode temperatures = json.putObject("temperatures");
    classifier.temperatures().forEach((key, value) -> temperatures.put(key.word(), value));
    json.putObject("limits")
        .put("bytes", limits.bytes())
        .put("pixels", limits.pixels())
        .put("photos", limits.photos())
        .put("requests", limits.requests())
        .put("bodySeconds", limits.bodyTime().toMillis() / 1000.0);
    return json;
  }

  private static ObjectNode card(Member member) {
    ModelCard model = member.model();
    ObjectNode json =
        JSON.createObjectNode()
            .put("architecture", model.architecture())
            .put("inputHeight", model.preprocessing().height())
            .put("inputWidth", model.preprocessing().width())
            .put("answersYears", model.answersYears())
            .put("seesFaces", model.faces().isPresent())
            .put("weightsSha256", model.weightsDigest().hex())
            .put("runId", model.origin().runId().value())
            .put("trainingSha256", model.origin().trainingData().hex())
            .put("share", member.weight());
    model.program().ifPresent(program -> json.put("programSha256", program.hex()));
    model
        .faces()
        .map(FaceCropSettings::detector)
        .ifPresent(detector -> json.put("detector", detector.name()));
    return json;
  }
}
