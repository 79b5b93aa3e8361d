package io.github.facemask.internal.weights;

import io.github.facemask.problem.Problem;
import java.io.IOException;
import java.nio.file.Path;

/** A file's weights are not those of the network. */
public final class WeightMismatchException extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient LoadReport report;
  private final Problem problem;

  WeightMismatchException(Path file, Problem problem, LoadReport report) {
    super(file + ": " + problem.message());
    this.problem = problem;
    this.report = report;
  }

  /** Returns how the file fitted, with every name; null after serialization. */
  public LoadReport report() {
    return report;
  }

  /** Returns what is wrong, as fields. */
  public Problem problem() {
    return problem;
  }
}
