package io.github.facemask.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableList;
import io.github.facemask.crossvalidation.CrossValidation;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.internal.cards.CardJson;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.model.ModelFolder.Part;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.submission.Submission.Origin;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Traces a submission, a table of predictions, an ensemble, an exported program, a model, a file of
 * weights or a run back to the photos, and checks each digest. Not thread-safe.
 */
public final class Tracer {

  private static final String WEIGHTS = "weights sha256";
  private static final String PROGRAM = "program sha256";

  private final ModelIndex index;
  private final RunTrace runs;

  private Tracer(ModelIndex index, RunTrace runs) {
    this.index = index;
    this.runs = runs;
  }

  /**
   * Makes a tracer.
   *
   * @param folders the folders to search for models and runs, including subfolders
   * @param checksPhotos whether the bytes of all photos are read and checked
   */
  public static Tracer in(List<Path> folders, boolean checksPhotos) {
    ModelIndex index = new ModelIndex(ImmutableList.copyOf(folders));
    return new Tracer(index, new RunTrace(checksPhotos));
  }

  /**
   * Traces a file or folder.
   *
   * @param path the file or folder to trace
   * @return the tree; changed or missing files are among its problems
   * @throws IOException if it is of no known kind or cannot be read
   */
  public TraceNode trace(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return folder(path);
    }
    if (path.toString().endsWith(".safetensors")) {
      return weights(path);
    }
    if (path.getFileName() != null
        && Files.isRegularFile(path.resolveSibling(ExportedModel.CARD))) {
      return program(path.toAbsolutePath().getParent());
    }
    String first = firstLine(path);
    if (first.startsWith("# {")) {
      Path folder = path.toAbsolutePath().getParent();
      if (path.endsWith(CrossValidation.PREDICTIONS)) {
        index.look(folder);
      }
      return table(path);
    }
    if (first.equals("ImageID,ans")) {
      return submission(path);
    }
    throw new InvalidFileException(
        path,
        Problem.saying(
            "is neither a submission, predictions, an ensemble, a model, an exported program, a run nor a weights file"));
  }

  private TraceNode folder(Path path) throws IOException {
    if (Files.isRegularFile(path.resolve(Ensemble.MANIFEST))) {
      return ensemble(path);
    }
    if (Files.isRegularFile(path.resolve("model.json"))) {
      return model(path);
    }
    if (ExportedModel.isOne(path)) {
      return program(path);
    }
    if (Files.isRegularFile(path.resolve("run.json"))) {
      Path model = path.resolve("model");
      return Files.isRegularFile(model.resolve("model.json")) ? model(model) : modelless(path);
    }
    if (Files.isRegularFile(path.resolve(CrossValidation.PREDICTIONS))) {
      index.look(path);
      return table(path.resolve(CrossValidation.PREDICTIONS));
    }
    throw new InvalidFileException(
        path,
        Problem.saying(
            "is neither an ensemble, a model, an exported program, a run nor a cross-validation"));
  }

  /** A run without a model: it has not finished an epoch. */
  private TraceNode modelless(Path folder) throws IOException {
    TraceNode run = runs.of(folder);
    List<Problem> problems = new ArrayList<>(run.problems());
    if (!RunFolder.open(folder).metrics().isEmpty()) {
      problems.add(Problem.saying(folder.resolve("model") + ": is missing"));
    }
    return new TraceNode(run.title(), run.facts(), problems, run.parts());
  }

  private TraceNode submission(Path file) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    List<TraceNode> parts = new ArrayList<>();
    Digest digest = Digest.ofFile(file);
    facts.put("sha256", digest.hex());
    Path beside = Origin.beside(file);
    if (!Files.isRegularFile(beside)) {
      problems.add(
          Problem.saying(
              beside + " is missing, so nothing is known of where the answers come from"));
      return new TraceNode("submission " + file, facts, problems, parts);
    }
    Origin origin = Origin.read(beside);
    if (!origin.submission().equals(digest)) {
      problems.add(
          Problem.saying(
              file
                  + " was changed: it has "
                  + digest.shortHex()
                  + ", was written as "
                  + origin.submission().shortHex()));
    }
    facts.put("answers", String.valueOf(origin.answers()));
    facts.put("photos to answer, sha256 of all", origin.photos().hex());
    facts.put("code commit", origin.commit());
    facts.put(TraceNode.MADE_BY, String.join(" ", origin.command()));
    Path source = Path.of(origin.source());
    if (!Files.exists(source) && file.toAbsolutePath().getParent() != null) {
      Path near = file.toAbsolutePath().getParent().resolve(String.valueOf(source.getFileName()));
      source = Files.exists(near) ? near : source;
    }
    parts.addAll(source(origin, source, problems));
    return new TraceNode("submission " + file, facts, problems, parts);
  }

  private List<TraceNode> source(Origin origin, Path source, List<Problem> problems)
      throws IOException {
    if (origin.sourceDigest().isPresent() && Files.isRegularFile(source)) {
      if (Digest.ofFile(source).equals(origin.sourceDigest().get())) {
        return List.of(table(source));
      }
      problems.add(Problem.saying(source + " was changed since it was submitted"));
    } else if (origin.sourceDigest().isEmpty() && Files.isDirectory(source)) {
      TraceNode made = folder(source);
      if (!ensembleDigest(source).equals(origin.predictions().ensemble())) {
        problems.add(
            Problem.saying(
                source + " was changed since this submission: its manifest is another one"));
      }
      ModelIndex inside = new ModelIndex(ImmutableList.of(source));
      if (inside.weights().containsAll(origin.predictions().models())
          && inside.programs().containsAll(origin.predictions().programs().values())) {
        return List.of(made);
      }
      problems.add(Problem.saying(source + " holds other models than those that were submitted"));
    } else {
      problems.add(
          Problem.saying(source + " is missing; its models are looked for by their digests"));
    }
    return models(origin.predictions());
  }

  /** The digest of the manifest in a folder, if it is an ensemble's. */
  private static Optional<Digest> ensembleDigest(Path folder) throws IOException {
    Path manifest = folder.resolve(Ensemble.MANIFEST);
    return Files.isRegularFile(manifest) ? Optional.of(Digest.ofFile(manifest)) : Optional.empty();
  }

  private TraceNode table(Path file) throws IOException {
    PredictionTable table = PredictionTable.read(file);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("sha256", Digest.ofFile(file).hex());
    facts.put("photos", String.valueOf(table.size()));
    table.origin().data().ifPresent(d -> facts.put("labels", d.hex()));
    facts.put("each row by", table.origin().oneModelEach() ? "one of the models" : "all models");
    List<Problem> problems = new ArrayList<>();
    if (table.origin().models().isEmpty()) {
      problems.add(Problem.saying(file + " does not say which models made it"));
    }
    List<TraceNode> parts = made(table.origin(), problems);
    return new TraceNode("predictions " + file, facts, problems, parts);
  }

  /** The parts behind some predictions: the ensemble if it is found, otherwise its models. */
  private List<TraceNode> made(PredictionOrigin origin, List<Problem> problems) throws IOException {
    if (origin.ensemble().isEmpty()) {
      return models(origin);
    }
    Digest manifest = origin.ensemble().get();
    Optional<Path> found = index.ensemble(manifest);
    if (found.isPresent()) {
      return List.of(ensemble(found.get()));
    }
    problems.add(notIn("the unchanged ensemble with manifest " + manifest.shortHex()));
    return models(origin);
  }

  private List<TraceNode> models(PredictionOrigin origin) throws IOException {
    List<TraceNode> nodes = new ArrayList<>();
    for (int i = 0; i < origin.models().size(); i++) {
      String run = i < origin.runs().size() ? origin.runs().get(i) : "unknown";
      Digest weights = origin.models().get(i);
      Digest program = origin.programs().get(weights);
      nodes.add(
          program == null
              ? byDigest(weights, run, "of run " + run)
              : programByDigest(program, weights, run));
    }
    return nodes;
  }

  private TraceNode programByDigest(Digest program, Digest weights, String run) throws IOException {
    String of = "of run " + run;
    Optional<Path> found = index.program(program, run);
    if (found.isPresent()) {
      return program(found.get());
    }
    return new TraceNode(
        "exported program " + program.shortHex() + " " + of,
        Map.of(),
        List.of(notIn("the exported program " + program.shortHex() + " " + of)),
        List.of(byDigest(weights, run, of)));
  }

  private TraceNode byDigest(Digest digest, String run, String of) throws IOException {
    Optional<Path> found = index.find(digest, run);
    if (found.isPresent()) {
      return model(found.get());
    }
    return new TraceNode(
        "model " + digest.shortHex() + " " + of,
        Map.of(),
        List.of(notIn("the model with weights " + digest.shortHex() + " " + of)),
        List.of());
  }

  /** The problem of a part that was not found in the searched folders. */
  private Problem notIn(String sought) {
    return new Problem(
        "searchedFolders",
        index.folders().toString(),
        sought + " in one of them",
        "name the folder that holds it to Tracer.in");
  }

  private TraceNode ensemble(Path folder) throws IOException {
    JsonNode manifest = json(folder.resolve(Ensemble.MANIFEST));
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("sha256 of its manifest", Digest.ofFile(folder.resolve(Ensemble.MANIFEST)).hex());
    facts.put("combination", manifest.path("combination").asText());
    if (manifest.has("fitted")) {
      facts.put("fitted", fitted(manifest.get("fitted")));
    }
    if (manifest.has("commit")) {
      facts.put("code commit", manifest.path("commit").asText());
    }
    List<TraceNode> parts = new ArrayList<>();
    for (JsonNode member : manifest.path("members")) {
      parts.add(member(folder, member));
    }
    return new TraceNode("ensemble " + folder, facts, List.of(), parts);
  }

  /** How the weights were fitted; of the people only their number. */
  private static String fitted(JsonNode json) {
    ObjectNode brief = json.deepCopy();
    if (json.path("people").isArray()) {
      brief.put("people", json.get("people").size());
    }
    return brief.toString();
  }

  private TraceNode member(Path folder, JsonNode json) throws IOException {
    Path inside = folder.resolve(json.path("folder").asText());
    String name =
        "member " + json.path("folder").asText() + " of run " + json.path("runId").asText();
    boolean exported = json.has("programSha256");
    Path cardFile = inside.resolve(exported ? ExportedModel.CARD : "model.json");
    if (!Files.isRegularFile(cardFile)) {
      String gone = inside + " is missing: a member of run " + json.path("runId").asText();
      return new TraceNode(name, Map.of(), List.of(Problem.saying(gone)), List.of());
    }
    List<Problem> problems = new ArrayList<>();
    String card = json.path("cardSha256").asText();
    if (!card.isEmpty() && !Digest.ofFile(cardFile).hex().equals(card)) {
      problems.add(Problem.saying(cardFile + " was changed or exchanged"));
    }
    TraceNode model = exported ? program(inside) : model(inside);
    String is = model.facts().get(exported ? PROGRAM : WEIGHTS);
    if (is != null
        && !json.path(exported ? "programSha256" : "weightsSha256").asText().equals(is)) {
      problems.add(Problem.saying(inside + " holds another model than the manifest names"));
    }
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("weight", json.path("weight").asText());
    facts.put("temperature", json.path("temperature").asText("1"));
    facts.put("view", json.path("view").asText("PLAIN"));
    if (json.has("attribute")) {
      facts.put("answers for", json.path("attribute").asText());
    }
    return new TraceNode(name, facts, problems, List.of(model));
  }

  private TraceNode weights(Path file) throws IOException {
    Path card = file.resolveSibling("model.json");
    if (Files.isRegularFile(card)) {
      return model(file.toAbsolutePath().getParent());
    }
    return new TraceNode(
        "weights " + file,
        Map.of("sha256", Digest.ofFile(file).hex()),
        List.of(),
        List.of(byDigest(Digest.ofFile(file), "unknown", "in " + file.getFileName())));
  }

  /** An exported program, and the model that it was exported from, if that is found. */
  private TraceNode program(Path folder) throws IOException {
    ExportedModel card;
    try {
      card = ExportedModel.readCard(folder);
    } catch (IOException e) {
      return new TraceNode(
          "exported program " + folder,
          Map.of(),
          List.of(Problem.saying(e.getMessage())),
          List.of());
    }
    Map<String, String> facts = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    facts.put("architecture", card.architecture());
    facts.put(PROGRAM, card.programDigest().hex());
    facts.put("precision", card.precision().name());
    facts.put("target", card.target().name());
    facts.put("exported from weights, sha256", card.weightsDigest().hex());
    try {
      card.checkProgram();
    } catch (IOException e) {
      problems.add(Problem.saying(e.getMessage()));
    }
    String run = card.origin().runId().value();
    List<TraceNode> parts = new ArrayList<>();
    JsonNode members = json(card.card()).path("ensemble").path("members");
    if (members.size() > 1) {
      for (int m = 0; m < members.size(); m++) {
        addMember(ExportedModel.memberFolder(folder, m), members.get(m), parts, problems);
      }
      return new TraceNode("exported ensemble " + folder, facts, problems, parts);
    }
    Optional<Path> model = index.find(card.weightsDigest(), run);
    if (model.isPresent()) {
      parts.add(model(model.get()));
    } else {
      facts.put("the model itself", "in none of " + index.folders() + ", not needed to run this");
      runs.add(folder, card.origin(), index, parts, problems);
    }
    return new TraceNode("exported program " + folder + " of run " + run, facts, problems, parts);
  }

  /** A member of a program of several models: its model, if that is found, or its run. */
  private void addMember(
      Path folder, JsonNode member, List<TraceNode> parts, List<Problem> problems)
      throws IOException {
    ModelOrigin origin = CardJson.origin(member.path("origin"));
    Digest weights = new Digest(member.path("weightsSha256").asText());
    Optional<Path> model = index.find(weights, origin.runId().value());
    if (model.isPresent()) {
      parts.add(model(model.get()));
    } else {
      runs.add(folder, origin, index, parts, problems);
    }
  }

  private TraceNode model(Path folder) throws IOException {
    ModelFolder model = ModelFolder.open(folder);
    Map<String, String> facts = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    List<TraceNode> parts = new ArrayList<>();
    facts.put("architecture", model.architecture());
    facts.put(WEIGHTS, model.weightsDigest().hex());
    facts.put("epoch", String.valueOf(model.origin().epoch()));
    facts.put("trained on", model.origin().trainingPeople().size() + " people");
    facts.put("training labels", model.origin().trainingData().hex());
    facts.put("validation labels", model.origin().validationData().hex());
    if (!Files.isRegularFile(model.weightsFile())) {
      problems.add(Problem.saying(model.weightsFile() + " is missing"));
    } else if (!Digest.ofFile(model.weightsFile()).equals(model.weightsDigest())) {
      problems.add(
          Problem.saying(model.weightsFile() + " was changed: its card names other weights"));
    }
    for (Part part : model.parts()) {
      parts.add(
          byDigest(
              part.weightsDigest(),
              part.runId().value(),
              "of run " + part.runId() + ", epoch " + part.epoch()));
    }
    String run = model.origin().runId().value();
    if (model.parts().isEmpty()) {
      runs.add(folder, model.origin(), index, parts, problems);
    }
    return new TraceNode("model " + folder + " of run " + run, facts, problems, parts);
  }

  static JsonNode json(Path file) throws IOException {
    return WholeFile.readJson(file);
  }

  private static String firstLine(Path file) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      return line == null ? "" : line;
    } catch (java.nio.charset.MalformedInputException e) {
      return "";
    }
  }
}
