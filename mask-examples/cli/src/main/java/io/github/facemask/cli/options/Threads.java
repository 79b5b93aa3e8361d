package io.github.facemask.cli.options;

import static io.github.facemask.problem.InvalidArgumentException.check;

/** Parses the number of threads of an option. */
public final class Threads {

  private Threads() {}

  public static int orProcessors(int asked) {
    check(asked >= 0, "threads", asked, "1 or more, or 0 for one a processor");
    return asked == 0 ? Runtime.getRuntime().availableProcessors() : asked;
  }
}
