package io.github.facemask.serve;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.facemask.classify.FaceClassifier.Face;
import io.github.facemask.classify.FaceClassifier.FacesAnswer;
import io.github.facemask.classify.FacePrediction;
import io.github.facemask.facecrop.FaceDetector.Point;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import java.util.List;

/** Faces as JSON. */
final class FaceJson {

  static final String UNSURE = "unsure";

  private static final ObjectMapper JSON = new ObjectMapper();

  private FaceJson() {}

  /** Returns a photo that was read. */
  static ObjectNode photo(String name, FacesAnswer answer) {
    ObjectNode json =
        JSON.createObjectNode()
            .put("name", name)
            .put("width", answer.width())
            .put("height", answer.height());
    ArrayNode faces = json.putArray("faces");
    answer.faces().forEach(face -> faces.add(face(face)));
    return json;
  }

  /** Returns a photo that was not. */
  static ObjectNode photo(String name, RequestProblem problem) {
    ObjectNode json = JSON.createObjectNode().put("name", name);
    json.set("error", problem.json());
    return json;
  }

  private static ObjectNode face(Face face) {
    ObjectNode json = JSON.createObjectNode();
    json.putObject("box")
        .put("left", face.box().left())
        .put("top", face.box().top())
        .put("right", face.box().right())
        .put("bottom", face.box().bottom());
    ArrayNode landmarks = json.putArray("landmarks");
    for (Point point : face.landmarks()) {
      landmarks.addObject().put("x", point.x()).put("y", point.y());
    }
    json.put("score", face.score());
    FacePrediction prediction = face.prediction();
    FaceLabel best = prediction.best();
    FaceLabel sure = prediction.answer();
    ObjectNode label = json.putObject("label");
    ObjectNode probabilities = json.putObject("probabilities");
    ObjectNode confidence = json.putObject("confidence");
    for (Attribute attribute : prediction.attributes()) {
      List<String> names = attribute.valueNames();
      label.put(
          attribute.word(),
          sure.value(attribute).isPresent() ? names.get(sure.value(attribute).getAsInt()) : UNSURE);
      ObjectNode values = probabilities.putObject(attribute.word());
      for (int i = 0; i < names.size(); i++) {
        values.put(names.get(i), probability(prediction, attribute, i));
      }
      confidence.put(attribute.word(), prediction.confidence().get(attribute));
    }
    if (best.complete()) {
      json.put("class", best.id());
    }
    prediction.years().ifPresent(years -> json.put("years", years));
    return json;
  }

  private static double probability(FacePrediction prediction, Attribute attribute, int value) {
    return switch (attribute) {
      case MASK -> prediction.probability(MaskState.values()[value]);
      case GENDER -> prediction.probability(Gender.values()[value]);
      case AGE -> prediction.probability(AgeGroup.values()[value]);
    };
  }
}
