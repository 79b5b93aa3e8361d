package io.github.facemask.training;

import com.google.common.collect.ImmutableList;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.training.Training.Monitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/** Keeps the models of the best epochs of a run. */
final class Checkpoints {

  private final RunFolder folder;
  private final Monitor criterion;
  private final int count;

  Checkpoints(RunFolder folder, Monitor criterion, int count) {
    this.folder = folder;
    this.criterion = criterion;
    this.count = count;
  }

  /** Returns the best epochs, earlier ones first on ties, at most as many as are kept. */
  ImmutableList<EpochMetrics> ranked(List<EpochMetrics> epochs) {
    return epochs.stream()
        .sorted(Comparator.comparingDouble(criterion::score).reversed())
        .limit(count)
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * Saves the model after the last epoch if it is among the best.
   *
   * @return whether it is the best
   */
  boolean keep(List<EpochMetrics> epochs, ModelWriter writer) throws IOException {
    ImmutableList<EpochMetrics> ranked = ranked(epochs);
    EpochMetrics last = epochs.get(epochs.size() - 1);
    if (count > 1 && ranked.contains(last)) {
      writer.write(folder.checkpoint(last.epoch()));
    }
    boolean best = ranked.get(0).equals(last);
    if (best) {
      writer.write(folder.model());
    }
    return best;
  }

  /**
   * Deletes the models of epochs that are no longer among the best; only this run's own folders.
   */
  void prune(List<EpochMetrics> epochs) throws IOException {
    ImmutableList<EpochMetrics> ranked = ranked(epochs);
    for (EpochMetrics epoch : epochs) {
      Path behind = folder.checkpoint(epoch.epoch());
      if (!ranked.contains(epoch) && Files.exists(behind)) {
        MoreFiles.deleteRecursively(behind, RecursiveDeleteOption.ALLOW_INSECURE);
      }
    }
  }

  /** Writes the current model. */
  interface ModelWriter {
    void write(Path folder) throws IOException;
  }
}
