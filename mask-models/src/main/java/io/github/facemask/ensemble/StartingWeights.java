package io.github.facemask.ensemble;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.internal.cards.RunRecord;
import io.github.facemask.internal.files.WholeFile;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The starting weights of a run, from its record. */
record StartingWeights(String weights, String seed, Optional<String> digest) {

  /**
   * Refuses models whose runs did not start from the same weights: they are not in the same loss
   * basin, so their average does not work.
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
    return new InvalidArgumentException(
        new Problem(
            "startingWeights",
            "unlike, as " + why,
            "the same, head included, as only these average to a network",
            "train from the same weights with the same seed, make an ensemble, or say"
                + " withUnlikeStarts"));
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

  /**
   * Compares the digests if both have one; otherwise the names, and the seed that draws the head.
   */
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
