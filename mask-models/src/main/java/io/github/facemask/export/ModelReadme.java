package io.github.facemask.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.export.Exporter.Part;
import io.github.facemask.internal.cards.RunRecord;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.label.Attribute;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.preprocessing.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collector;
import java.util.stream.Collectors;

/**
 * The card of a model for people: {@code README.md} in the form of the Hugging Face hub. It says
 * what is known from the record of the run, and says so where something is not known.
 */
final class ModelReadme {

  private static final String FILE = "README.md";

  /** Licences under the names that the hub has for them. */
  private static final List<String> HUB_LICENCES =
      List.of("apache-2.0", "mit", "bsd-3-clause", "cc-by-4.0", "cc-by-nc-4.0", "cc-by-nc-sa-4.0");

  private final ExportSource source;
  private final Optional<ExportedModel> program;
  private final Optional<Evaluation> evaluation;
  private final Map<ModelFolder, JsonNode> records = new LinkedHashMap<>();
  private final StringBuilder text = new StringBuilder();

  private ModelReadme(
      ExportSource source, Optional<ExportedModel> program, Optional<Evaluation> evaluation) {
    this.source = source;
    this.program = program;
    this.evaluation = evaluation;
  }

  /**
   * Writes the card.
   *
   * @param source the models
   * @param program the exported program; empty for a folder of weights
   * @param evaluation the scores, if they were measured
   * @param folder an existing folder
   * @throws IOException if the record of a run cannot be read or the file cannot be written
   */
  static void write(
      ExportSource source,
      Optional<ExportedModel> program,
      Optional<Evaluation> evaluation,
      Path folder)
      throws IOException {
    ModelReadme card = new ModelReadme(source, program, evaluation);
    for (Part part : source.parts()) {
      card.records.put(part.model(), record(part.model()));
    }
    card.header();
    card.title();
    card.inputs();
    card.scores();
    card.data();
    card.training();
    card.uses();
    card.licences();
    AtomicFile.writeText(folder.resolve(FILE), card.text.toString());
  }

  private static JsonNode record(ModelFolder model) throws IOException {
    Optional<Path> file = RunRecord.find(model.path());
    return file.isPresent() ? WholeFile.readJsonObject(file.get()) : MissingNode.getInstance();
  }

  private void header() {
    text.append("---\n");
    line("license: %s", hubLicence());
    line("library_name: %s", library());
    line("pipeline_tag: image-classification");
    line("tags:");
    for (String tag : List.of("image-classification", "face", "mask", "facemask", library())) {
      line("- %s", tag);
    }
    line("metrics:");
    line("- f1");
    line("- accuracy");
    text.append("---\n\n");
  }

  private String library() {
    return program.isEmpty()
        ? "timm"
        : program.get().format() == ExportedModel.Format.ONNX ? "onnx" : "pytorch";
  }

  private void title() {
    String words = source.attributes().stream().map(Attribute::word).collect(commas());
    line("# %s for %s of faces", source.architecture(), words);
    line("");
    line(
        "A classifier of photos of one face each. It answers %s%s.",
        words, source.answersYears() ? ", and the age in years" : "");
    if (source.isOfSeveral()) {
      line(
          "It holds %d models, which vote by %s.",
          source.parts().size(), source.vote().combination().displayName());
    }
    line("It was made with facemask. SHA-256 of the weights: `%s`.", source.weightsDigest().hex());
  }

  private void inputs() {
    Preprocessing input = source.preprocessing();
    section("Input and labels");
    line(
        "- Photos are RGB of %d x %d pixels (height x width), resized with %s interpolation.",
        input.height(), input.width(), input.interpolation().name().toLowerCase(Locale.ROOT));
    line(
        "- The photo is resized to size / %s, then the centre is cut out%s.",
        input.cropRatio(),
        input.cropMode() == Preprocessing.CropMode.SQUASH
            ? "; the aspect ratio is not kept"
            : " (the shorter side is resized)");
    line(
        source.faces().isPresent()
            ? "- The face must be found and cropped first, as the settings `faces` of the card say."
            : "- It sees whole photos. The face is not cropped first.");
    program.ifPresentOrElse(
        p ->
            line(
                "- Values are bytes, 0 to 255, of the shape (photos, height, width, 3). The program"
                    + " normalises them itself."),
        () ->
            line(
                "- Values are divided by 255 and normalised, mean %s, std %s.",
                input.mean(), input.std()));
    line("- Labels, in the order of the probabilities:");
    line("");
    List<String> labels = source.labels();
    for (int i = 0; i < labels.size(); i++) {
      line("  %d. %s", i, labels.get(i));
    }
    if (program.isEmpty()) {
      line("");
      line(
          "`config.json` names the outputs of the last layer in their order. With several heads a"
              + " softmax goes over each head alone.");
    }
  }

