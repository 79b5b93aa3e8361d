package io.github.facemask.training;

import com.google.common.collect.ImmutableList;
import io.github.facemask.provenance.RunFolder;
import java.nio.file.Path;

/**
 * The result of a run.
 *
 * @param run its folder
 * @param epochs the metrics of each epoch
 * @param best the epoch whose weights are in the model folder
 */
public record TrainingResult(RunFolder run, ImmutableList<EpochMetrics> epochs, EpochMetrics best) {

  /** Returns the folder of the best model. */
  public Path model() {
    return run.model();
  }
}
