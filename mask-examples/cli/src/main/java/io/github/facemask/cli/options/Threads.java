package io.github.facemask.cli.options;

import static com.google.common.base.Preconditions.checkArgument;

/** The number of threads that an option asks for. */
public final class Threads {

  private Threads() {}

  public static int orProcessors(int asked) {
    checkArgument(asked >= 0, "threads is %s, expected 1 or more, or 0 for one a processor", asked);
    return asked == 0 ? Runtime.getRuntime().availableProcessors() : asked;
  }
}
