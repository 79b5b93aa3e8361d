package io.github.facemask.cli.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.Strings;
import io.github.facemask.cli.interruption.Interruption;
import io.github.facemask.cli.options.CommandWords;
import io.github.facemask.cli.options.Count;
import io.github.facemask.cli.options.Progress;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.training.EpochMetrics;
import io.github.facemask.training.TrainingListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;

/** Shows a run on the terminal: a progress bar over the batches and one line for each epoch. */
public final class TrainingConsole implements TrainingListener, AutoCloseable {

  /** Ten times the cross entropy of guessing one of the 18 classes. */
  private static final double DIVERGED = 29;

  private final PrintWriter out;
  private boolean diverged;
  private int scoreWidth;
  private Progress progress;
  private Interruption.Work work;
  private RunPlan plan;

  public TrainingConsole(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void onStart(RunPlan run) {
    plan = run;
    work = Interruption.goOnWith("mask resume " + CommandWords.quoted(run.folder().toString()));
    progress = Progress.of("train", (long) run.epochs() * run.batchesPerEpoch(), "batches");
    int done = run.completedEpochs();
    if (run.complete()) {
      out.println(run.folder() + ": complete, " + Count.of(done, "epoch"));
      return;
    }
    if (done == 0) {
      tellStart(run.folder());
    }
    out.println(
        run.folder()
            + (done == 0
                ? ": recorded, training begins"
                : ": training goes on after " + Count.of(done, "epoch")));
    if (run.photosLeftOut() > 0) {
      out.printf(
          "the last %s of each epoch is left out: batch norm needs two in a batch%n",
          run.photosLeftOut() == 1 ? "photo" : run.photosLeftOut() + " photos");
    }
  }

  private void tellStart(Path run) {
    try {
      JsonNode start = RunJson.record(RunFolder.open(run)).path("startedFrom");
      if (!start.isEmpty()) {
        out.println(StartLine.of(start));
      }
    } catch (IOException e) {
      // The run goes on without the line; its record cannot be read for others, either.
      out.println("mask: warning: " + e.getMessage());
    }
  }

  @Override
  public void onBatch(BatchProgress now) {
    progress.to((long) (now.epoch() - 1) * plan.batchesPerEpoch() + now.batch());
    Runtime runtime = Runtime.getRuntime();
    progress.say(
        String.format(
            Locale.ROOT,
            "loss %.3f, rate %.2e, %.0f photos/s, heap %d MiB",
            now.loss(),
            now.learningRate(),
            now.photosPerSecond(),
            (runtime.totalMemory() - runtime.freeMemory()) >> 20));
  }

  @Override
  public void onThreads(ThreadChange change) {
    out.printf(
        "computing with %s instead of %d: %s%n",
        Count.of(change.now(), "thread"), change.before(), change.reason());
    out.flush();
  }

  @Override
  public void onEpoch(EpochMetrics metrics, boolean best) {
    if (scoreWidth == 0) {
      // The first epoch tells which score the labels allow, for instance mask F1.
      String score = metrics.score().name();
      scoreWidth = Math.max(8, score.length());
      out.println(
          "epoch  train loss  valid loss  accuracy  "
              + Strings.padStart(score, scoreWidth, ' ')
              + "  photos/s  waiting");
    }
    out.printf(
        Locale.ROOT,
        "%5d  %10.4f  %10.4f  %8.4f  %" + scoreWidth + ".4f  %8.1f  %6.1f%%%s%n",
        metrics.epoch(),
        metrics.trainingLoss(),
        metrics.validationLoss(),
        metrics.accuracy(),
        metrics.macroF1(),
        metrics.timing().photosPerSecond(),
        100 * metrics.timing().waitingShare(),
        best ? "  best" : "");
    if (metrics.trainingLoss() > DIVERGED && !diverged) {
      diverged = true;
      out.printf(
          Locale.ROOT,
          "mask: warning: the training loss is %.3g, guessing has about 3; lower --lr, or limit the"
              + " gradients with --clip%n",
          metrics.trainingLoss());
    }
    out.flush();
  }

  @Override
  public void close() {
    if (progress != null) {
      work.close();
      progress.close();
      progress = null;
    }
  }
}
