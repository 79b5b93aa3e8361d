package io.github.facemask.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.model.RunRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a run started from, as its record tells. */
record StartingWeights(String weights, String seed, Optional<String> digest) {

  /**
   * Refuses models whose runs did not start from the same numbers: there is no way downhill from
   * one to the other, and their average is no network.
   */
  static void refuseUnlike(List<ModelFolder> models) throws IOException {
    ModelFolder first = models.get(0);
    for (ModelFolder model : models) {
      if (model.origin().runId().equals(first.origin().runId())) {
        continue;
      }
      Optional<StartingWeights> one = of(first);
      Optional<StartingWeights> other = of(model);
      if (one.isEmpty() || other.isEmpty()) {
        throw unlike(
            "the record of the run of "
                + (one.isEmpty() ? first : model).path()
                + " is missing, so nothing is known of what it started from");
      }
      if (!one.get().same(other.get())) {
        throw unlike(
            first.path()
                + " started from "
                + one.get().text()
                + ", "
                + model.path()
                + " from "
                + other.get().text());
      }
    }
  }

  private static IllegalArgumentException unlike(String why) {
    return new IllegalArgumentException(
        why
            + "; only runs that started from the same weights, head included, average to a network."
            + " Train them with the same --weights and --seed, make an ensemble of them, or go on"
            + " with --unlike-starts");
  }

  private static Optional<StartingWeights> of(ModelFolder model) throws IOException {
    Optional<Path> file = RunRecord.find(model.path());
    if (file.isEmpty()) {
      return Optional.empty();
    }
    JsonNode record = WholeFile.readJson(file.get());
    return Optional.of(
        new StartingWeights(
            record.at("/network/weights").asText("random"),
            record.path("seed").asText(),
            record.has("startSha256")
                ? Optional.of(record.get("startSha256").asText())
                : Optional.empty()));
  }

  /** By the digest where both have one; else by the names, and the seed that draws the head. */
  private boolean same(StartingWeights other) {
    if (digest.isPresent() && other.digest.isPresent()) {
      return digest.equals(other.digest);
    }
    return weights.equals(other.weights) && seed.equals(other.seed);
  }

  private String text() {
    return (weights.equals("random") ? "random weights" : weights)
        + " with seed "
        + seed
        + digest.map(d -> " (" + d.substring(0, 12) + ")").orElse("");
  }
}
