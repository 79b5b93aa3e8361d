package io.github.facemask.export;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.internal.cards.DetectorFile;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.AtomicFolder;
import io.github.facemask.internal.weights.Safetensors;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Attention.WindowAttention;
import io.github.facemask.network.Conv2d;
import io.github.facemask.network.Conv2d.StandardizedConv2d;
import io.github.facemask.network.Heads;
import io.github.facemask.network.Layer;
import io.github.facemask.network.Linear;
import io.github.facemask.network.Network;
import io.github.facemask.network.TokenLayer.TokenEmbedding;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.CropMode;
import io.github.facemask.problem.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The folder of a model for timm, in the layout of timm's models on the Hugging Face hub: {@code
 * model.safetensors} and {@code config.json}.
 */
final class TimmFolder {

  private static final ObjectMapper JSON = new ObjectMapper();

  private TimmFolder() {}

  static void write(ExportSource source, Optional<Evaluation> evaluation, Path out)
      throws IOException {
    if (Files.exists(out)) {
      throw InvalidFileException.of(out, "exists already", "the name of a new folder");
    }
    evaluation.ifPresent(source::checkScores);
    ModelFolder model = source.first();
    AtomicFolder.write(
        out,
        aside -> {
          Safetensors.write(
              aside.resolve("model.safetensors"), model.weights(), Map.of("format", "pt"));
          AtomicFile.writeText(
              aside.resolve("config.json"),
              JSON.writerWithDefaultPrettyPrinter().writeValueAsString(config(model)) + "\n");
          DetectorFile.copy(model.path(), aside);
          ModelReadme.write(source, Optional.empty(), evaluation, aside);
          return aside;
        });
  }

  private static ObjectNode config(ModelFolder model) throws IOException {
    Network network = Backbones.network(model);
    List<String> outputs = outputs(model, network);
    ObjectNode json = JSON.createObjectNode();
    json.put("architecture", model.architecture());
    json.put("num_classes", outputs.size());
    json.put("num_features", head(network).in());
    json.set("label_names", JSON.valueToTree(outputs));
    boolean fixed = isOfFixedSize(network);
    Preprocessing input = model.preprocessing();
    if (fixed) {
      ArrayNode size = json.putObject("model_args").putArray("img_size");
      size.add(input.height()).add(input.width());
    }
    ObjectNode config = json.putObject("pretrained_cfg");
    config.put("tag", "facemask").put("custom_load", false);
    config.putArray("input_size").add(3).add(input.height()).add(input.width());
    config.put("fixed_input_size", fixed);
    config.put("interpolation", input.interpolation().name().toLowerCase(Locale.ROOT));
    config.put("crop_pct", input.cropRatio());
    config.put("crop_mode", input.cropMode() == CropMode.CENTER ? "center" : "squash");
    config.set("mean", JSON.valueToTree(input.mean()));
    config.set("std", JSON.valueToTree(input.std()));
    config.put("num_classes", outputs.size());
    config.put("first_conv", firstConvolution(network)).put("classifier", headPath(network));
    ObjectNode facemask = json.putObject("facemask");
    facemask.put("heads", network.heads().name());
    ArrayNode heads = facemask.putArray("head_sizes");
    network.heads().sizes(network.attributes()).forEach(heads::add);
    model.faces().ifPresent(f -> facemask.set("faces", JSON.valueToTree(f.toMap())));
    facemask.put("weightsSha256", model.weightsDigest().hex());
    facemask.put("runId", model.origin().runId().value());
    return json;
  }

  /** The names of the last layer's outputs: classes, or the values of each attribute's head. */
  private static List<String> outputs(ModelFolder model, Network network) {
    if (network.heads() == Heads.CLASSES) {
      return ExportSource.of(model).labels();
    }
    List<String> names = new ArrayList<>();
    for (Attribute attribute : Attribute.values()) {
      if (!network.attributes().contains(attribute)) {
        continue;
      }
      if (network.heads() == Heads.YEARS && attribute == Attribute.AGE) {
        for (int years = 0; years < AgeGroup.YEARS; years++) {
          names.add("age: " + years);
        }
      } else {
        attribute.valueNames().forEach(value -> names.add(attribute.word() + ": " + value));
      }
    }
    return names;
  }

  /** Whether timm builds the network for one input size. */
  private static boolean isOfFixedSize(Network network) {
    boolean[] fixed = {false};
    network.forEachLayer(
        (layer, path) ->
            fixed[0] |= layer instanceof WindowAttention || layer instanceof TokenEmbedding);
    return fixed[0];
  }

  private static String firstConvolution(Network network) {
    List<String> paths = new ArrayList<>();
    network.forEachLayer(
        (layer, path) -> {
          if (layer instanceof Conv2d || layer instanceof StandardizedConv2d) {
            paths.add(path);
          }
        });
    return paths.get(0);
  }

  private static String headPath(Network network) {
    List<String> paths = new ArrayList<>();
    network.forEachLayer(
        (layer, path) -> {
          if (isHead(layer)) {
            paths.add(path);
          }
        });
    return paths.get(0);
  }

  private static Linear head(Network network) {
    List<Linear> heads = new ArrayList<>();
    network.forEachLayer(
        (layer, path) -> {
          if (isHead(layer)) {
            heads.add((Linear) layer);
          }
        });
    return heads.get(0);
  }

  private static boolean isHead(Layer layer) {
    return layer instanceof Linear linear && linear.head();
  }
}
