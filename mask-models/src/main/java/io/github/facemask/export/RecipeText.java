package io.github.facemask.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.Splitter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * What the record of a run says about the training, in sentences.
 *
 * @param record the record; missing if there is none
 */
record RecipeText(JsonNode record) {

  /** The file that a set of drawn photos has. */
  private static final String DRAWN = "truth.csv";

  /** Returns a line for each part of the recipe. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    JsonNode network = record.path("network");
    lines.add(
        "network "
            + network.path("architecture").asText()
            + ", "
            + network.path("parameters").asLong()
            + " parameters, heads "
            + network.path("heads").asText());
    lines.add("started from " + start());
    JsonNode optimizer = record.path("optimizer");
    lines.add(
        "optimizer "
            + optimizer.path("name").asText()
            + ", learning rate "
            + optimizer.path("learningRate").asText()
            + ", weight decay "
            + optimizer.path("weightDecay").asText("0")
            + ", schedule "
            + schedule(record.path("schedule")));
    lines.add(tuning(network));
    JsonNode batches = record.path("batches");
    lines.add(
        "epochs "
            + record.path("epochs").asText()
            + ", batches of "
            + batches.path("batchSize").asText()
            + ", "
            + record.path("precision").asText());
    lines.add("loss " + record.path("loss").path("name").asText());
    lines.add(
        "sampler "
            + batches.path("sampler").path("name").asText()
            + ", mixing "
            + batches.path("mixing").path("name").asText("none")
            + ", transforms "
            + StreamSupport.stream(batches.path("transforms").spliterator(), false)
                .map(t -> t.path("name").asText())
                .collect(Collectors.joining(", ")));
    JsonNode overlay = batches.path("overlay");
    if (overlay.isObject()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "masks drawn on bare faces of training photos: %.0f %% worn, %.0f %% worn wrongly",
              100 * overlay.path("worn").asDouble(),
              100 * overlay.path("wornWrongly").asDouble()));
    }
    lines.add("seed " + record.path("seed").asText());
    if (!record.path("command").asText("").isEmpty()) {
      lines.add("recorded command, without folders: `" + command() + "`");
    }
    return lines;
  }

  private static String schedule(JsonNode schedule) {
    String name = schedule.path("name").asText();
    return schedule.has("then") ? name + ", then " + schedule(schedule.get("then")) : name;
  }

  /** Returns which parts learnt, and how fast. */
  private static String tuning(JsonNode network) {
    if (network.path("linearProbe").asBoolean()) {
      return "only the head was trained, on the features of the frozen backbone";
    }
    return String.format(
        Locale.ROOT,
        "%d frozen stages, rate of the head x %s, layer decay %s, dropout %s, stochastic depth %s",
        network.path("frozenStages").asInt(),
        network.path("headRate").asText("1"),
        network.path("layerDecay").asText("1"),
        network.path("dropRate").asText("0"),
        network.path("dropPathRate").asText("0"));
  }

  /** Returns a sentence about the licence of the weights that training started from. */
  String licence() {
    String licence = record.path("startedFrom").path("licence").asText("");
    if (!licence.isEmpty()) {
      return "Training started from weights under " + licence + ". Its terms hold for these, too.";
    }
    return isRandom()
        ? "Training started from random numbers, so no licence of other weights holds."
        : "The licence of the weights that training started from is unknown. Ask before you pass"
            + " these weights on.";
  }

  private String start() {
    if (isRandom()) {
      return "random numbers";
    }
    JsonNode started = record.path("startedFrom");
    if (started.has("name")) {
      return "the published weights "
          + started.path("repository").asText()
          + ", SHA-256 "
          + started.path("sha256").asText();
    }
    String weights = record.path("network").path("weights").asText("");
    return weights.isEmpty() ? "unknown weights" : "the weights `" + last(weights) + "`";
  }

  private boolean isRandom() {
    return record.path("network").path("weights").asText("").equals("random");
  }

  /** The recorded command without folders, whose names may tell about people. */
  private String command() {
    List<String> words = new ArrayList<>();
    for (String word : Splitter.on(' ').split(record.path("command").asText())) {
      int from = word.indexOf('=') + 1;
      words.add(word.substring(0, from) + last(word.substring(from)));
    }
    return String.join(" ", words);
  }

  private static String last(String path) {
    int slash = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
    return slash < 0 || slash == path.length() - 1 ? path : path.substring(slash + 1);
  }

  /** Returns whether the photos of a run were drawn, as far as their folder is still there. */
  static boolean drawn(JsonNode record) {
    String folder = record.path("source").path("data").asText("");
    try {
      return !folder.isEmpty() && Files.isRegularFile(Path.of(folder).resolve(DRAWN));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
