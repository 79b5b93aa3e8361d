package io.github.facemask.dataset;

import java.io.IOException;

/**
 * Thrown when a strict reader finds problems. The message shows the first one, the report has all.
 */
public final class BrokenDataException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient ReadReport report;

  BrokenDataException(ReadReport report) {
    super(report.summary() + "\nFix them, or read leniently to skip these photos.");
    this.report = report;
  }

  /** Returns all problems. */
  public ReadReport report() {
    return report;
  }
}
