package io.github.facemask.command;

import io.github.facemask.training.EpochMetrics;
import io.github.facemask.training.TrainingListener;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows a run on the terminal: a progress bar over its batches and a line an epoch. */
final class TrainingConsole implements TrainingListener, AutoCloseable {

  private final PrintWriter out;
  private Progress progress;
  private RunPlan plan;
  private Thread hint;

  TrainingConsole(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void onStart(RunPlan run) {
    plan = run;
    // Nothing needs saving when a user stops the run: files are whole at any moment.
    hint =
        new Thread(
            () -> System.err.printf("%nstopped; go on with: mask resume %s%n", run.folder()));
    Runtime.getRuntime().addShutdownHook(hint);
    progress = Progress.of("train", (long) run.epochs() * run.batchesPerEpoch(), "batches");
    out.println(run.folder() + ": recorded, training begins");
    out.println("epoch  train loss  valid loss  accuracy  macro F1  photos/s  waiting");
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
  }

  @Override
  public void close() {
    if (progress != null) {
      Runtime.getRuntime().removeShutdownHook(hint);
      progress.close();
      progress = null;
    }
  }
}
