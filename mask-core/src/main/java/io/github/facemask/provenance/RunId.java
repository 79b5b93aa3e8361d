package io.github.facemask.provenance;

import static io.github.facemask.problem.InvalidArgumentException.check;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a run, unique in its folder and sorted by time.
 *
 * @param value letters, digits, '.', '_' and '-'
 */
public record RunId(String value) {

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Checks the form. */
  public RunId {
    check(
        FORM.matcher(value).matches(),
        "runId",
        value,
        "up to 128 letters, digits, '.', '_' and '-'");
  }

  /**
   * Makes an id from a time and a name.
   *
   * @param start the start of the run
   * @param name a name, for instance of the architecture: {@code "resnet18"}
   * @return the id
   */
  public static RunId of(Instant start, String name) {
    return new RunId(TIME.format(start) + "-" + name);
  }

  @Override
  public String toString() {
    return value;
  }
}
