package io.github.facemask.cli.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.facemask.cli.options.Progress;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.training.EpochMetrics;
import io.github.facemask.training.TrainingListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/** Shows a run on the terminal: a progress bar over the batches and one line for each epoch. */
public final class TrainingConsole implements TrainingListener, AutoCloseable {

  private static final Duration LONGEST_BATCH = Duration.ofMinutes(2);

  private final PrintWriter out;
  private final CountDownLatch parked = new CountDownLatch(1);
  private volatile boolean stopping;
  private Progress progress;
  private RunPlan plan;
  private Thread hint;

  public TrainingConsole(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void onStart(RunPlan run) {
    plan = run;
    hint = new Thread(() -> stop(run));
    Runtime.getRuntime().addShutdownHook(hint);
    progress = Progress.of("train", (long) run.epochs() * run.batchesPerEpoch(), "batches");
    tellStart(run.folder());
    out.println(run.folder() + ": recorded, training begins");
    out.println("epoch  train loss  valid loss  accuracy  macro F1  photos/s  waiting");
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

  /**
   * Waits for the end of the current batch when the user stops the run. A process that exits during
   * a batch unloads libtorch while its threads run, and crashes. Files need no handling, because
   * they are complete at any time.
   */
  private void stop(RunPlan run) {
    stopping = true;
    System.err.printf("%nstopping after this batch%n");
    boolean idle = Uninterruptibles.awaitUninterruptibly(parked, LONGEST_BATCH);
    System.err.printf(
        "stopped%s; go on with: mask resume %s%n",
        idle ? "" : " in the middle of a batch", run.folder());
  }

  /** Blocks the training thread once the process is ending. */
  private void parkIfStopping() {
    if (stopping) {
      parked.countDown();
      Uninterruptibles.awaitUninterruptibly(new CountDownLatch(1));
    }
  }

  @Override
  public void onBatch(BatchProgress now) {
    parkIfStopping();
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
  public void onEpoch(EpochMetrics metrics, boolean best) {
    out.printf(
        Locale.ROOT,
        "%5d  %10.4f  %10.4f  %8.4f  %8.4f  %8.1f  %6.1f%%%s%n",
        metrics.epoch(),
        metrics.trainingLoss(),
        metrics.validationLoss(),
        metrics.accuracy(),
        metrics.macroF1(),
        metrics.timing().photosPerSecond(),
        100 * metrics.timing().waitingShare(),
        best ? "  best" : "");
    out.flush();
    parkIfStopping();
  }

  @Override
  public void close() {
    parkIfStopping();
    if (progress != null) {
      Runtime.getRuntime().removeShutdownHook(hint);
      progress.close();
      progress = null;
    }
  }
}
