package io.github.facemask.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.training.Training.Monitor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The result of a run.
 *
 * @param run its folder
 * @param epochs the metrics of each epoch
 * @param best the epoch whose weights are in the model folder
 */
public record TrainingResult(RunFolder run, ImmutableList<EpochMetrics> epochs, EpochMetrics best) {

  /**
   * Reads the result of a complete run: all of its epochs are trained, or no epoch of its patience
   * was better. Photos and weights are not read.
   *
   * @param run the run's folder
   * @return the result; empty if the run has epochs left
   * @throws IOException if the folder is no run, or cannot be read
   */
  public static Optional<TrainingResult> read(Path run) throws IOException {
    RunFolder folder = RunFolder.open(run);
    JsonNode record = RunJson.record(folder);
    ImmutableList<EpochMetrics> epochs = epochs(folder);
    String monitor = record.path("monitor").asText();
    boolean known = Arrays.stream(Monitor.values()).anyMatch(m -> m.name().equals(monitor));
    if (epochs.isEmpty() || !known) {
      return Optional.empty();
    }
    EpochMetrics best = new Checkpoints(folder, Monitor.valueOf(monitor), 1).ranked(epochs).get(0);
    int patience = record.path("patience").asInt();
    boolean complete =
        epochs.size() >= record.path("epochs").asInt(Integer.MAX_VALUE)
            || (patience > 0 && epochs.size() - best.epoch() >= patience);
    return complete ? Optional.of(new TrainingResult(folder, epochs, best)) : Optional.empty();
  }

  /** Reads the epochs that a run has trained. */
  static ImmutableList<EpochMetrics> epochs(RunFolder run) throws IOException {
    return RunJson.metrics(run).stream()
        .map(EpochMetrics::fromJson)
        .collect(ImmutableList.toImmutableList());
  }

  /** Returns the folder of the best model. */
  public Path model() {
    return run.model();
  }
}
