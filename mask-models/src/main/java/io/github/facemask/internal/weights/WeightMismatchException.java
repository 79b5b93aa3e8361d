package io.github.facemask.internal.weights;

import java.io.IOException;

/** A file's weights are not those of the network. */
public final class WeightMismatchException extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient LoadReport report;

  WeightMismatchException(String message, LoadReport report) {
    super(message);
    this.report = report;
  }

  /** Returns how the file fitted, with every name; null after serialization. */
  public LoadReport report() {
    return report;
  }
}
