package io.github.facemask.cli.options;

import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import picocli.CommandLine.Option;

/** Options that share many trainings among machines which see the same folder. */
public final class PartOptions {

  @Option(
      names = "--pending",
      description = {
        "Train nothing; print the names of the trainings that can be started now, a line each."
      })
  public boolean pending;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      description = {
        "Train this one alone, as --pending names it: to share the trainings among machines that",
        "see the same folder. Then start the command without it, once."
      })
  public String only;

  /** Returns the exception for a name that does not exist. */
  public InvalidArgumentException unknown() {
    return new InvalidArgumentException(Problem.of("only", only, "a name that --pending prints"));
  }
}
