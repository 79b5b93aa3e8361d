package io.github.facemask.trace;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.internal.cards.RunRecord;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.problem.Problem;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunFolder.Difference;
import io.github.facemask.recipe.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A run's record and its photos. */
final class RunTrace {

  private static final int NAMED = 10;
  private static final List<String> RECORDS = List.of("run.json", RunRecord.FILE);

  private final boolean checksPhotos;
  private final Map<Path, TraceNode> known = new LinkedHashMap<>();

  RunTrace(boolean checksPhotos) {
    this.checksPhotos = checksPhotos;
  }

  /** The folder of the record that belongs to a model: its own, or one above it. */
  Optional<Path> recordOf(Path model) {
    Path folder = model.toAbsolutePath().normalize();
    for (int up = 0; up < 3 && folder != null; up++, folder = folder.getParent()) {
      for (String name : RECORDS) {
        if (Files.isRegularFile(folder.resolve(name))) {
          return Optional.of(folder);
        }
      }
    }
    return Optional.empty();
  }

  TraceNode of(Path folder, ModelOrigin model) throws IOException {
    TraceNode run = of(folder);
    JsonNode data = record(folder).path("data");
    List<Problem> problems = new ArrayList<>(run.problems());
    if (!data.at("/training/digest").asText().equals(model.trainingData().hex())) {
      problems.add(
          Problem.saying(folder + ": its record names other training data than the model's card"));
    }
    return new TraceNode(run.title(), run.facts(), problems, run.parts());
  }

  TraceNode of(Path folder) throws IOException {
    TraceNode before = known.get(folder);
    if (before == null) {
      before = read(folder);
      known.put(folder, before);
    }
    return before;
  }

  /** Adds the run of a model: of the record beside it, or of one that the index has. */
  void add(
      Path folder,
      ModelOrigin origin,
      ModelIndex index,
      List<TraceNode> parts,
      List<Problem> problems)
      throws IOException {
    Optional<Path> record = recordOf(folder);
    if (record.isEmpty()) {
      record = index.run(origin.runId().value());
    }
    if (record.isPresent()) {
      parts.add(of(record.get(), origin));
    } else {
      problems.add(
          Problem.saying(
              "the record of run " + origin.runId() + " is in none of " + index.folders()));
    }
  }

  private TraceNode read(Path folder) throws IOException {
    JsonNode record = record(folder);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("started", record.path("started").asText());
    facts.put("code commit", record.at("/environment/commit").asText("unknown"));
    facts.put("engine", record.at("/environment/engine").asText("unknown"));
    if (record.has("command")) {
      facts.put(TraceNode.MADE_BY, record.path("command").asText());
    }
    if (Files.isRegularFile(folder.resolve("run.json"))) {
      facts.put("can be reproduced", reproducible(folder));
    }
    facts.put("parameters", parameters(record));
    return new TraceNode(
        "run " + record.path("runId").asText(),
        facts,
        List.of(),
        List.of(photosOf(folder, record)));
  }

  private static String reproducible(Path run) {
    try {
      TrainingRecipe.of(run);
      return "yes";
    } catch (IOException e) {
      return "no: " + e.getMessage();
    }
  }

  /** The parameters in one line, without long lists. */
  private static String parameters(JsonNode record) {
    List<String> all = new ArrayList<>();
    Difference.flatten(RunJson.values(record))
        .forEach(
            (key, value) -> {
              String top = key.split("[.]", 2)[0];
              boolean choice =
                  !List.of("environment", "command", "data", "source").contains(top)
                      && !List.of("format", "runId", "started").contains(top)
                      && !key.contains("balance");
              if (choice && value.length() <= 40) {
                all.add(key + "=" + value);
              }
            });
    return String.join(", ", all);
  }

  private TraceNode photosOf(Path folder, JsonNode record) throws IOException {
    JsonNode data = record.path("data");
    Map<String, String> facts = new LinkedHashMap<>();
    List<Problem> problems = new ArrayList<>();
    if (record.at("/source/data").isTextual()) {
      facts.put("folder", record.at("/source/data").asText());
    }
    for (String side : List.of("training", "validation")) {
      facts.put(
          side,
          data.path(side).path("photos").asText()
              + " photos of "
              + data.path(side).path("people").asText()
              + " people, labels "
              + data.path(side).path("digest").asText());
    }
    Path listing = folder.resolve(PhotoListing.FILE);
    if (!Files.isRegularFile(listing)) {
      problems.add(Problem.saying(listing + " is missing: the digests of the photos"));
      return new TraceNode("photos", facts, problems, List.of());
    }
    PhotoListing photos = PhotoListing.read(listing);
    String noted = record.path("photoFilesSha256").asText();
    if (!photos.digest().hex().equals(noted)) {
      problems.add(
          Problem.saying(listing + " was changed: the record names another list of photos"));
    } else {
      facts.put("photos' bytes, sha256 of all", noted + " (each in " + listing + ")");
      compare(photos, facts, problems);
    }
    return new TraceNode("photos", facts, problems, List.of());
  }

  private void compare(PhotoListing photos, Map<String, String> facts, List<Problem> problems)
      throws IOException {
    if (!checksPhotos) {
      facts.put("checked", "no");
      return;
    }
    PhotoListing.Changes changes = photos.changes();
    if (changes.missing().size() == photos.digests().size()) {
      facts.put("checked", "no, the photos are not here");
      return;
    }
    name(problems, changes.changed(), "were changed");
    name(problems, changes.missing(), "are missing");
    facts.put("checked", changes.photos() + " photos, " + changes.changed().size() + " changed");
  }

  private static void name(List<Problem> problems, List<String> ids, String what) {
    if (!ids.isEmpty()) {
      problems.add(
          Problem.saying(
              ids.size()
                  + " photos "
                  + what
                  + ": "
                  + String.join(", ", ids.subList(0, Math.min(NAMED, ids.size())))
                  + (ids.size() > NAMED ? ", ..." : "")));
    }
  }

  private static JsonNode record(Path folder) throws IOException {
    for (String name : RECORDS) {
      if (Files.isRegularFile(folder.resolve(name))) {
        return WholeFile.readJsonObject(folder.resolve(name));
      }
    }
    throw new InvalidFileException(folder, Problem.saying("holds no record of a run"));
  }
}
