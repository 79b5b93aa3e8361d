package io.github.facemask.cli;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms of ranges and shares in the plan of a search. */
final class PlanText {

  private static final String NUMBER = "[-+]?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][-+]?\\d+)?";
  private static final Pattern RANGE =
      Pattern.compile("(" + NUMBER + ")\\s*\\.\\.\\s*(" + NUMBER + ")(\\s+log)?");
  private static final Pattern WHOLE = Pattern.compile("[-+]?\\d+");
  private static final Pattern SHARE = Pattern.compile("(\\d+)\\s*/\\s*(\\d+)");

  private PlanText() {}

  /**
   * A range as it is written.
   *
   * @param from the lowest number
   * @param to the highest
   * @param log whether it is marked as logarithmic
   * @param whole whether both are whole numbers
   */
  record Interval(String from, String to, boolean log, boolean whole) {}

  /** Reads {@code 1e-4..1e-2 log}; empty if the text is no range. */
  static Optional<Interval> interval(String text) {
    Matcher range = RANGE.matcher(text.strip());
    return range.matches()
        ? Optional.of(
            new Interval(
                range.group(1),
                range.group(2),
                range.group(3) != null,
                WHOLE.matcher(range.group(1)).matches() && WHOLE.matcher(range.group(2)).matches()))
        : Optional.empty();
  }

  /** Reads {@code 1/2}; empty if the text is no such share. */
  static OptionalDouble share(String text) {
    Matcher share = SHARE.matcher(text.strip());
    return share.matches() && Double.parseDouble(share.group(2)) > 0
        ? OptionalDouble.of(Double.parseDouble(share.group(1)) / Double.parseDouble(share.group(2)))
        : OptionalDouble.empty();
  }
}
