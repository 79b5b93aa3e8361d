package io.github.facemask.model;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.internal.cards.CardJson;
import io.github.facemask.internal.cards.DetectorFile;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.internal.numbers.FiniteNumbers;
import io.github.facemask.internal.records.OriginJson;
import io.github.facemask.internal.weights.Safetensors;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.network.Heads;
import io.github.facemask.network.Network;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/**
 * A trained model in a folder: {@code weights.safetensors} with timm's tensor names, which Python
 * can read, too, and {@code model.json} with the architecture, the preprocessing, the labels, the
 * origin and the digest of the weights.
 *
 * @param path the folder
 * @param architecture timm's name without tag
 * @param heads how its last linear layer gives the classes
 * @param attributes the attributes that it answers
 * @param preprocessing its preprocessing
 * @param faces how faces are found and cropped for it; empty for a model of whole photos
 * @param origin the run and the data that it was trained on
 * @param weightsDigest SHA-256 of the weights file
 * @param parts the models whose weights were averaged into it; empty for a model that was trained
 * @param startedFrom what its training started from: {@code source} and, where they are known,
 *     {@code name}, {@code licence} and {@code sha256}; empty for an average and for models of
 *     older versions
 * @param temperatures the temperatures that calibrate its probabilities of each attribute, as
 *     fitted on its validation photos; empty for none
 */
