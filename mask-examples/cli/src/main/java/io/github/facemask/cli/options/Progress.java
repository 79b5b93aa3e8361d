package io.github.facemask.cli.options;

import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A progress bar on a terminal. Other outputs get nothing, so that logs stay readable. */
public final class Progress implements AutoCloseable {

  private final ProgressBar bar;

  private Progress(ProgressBar bar) {
    this.bar = bar;
  }

  public static Progress of(String task, long total, String unit) {
    return of(task, total, unit, 1);
  }

  /** A bar in MiB, with the rate. */
  public static Progress ofBytes(String task, long total) {
    return of(task, total, "MiB", 1 << 20);
  }

  private static Progress of(String task, long total, String unit, long unitSize) {
    // Java cannot detect whether standard error is a terminal. The launcher can.
    if (!Boolean.getBoolean("mask.terminal")) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(total)
            .setUnit(" " + unit, unitSize)
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .setUpdateIntervalMillis(200)
            .setConsumer(new ConsoleProgressBarConsumer(System.err))
            .showSpeed()
            .setMaxRenderedLength(100)
            .startsFrom(0, Duration.ZERO)
            .build());
  }

  public void to(long done) {
    if (bar != null) {
      bar.stepTo(done);
    }
  }

  public void say(String message) {
    if (bar != null) {
      bar.setExtraMessage(message);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
