package io.github.facemask.export;

import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.internal.cards.CardJson;
import io.github.facemask.internal.cards.DetectorFile;
import io.github.facemask.internal.cards.RunRecord;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.AtomicFolder;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.internal.onnx.OnnxRuntime;
import io.github.facemask.internal.passes.ExportedProgram;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.internal.records.OriginJson;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.model.ModelCard;
import io.github.facemask.model.Target;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A deployed program in a folder: {@code program.pt}, which any libtorch 2 loads, or {@code
 * model.onnx}, which any ONNX runtime loads; {@code deploy.json}, its card; {@code README.md}, its
 * card for people; and the record of its run.
 *
 * @param path the folder
 * @param format the form of the program
 * @param architecture timm's name without tag
 * @param attributes the attributes that it answers
 * @param answersYears whether it answers the age in years, too
 * @param precision the precision that it computes in
 * @param target the target that it was exported for
 * @param preprocessing its preprocessing
 * @param faces how faces are found and cropped for it; empty for a model of whole photos
 * @param origin the run and the data of the model that it was exported from
 * @param weightsDigest SHA-256 of the weights file that it was exported from
 * @param programDigest SHA-256 of the program
 * @param temperatures the temperatures that calibrate its probabilities of each attribute, those of
 *     the model that it was exported from; empty for none and for several models
 */