public record ModelFolder(
    Path path,
    String architecture,
    Heads heads,
    ImmutableSet<Attribute> attributes,
    Preprocessing preprocessing,
    Optional<FaceCropSettings> faces,
    ModelOrigin origin,
    Digest weightsDigest,
    ImmutableList<Part> parts,
    ImmutableMap<String, Object> startedFrom,
    ImmutableMap<Attribute, Double> temperatures)
    implements ModelCard {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
  private static final String WEIGHTS = "weights.safetensors";
  private static final String NEW_WEIGHTS = ".weights.new";
  private static final String CARD = "model.json";

  /**
   * Writes a model. The weights are written first under a temporary name, then the card with their
   * digest, and then the weights replace the old ones. {@link #weights} reads the weights that the
   * card names, so a killed process leaves the old or the new model.
   *
   * @param folder the folder; made if missing, an older model there is replaced
   * @param network the network
   * @param weights its tensors by name
   * @param faces the face crop that it was trained with; empty for whole photos
   * @param origin the run and the data that it was trained on
   * @return the model
   * @throws IOException if it cannot be written
   */
  public static ModelFolder write(
      Path folder,
      Network network,
      Map<String, HostTensor> weights,
      Optional<FaceCrop> faces,
      ModelOrigin origin)
      throws IOException {
    return write(folder, network, weights, faces, origin, ImmutableMap.of(), ImmutableMap.of());
  }

  /**
   * Writes a model whose card says what its training started from and how it is calibrated, as
   * {@link #write(Path, Network, Map, Optional, ModelOrigin)} does.
   *
   * @param folder the folder; made if missing, an older model there is replaced
   * @param network the network
   * @param weights its tensors by name
   * @param faces the face crop that it was trained with; empty for whole photos
   * @param origin the run and the data that it was trained on
   * @param startedFrom what its training started from; plain JSON values
   * @param temperatures the temperature of each calibrated attribute
   * @return the model
   * @throws IOException if it cannot be written
   */
  public static ModelFolder write(
      Path folder,
      Network network,
      Map<String, HostTensor> weights,
      Optional<FaceCrop> faces,
      ModelOrigin origin,
      Map<String, Object> startedFrom,
      Map<Attribute, Double> temperatures)
      throws IOException {
    return write(
        folder, network, weights, faces, origin, ImmutableList.of(), startedFrom, temperatures);
  }

  /**
   * Writes a model of whole photos, as {@link #write(Path, Network, Map, Optional, ModelOrigin)}
   * does.
   *
   * @param folder the folder; made if missing, an older model there is replaced
   * @param network the network
   * @param weights its tensors by name
   * @param origin the run and the data that it was trained on
   * @return the model
   * @throws IOException if it cannot be written
   */
  public static ModelFolder write(
      Path folder, Network network, Map<String, HostTensor> weights, ModelOrigin origin)
      throws IOException {
    return write(folder, network, weights, Optional.empty(), origin);
  }

  /**
   * Writes a model whose weights are an average, as {@link #write(Path, Network, Map, Optional,
   * ModelOrigin)} does.
   *
   * @param folder the folder; made if missing, an older model there is replaced
   * @param network the network
   * @param weights its tensors by name
   * @param faces the face crop that it was trained with; empty for whole photos
   * @param origin the combined data of its parts
   * @param parts the models that were averaged
   * @return the model
   * @throws IOException if it cannot be written
   */
  public static ModelFolder write(
      Path folder,
      Network network,
      Map<String, HostTensor> weights,
      Optional<FaceCrop> faces,
      ModelOrigin origin,
      ImmutableList<Part> parts)
      throws IOException {
    return write(folder, network, weights, faces, origin, parts, Map.of(), Map.of());
  }

  private static ModelFolder write(
      Path folder,
      Network network,
      Map<String, HostTensor> weights,
      Optional<FaceCrop> faces,
      ModelOrigin origin,
      ImmutableList<Part> parts,
      Map<String, Object> startedFrom,
      Map<Attribute, Double> temperatures)
      throws IOException {
    FiniteNumbers.checkedWeights(folder.resolve(WEIGHTS), weights);
    finishWrite(folder);
    if (faces.isPresent()) {
      DetectorFile.write(faces.get().detector(), folder);
    }
    Path aside = folder.resolve(NEW_WEIGHTS);
    Digest digest = Safetensors.write(aside, weights, Map.of("format", "pt"));
    ModelFolder model =
        new ModelFolder(
            folder,
            network.architecture(),
            network.heads(),
            network.attributes(),
            network.preprocessing(),
            faces.map(FaceCrop::settings),
            origin,
            digest,
            parts,
            ImmutableMap.copyOf(startedFrom),
            ImmutableMap.copyOf(temperatures));
    AtomicFile.writeText(
        folder.resolve(CARD),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(model.toJson()) + "\n");
    place(folder);
    return model;
  }

  /** Completes a killed write: moves the new weights into place if the card names them. */
  private static void finishWrite(Path folder) throws IOException {
    Path pending = folder.resolve(NEW_WEIGHTS);
    if (Files.isRegularFile(pending)
        && Files.isRegularFile(folder.resolve(CARD))
        && Digest.ofFile(pending).equals(open(folder).weightsDigest())) {
      place(folder);
    }
  }

  private static void place(Path folder) throws IOException {
    Files.move(
        folder.resolve(NEW_WEIGHTS),
        folder.resolve(WEIGHTS),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Reads a model's card.
   *
   * @param folder the folder
   * @return the model; its weights are not read yet
   * @throws IOException if there is no model, or its card is malformed
   */
  public static ModelFolder open(Path folder) throws IOException {
    Path card = folder.resolve(CARD);
    if (!Files.isRegularFile(card)) {
      throw InvalidFileException.of(folder, "is not a model", "a folder with " + CARD);
    }
    try {
      return fromJson(folder, WholeFile.readJson(card));
    } catch (RuntimeException e) {
      throw new InvalidFileException(card, Problem.saying("is not a model card: " + reason(e)), e);
    }
  }

  /** A value that a record refuses is told without the words of the JSON reader around it. */
  private static String reason(RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidArgumentException refused) {
        return refused.problem().message();
      }
    }
    return e.getMessage();
  }

  @Override
  public boolean answersYears() {
    return heads == Heads.YEARS;
  }

  @Override
  public Optional<Digest> program() {
    return Optional.empty();
  }

  @Override
  public Path card() {
    return path.resolve(CARD);
  }

  /** Returns the weights file. */
  public Path weightsFile() {
    return path.resolve(WEIGHTS);
  }

  /**
   * Reads the weights and checks that they are those of the card.
   *
   * @return the tensors by name
   * @throws IOException if they cannot be read or were changed
   */
  public Map<String, HostTensor> weights() throws IOException {
    Digest found = Digest.ofFile(weightsFile());
    Path pending = path.resolve(NEW_WEIGHTS);
    if (!found.equals(weightsDigest)
        && Files.isRegularFile(pending)
        && Digest.ofFile(pending).equals(weightsDigest)) {
      return FiniteNumbers.checkedWeights(pending, Safetensors.read(pending));
    }
    if (!found.equals(weightsDigest)) {
      throw new InvalidFileException(
          weightsFile(),
          Problem.saying(
                  "has digest " + found.shortHex() + ", its card names " + weightsDigest.shortHex())
              .withRemedy("the file was changed or belongs to another model"));
    }
    return FiniteNumbers.checkedWeights(weightsFile(), Safetensors.read(weightsFile()));
  }

  private ObjectNode toJson() {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", "facemask-model-1");
    json.put("architecture", architecture);
    json.put("heads", heads.name());
    json.set("attributes", CardJson.words(attributes));
    json.set("preprocessing", JSON.valueToTree(preprocessing));
    faces.ifPresent(f -> json.set("faces", JSON.valueToTree(f.toMap())));
    json.set(
        "labels",
        JSON.valueToTree(
            FaceLabel.knowing(attributes).stream().map(FaceLabel::displayName).toList()));
    json.set("origin", CardJson.of(origin));
    json.put("weightsSha256", weightsDigest.hex());
    json.set("temperatures", CardJson.of(temperatures));
    if (!startedFrom.isEmpty()) {
      json.set("startedFrom", JSON.valueToTree(startedFrom));
    }
    if (!parts.isEmpty()) {
      ArrayNode averaged = json.putArray("parts");
      parts.forEach(part -> averaged.add(part.toJson()));
    }
    return json;
  }

  private static ModelFolder fromJson(Path folder, JsonNode json) {
    if (!json.path("format").asText().equals("facemask-model-1")) {
      throw new IllegalArgumentException(
          "format is " + json.path("format") + ", expected \"facemask-model-1\"");
    }
    if (json.path("architecture").asText().isEmpty()) {
      throw new IllegalArgumentException("it names no architecture");
    }
    ImmutableSet<Attribute> attributes = OriginJson.attributes(json.path("attributes"));
    ImmutableList<FaceLabel> labels = FaceLabel.knowing(attributes);
    if (json.path("labels").size() != labels.size()) {
      throw new IllegalArgumentException(
          "it has " + json.path("labels").size() + " labels, expected " + labels.size());
    }
    for (int i = 0; i < labels.size(); i++) {
      String label = json.path("labels").get(i).asText();
      if (!label.equals(labels.get(i).displayName())) {
        throw new IllegalArgumentException(
            "its label "
                + i
                + " is '"
                + label
                + "', expected '"
                + labels.get(i).displayName()
                + "'; it was trained on another label set");
      }
    }
    ImmutableList.Builder<Part> parts = ImmutableList.builder();
    json.path("parts").forEach(part -> parts.add(Part.fromJson(part)));
    return new ModelFolder(
        folder,
        json.path("architecture").asText(),
        Heads.valueOf(json.path("heads").asText()),
        attributes,
        CardJson.preprocessing(json),
        CardJson.faces(json),
        CardJson.origin(json.path("origin")),
        new Digest(json.path("weightsSha256").asText()),
        parts.build(),
        json.has("startedFrom")
            ? ImmutableMap.copyOf(JSON.convertValue(json.get("startedFrom"), OBJECT))
            : ImmutableMap.of(),
        CardJson.temperatures(json));
  }

  /**
   * A model whose weights are part of an average.
   *
   * @param runId the run that trained it
   * @param epoch the epoch after which its weights were taken, from 1
   * @param weightsDigest SHA-256 of its weights file
   * @param share its share of the average
   */
  public record Part(RunId runId, int epoch, Digest weightsDigest, double share) {

    ObjectNode toJson() {
      return new ObjectMapper()
          .createObjectNode()
          .put("runId", runId.value())
          .put("epoch", epoch)
          .put("weightsSha256", weightsDigest.hex())
          .put("share", share);
    }

    static Part fromJson(JsonNode json) {
      return new Part(
          new RunId(json.path("runId").asText()),
          json.path("epoch").asInt(),
          new Digest(json.path("weightsSha256").asText()),
          json.path("share").asDouble());
    }
  }
}