  private void scores() {
    section("Scores");
    if (evaluation.isEmpty()) {
      line("No scores were measured at the export.");
      selection();
      line(
          "To measure scores, export again with labelled photos of people that it was not trained on,"
              + " or with an evaluation of the model.");
      return;
    }
    boolean chosenBy =
        source.parts().stream()
            .anyMatch(p -> p.model().origin().validationData().equals(evaluation.get().data()));
    if (chosenBy) {
      line(
          "The epoch was chosen by its score on these photos, so the scores are a little too high.");
    }
    new ReadmeScores(this::line).write(evaluation.get());
  }

  /** The score of the epoch, which is too optimistic as the epoch was chosen by it. */
  private void selection() {
    for (Part part : source.parts()) {
      score(part.model())
          .ifPresent(
              score ->
                  line(
                      "Epoch %d of run `%s` was kept for its validation score: %s %.4f. The epoch was"
                          + " chosen by this score, so it is too optimistic.",
                      part.model().origin().epoch(),
                      part.model().origin().runId(),
                      score.path("name").asText("macro F1"),
                      score.path("value").asDouble()));
    }
  }

  private static Optional<JsonNode> score(ModelFolder model) {
    Optional<Path> record = RunRecord.find(model.path());
    if (record.isEmpty()) {
      return Optional.empty();
    }
    Path metrics = record.get().resolveSibling("metrics.jsonl");
    try {
      for (String row : Files.readAllLines(metrics)) {
        JsonNode epoch = new ObjectMapper().readTree(row);
        if (epoch.path("epoch").asInt() == model.origin().epoch() && epoch.has("score")) {
          return Optional.of(epoch.get("score"));
        }
      }
    } catch (IOException e) {
      // A copied record has no metrics beside it.
      return Optional.empty();
    }
    return Optional.empty();
  }

  private void data() {
    section("Training data");
    records.forEach(
        (model, record) -> {
          JsonNode data = record.path("data");
          if (data.isMissingNode()) {
            line(
                "The record of run `%s` was not found. Its training labels have the digest `%s`.",
                model.origin().runId(), model.origin().trainingData().hex());
            return;
          }
          line("Run `%s`:", model.origin().runId());
          line("");
          line("| part | photos | people | SHA-256 of the labels |");
          line("|---|---|---|---|");
          for (String part : List.of("training", "validation")) {
            line(
                "| %s | %d | %d | `%s` |",
                part,
                data.path(part).path("photos").asInt(),
                data.path(part).path("people").asInt(),
                data.path(part).path("digest").asText());
          }
          line("");
        });
    if (records.values().stream().anyMatch(ModelReadme::namesNobody)) {
      line(
          "The photos name no people, so each counts as a person of its own. Photos of one person may"
              + " be in both parts.");
    } else {
      line("No person of the training part is in the validation part.");
    }
    if (records.values().stream().anyMatch(RecipeText::drawn)) {
      line("**The training photos were drawn by a program. They show no real person.**");
    }
  }

  /** Whether a run's photos have as many people as photos. */
  private static boolean namesNobody(JsonNode record) {
    JsonNode training = record.at("/data/training");
    return training.path("photos").asInt() > 0
        && training.path("photos").asInt() == training.path("people").asInt();
  }

  private void training() {
    section("Training");
    records.forEach(
        (model, record) -> {
          if (record.isMissingNode()) {
            return;
          }
          line("Run `%s`, epoch %d:", model.origin().runId(), model.origin().epoch());
          line("");
          new RecipeText(record).lines().forEach(line -> line("- %s", line));
          line("");
        });
    line(
        "The record of the run repeats it: `Reproduction` in Java, `reproduce` on the command line.");
  }

  private void uses() {
    section("Intended use");
    line("- To count or check masks on photos of one face each, as an aid to a person.");
    line("- To study and compare training methods.");
    section("Limits");
    line("- It does not identify people, and must not be used to try.");
    line(
        "- Gender and age are what the labels of the training photos say. They are no facts about"
            + " a person.");
    line("- It always answers, also for a photo without a face.");
    line(
        "- Photos unlike the training photos (light, camera, pose, kinds of masks) lower its scores.");
    line(
        "- Groups that are rare in the training photos may be classified worse. See the scores by group.");
    line("- Do not let it decide about a person alone.");
  }

  private void licences() {
    section("Licence");
    for (String sentence :
        records.values().stream().map(r -> new RecipeText(r).licence()).distinct().toList()) {
      line("%s", sentence);
    }
    line("facemask itself is under the Apache License 2.0.");
  }

  private String hubLicence() {
    List<String> names =
        records.values().stream()
            .map(record -> record.path("startedFrom").path("licence").asText(""))
            .distinct()
            .toList();
    String name = names.size() == 1 ? names.get(0).toLowerCase(Locale.ROOT) : "";
    return HUB_LICENCES.contains(name) ? name : name.isEmpty() ? "unknown" : "other";
  }

  private void section(String title) {
    line("");
    line("## %s", title);
    line("");
  }

  private void line(String format, Object... values) {
    text.append(values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    text.append('\n');
  }

  private static Collector<CharSequence, ?, String> commas() {
    return Collectors.joining(", ");
  }

  /** Receives a line. */
  @FunctionalInterface
  interface Lines {
    void add(String format, Object... values);
  }
}