public record ExportedModel(
    Path path,
    Format format,
    String architecture,
    ImmutableSet<Attribute> attributes,
    boolean answersYears,
    Precision precision,
    Target target,
    Preprocessing preprocessing,
    Optional<FaceCropSettings> faces,
    ModelOrigin origin,
    Digest weightsDigest,
    Digest programDigest,
    ImmutableMap<Attribute, Double> temperatures)
    implements ModelCard {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FORMAT = "facemask-deploy-1";

  /** The card's name. */
  public static final String CARD = "deploy.json";

  private static final String SELF = "cardSha256";

  /** The properties file that DJL uses to load the folder. */
  private static final String SERVING =
      """
      engine=PyTorch
      option.modelName=program
      """;

  /** The form of a program. */
  public enum Format {
    /** TorchScript, for libtorch: {@code program.pt}. */
    TORCHSCRIPT("program.pt"),
    /**
     * ONNX, for ONNX Runtime and others: {@code model.onnx}. Here it needs {@code
     * com.microsoft.onnxruntime:onnxruntime} on the class path, and runs on the CPU.
     */
    ONNX("model.onnx");

    private final String file;

    Format(String file) {
      this.file = file;
    }

    /** Returns the name of the program's file. */
    public String file() {
      return file;
    }
  }

  /** Writes a program to a file. */
  @FunctionalInterface
  interface ProgramFile {
    void write(Path file) throws IOException;
  }

  /** Returns the file of the program. */
  public Path programFile() {
    return path.resolve(format.file());
  }

  @Override
  public Path card() {
    return path.resolve(CARD);
  }

  @Override
  public Optional<Digest> program() {
    return Optional.of(programDigest);
  }

  /** Returns whether a folder holds an exported program. */
  public static boolean isOne(Path folder) {
    return Files.isRegularFile(folder.resolve(CARD));
  }

  /**
   * Writes a program.
   *
   * @param source the models that it was exported from
   * @param format the form of the program
   * @param precision the precision that it computes in
   * @param target the target that it was exported for
   * @param explanation one line for each pass
   * @param program writes the program
   * @param folder the folder; must not exist
   * @return the exported model
   * @throws IOException if it cannot be written; no files are left then
   */
  static ExportedModel write(
      ExportSource source,
      Format format,
      Precision precision,
      Target target,
      List<String> explanation,
      ProgramFile program,
      Path folder)
      throws IOException {
    if (Files.exists(folder)) {
      throw InvalidFileException.of(folder, "exists already", "the name of a new folder");
    }
    return AtomicFolder.write(
        folder,
        aside -> {
          program.write(aside.resolve(format.file()));
          ExportedModel written =
              new ExportedModel(
                  folder,
                  format,
                  source.architecture(),
                  source.attributes(),
                  source.answersYears(),
                  precision,
                  target,
                  source.preprocessing(),
                  source.faces(),
                  source.origin(),
                  source.weightsDigest(),
                  Digest.ofFile(aside.resolve(format.file())),
                  source.isPlain() ? source.first().temperatures() : ImmutableMap.of());
          if (format == Format.TORCHSCRIPT) {
            AtomicFile.writeText(aside.resolve("serving.properties"), SERVING);
          }
          copyRecords(source, aside);
          DetectorFile.copy(source.first().path(), aside);
          ObjectNode card = written.toJson(explanation);
          if (!source.isPlain()) {
            card.set("ensemble", source.toJson());
          }
          AtomicFile.writeText(
              aside.resolve(CARD),
              JSON.writerWithDefaultPrettyPrinter().writeValueAsString(sealed(card)) + "\n");
          return written;
        });
  }

  private static void copyRecords(ExportSource source, Path to) throws IOException {
    if (!source.isOfSeveral()) {
      RunRecord.copy(source.first().path(), to);
      return;
    }
    for (int m = 0; m < source.parts().size(); m++) {
      Path member = Files.createDirectories(memberFolder(to, m));
      RunRecord.copy(source.parts().get(m).model().path(), member);
    }
  }

  /**
   * Returns the folder with the record of a member's run, in the folder of a program of several
   * models.
   *
   * @param folder the folder of the program
   * @param member the index of the member in the card's {@code ensemble}
   */
  public static Path memberFolder(Path folder, int member) {
    return folder.resolve("members").resolve(Integer.toString(member));
  }

  /**
   * Reads the card of a deployed program and checks the program.
   *
   * @param folder the folder
   * @return the folder
   * @throws IOException if it holds none, the card is malformed or the program was changed
   */
  public static ExportedModel open(Path folder) throws IOException {
    ExportedModel opened = readCard(folder);
    opened.checkProgram();
    return opened;
  }

  /**
   * Reads the card of a deployed program without checking the program.
   *
   * @param folder the folder
   * @return the folder
   * @throws IOException if it holds none, or the card is malformed or was changed
   */
  public static ExportedModel readCard(Path folder) throws IOException {
    Path card = folder.resolve(CARD);
    if (!isOne(folder)) {
      throw InvalidFileException.of(folder, "is no deployed program", "a folder with " + CARD);
    }
    try {
      JsonNode json = WholeFile.readJson(card);
      ExportedModel read = fromJson(folder, json);
      checkSeal(card, json);
      return read;
    } catch (RuntimeException e) {
      throw new InvalidFileException(
          card, Problem.saying("is not a card of a program: " + e.getMessage()), e);
    }
  }

  /**
   * Checks that the program is the one of the card.
   *
   * @throws IOException if it is missing or was changed
   */
  public void checkProgram() throws IOException {
    Path program = programFile();
    if (!Files.isRegularFile(program)) {
      throw new InvalidFileException(
          program, Problem.saying("is missing").withRemedy("export the model again"));
    }
    Digest found = Digest.ofFile(program);
    if (!found.equals(programDigest)) {
      throw new InvalidFileException(
          program,
          Problem.saying("has digest " + found.hex() + ", its card names " + programDigest.hex())
              .withRemedy("the file was changed"));
    }
  }

  /**
   * Loads the program.
   *
   * @param device the device to run it on
   * @return the network, thread-safe, which the caller closes
   * @throws IOException if the engine cannot load it, or the processor lacks a required feature
   */
  public PhotoClassifier load(Device device) throws IOException {
    if (format == Format.ONNX) {
      check(device.equals(Device.cpu()), "device", device, "the CPU for an ONNX model");
      return OnnxRuntime.load(programFile(), attributes, answersYears);
    }
    if (precision == Precision.INT8 && !Processor.here().addsBytesExactly()) {
      throw new InvalidFileException(
          path,
          new Problem(
              "programPrecision",
              "INT8",
              "a processor with VNNI for it, as sums of bytes overflow on others; this is "
                  + Processor.here().described(),
              "export it in FLOAT32"));
    }
    if (target != Target.PORTABLE && Target.of(device) != target) {
      throw InvalidFileException.of(
          path, "is written for an x86-64 CPU", "the portable target for " + device);
    }
    Program program = Program.load(programFile(), device);
    try {
      return ExportedProgram.of(program, attributes, answersYears);
    } catch (EngineException e) {
      program.close();
      // The last message of oneDNN names the missing processor feature.
      String said = e.getMessage().strip();
      throw new InvalidFileException(
          path,
          new Problem(
              "programTarget",
              target + " in " + precision,
              "one that this processor runs (" + said.substring(said.lastIndexOf('\n') + 1) + ")",
              "export it in FLOAT32 or for the target PORTABLE"),
          e);
    }
  }

  private ObjectNode toJson(List<String> explanation) {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT).put("program", format.file()).put("architecture", architecture);
    json.set("attributes", CardJson.words(attributes));
    json.put("years", answersYears);
    json.set(
        "labels",
        JSON.valueToTree(
            FaceLabel.knowing(attributes).stream().map(FaceLabel::displayName).toList()));
    json.put("precision", precision.name()).put("target", target.name());
    json.set("preprocessing", JSON.valueToTree(preprocessing));
    faces.ifPresent(f -> json.set("faces", JSON.valueToTree(f.toMap())));
    json.set("origin", CardJson.of(origin));
    json.put("weightsSha256", weightsDigest.hex());
    json.put("programSha256", programDigest.hex());
    json.set("temperatures", CardJson.of(temperatures));
    json.set("explanation", JSON.valueToTree(explanation));
    return json;
  }

  /**
   * A card with its own digest; converted through text, so that numbers are those that a reader
   * parses.
   */
  private static JsonNode sealed(ObjectNode json) throws JsonProcessingException {
    JsonNode read = JSON.readTree(JSON.writeValueAsString(json));
    return ((ObjectNode) read).put(SELF, digest(read).hex());
  }

  private static void checkSeal(Path card, JsonNode json) throws IOException {
    if (!digest(json).hex().equals(json.path(SELF).asText())) {
      throw new InvalidFileException(
          card,
          Problem.saying("was changed since the export").withRemedy("export the model again"));
    }
  }

  /** The digest of a card without its own digest, independent of white space. */
  private static Digest digest(JsonNode json) throws JsonProcessingException {
    ObjectNode open = json.deepCopy();
    open.remove(SELF);
    return Digest.ofText(JSON.writeValueAsString(open));
  }

  private static <E extends Enum<E>> E constant(Class<E> type, JsonNode json, String key) {
    String name = json.path(key).asText();
    for (E each : type.getEnumConstants()) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        key + " is '" + name + "', expected one of " + Arrays.toString(type.getEnumConstants()));
  }

  /** The form whose file a card names; cards of before ONNX name none. */
  private static Format format(JsonNode json) {
    String file = json.path("program").asText(Format.TORCHSCRIPT.file());
    for (Format format : Format.values()) {
      if (format.file().equals(file)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "program is '" + file + "', expected program.pt or model.onnx");
  }

  private static ExportedModel fromJson(Path folder, JsonNode json) {
    if (!json.path("format").asText().equals(FORMAT)) {
      throw new IllegalArgumentException(
          "format is " + json.path("format") + ", expected \"" + FORMAT + "\"");
    }
    return new ExportedModel(
        folder,
        format(json),
        json.path("architecture").asText(),
        OriginJson.attributes(json.path("attributes")),
        json.path("years").asBoolean(),
        constant(Precision.class, json, "precision"),
        constant(Target.class, json, "target"),
        CardJson.preprocessing(json),
        CardJson.faces(json),
        CardJson.origin(json.path("origin")),
        new Digest(json.path("weightsSha256").asText()),
        new Digest(json.path("programSha256").asText()),
        CardJson.temperatures(json));
  }
}
