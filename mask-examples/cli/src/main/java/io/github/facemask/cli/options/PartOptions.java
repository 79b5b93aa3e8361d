package io.github.facemask.cli.options;

import io.github.facemask.problem.InvalidArgumentException;
import io.github.facemask.problem.Problem;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that share many trainings among machines which see the same folder. */
public final class PartOptions {

  private static final int MOST_NAMES = 8;

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

  /**
   * Checks that not both options are given.
   *
   * @throws IllegalArgumentException if they are
   */
  public void check() {
    InvalidArgumentException.check(
        !pending || only == null, "only", "given with --pending", "one of the two");
  }

  /**
   * Returns the exception for a name that does not exist.
   *
   * @param names the names that exist
   */
  public InvalidArgumentException unknown(List<String> names) {
    int shown = Math.min(MOST_NAMES, names.size());
    int more = names.size() - shown;
    return new InvalidArgumentException(
        Problem.of(
            "training",
            "'" + only + "'",
            "one of "
                + String.join(", ", names.subList(0, shown))
                + (more > 0 ? " and " + more + " more, which --pending prints" : "")));
  }
}
