package io.github.facemask.search;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.Digest;
import io.github.facemask.search.Search.Entry;
import io.github.facemask.search.Search.Plan;
import io.github.facemask.search.Search.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The results so far, a JSON object on each line. The file is replaced as a whole. */
final class SearchJournal {

  static final String FILE = "trials.jsonl";

  private static final String FORMAT = "facemask-search-1";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final String head;
  private final List<Entry> entries = new ArrayList<>();

  private SearchJournal(Path file, String head) {
    this.file = file;
    this.head = head;
  }

  static SearchJournal open(Path folder, Plan plan) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(FILE);
    String digest = digest(plan).hex();
    ObjectNode head = JSON.createObjectNode().put("format", FORMAT).put("planSha256", digest);
    SearchJournal journal = new SearchJournal(file, head.toString());
    if (!Files.exists(file)) {
      return journal;
    }
    List<String> lines = WholeFile.readLines(file);
    JsonNode first = WholeFile.parseJson(file, lines.isEmpty() ? "{}" : lines.get(0));
    if (!first.path("format").asText().equals(FORMAT)) {
      throw broken(file, 1, "format is " + first.path("format") + ", expected " + FORMAT);
    }
    if (!first.path("planSha256").asText().equals(digest)) {
      throw new InvalidFileException(
          file,
          Problem.saying("holds the trials of another plan")
              .withRemedy("take another folder, or the plan of these trials"));
    }
    for (int i = 1; i < lines.size(); i++) {
      journal.entries.add(entry(file, i + 1, WholeFile.parseJson(file, lines.get(i))));
    }
    return journal;
  }

  /** The digest of all that decides the trials and their results. */
  private static Digest digest(Plan plan) {
    return Digest.ofText(
        plan.space()
            + "\n"
            + plan.fixed()
            + "\n"
            + plan.method()
            + " "
            + plan.trials()
            + " "
            + plan.seed()
            + " "
            + plan.halving());
  }

  Optional<Entry> find(Trial trial, int rung) {
    return entries.stream().filter(e -> e.rung() == rung && e.trial().equals(trial)).findFirst();
  }

  void add(Entry entry) throws IOException {
    entries.add(entry);
    StringBuilder text = new StringBuilder(head).append('\n');
    for (Entry each : entries) {
      text.append(line(each)).append('\n');
    }
    AtomicFile.writeText(file, text.toString());
  }

  private static String line(Entry entry) {
    ObjectNode json = JSON.createObjectNode();
    json.put("trial", entry.trial().number()).put("rung", entry.rung());
    entry.epochs().ifPresent(epochs -> json.put("epochs", epochs));
    ObjectNode values = json.putObject("values");
    entry.trial().values().forEach(values::put);
    if (entry.failed()) {
      json.put("failure", entry.failure());
    } else {
      json.put("score", entry.score().getAsDouble()).put("run", entry.run());
    }
    try {
      return JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an entry is plain JSON", e);
    }
  }

  private static Entry entry(Path file, int line, JsonNode json) throws IOException {
    if (!json.path("trial").isInt()
        || !json.path("rung").isInt()
        || !json.path("values").isObject()
        || json.path("score").isNumber() == json.path("failure").isTextual()) {
      throw broken(file, line, "is not the result of a trial");
    }
    ImmutableMap.Builder<String, String> values = ImmutableMap.builder();
    json.path("values").properties().forEach(e -> values.put(e.getKey(), e.getValue().asText()));
    return new Entry(
        new Trial(json.path("trial").asInt(), values.buildKeepingLast()),
        json.path("rung").asInt(),
        json.has("epochs") ? OptionalInt.of(json.path("epochs").asInt()) : OptionalInt.empty(),
        json.path("score").isNumber()
            ? OptionalDouble.of(json.path("score").asDouble())
            : OptionalDouble.empty(),
        json.path("run").asText(),
        json.path("failure").asText());
  }

  private static InvalidFileException broken(Path file, int line, String what) {
    return new InvalidFileException(
        file,
        line,
        Problem.saying(what).withRemedy("restore the file or take another folder"),
        null);
  }
}
