package io.github.facemask.problem;

import java.io.Serializable;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What is wrong with a value, as fields and as one line of English. A program with its own names
 * for its users, such as options or fields of a form, uses the fields and need not parse the line.
 * Immutable.
 *
 * @param what the parameter's stable name in camel case, for instance {@code learningRate}; it
 *     changes only with a new major version. Empty if no parameter is wrong
 * @param value what was given, without quotes, for instance {@code -1.0}; empty if nothing was. If
 *     {@code what} is empty, the whole problem as a clause, for instance {@code is not JSON}
 * @param expected what would be right, for instance {@code above 0}; may be empty
 * @param remedy what a user of the library can do about it, for instance a method to call; may be
 *     empty
 */
public record Problem(String what, String value, String expected, String remedy)
    implements Serializable {

  private static final long serialVersionUID = 1;

  private static final Pattern NUMBER = Pattern.compile("-?[0-9.]+(E-?[0-9]+)?");

  /** Checks that no field is {@code null}. */
  public Problem {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(expected, "expected");
    Objects.requireNonNull(remedy, "remedy");
  }

  /**
   * Returns the problem of a value that differs from the expected one.
   *
   * @param what the parameter's name in camel case
   * @param value what was given
   * @param expected what would be right
   */
  public static Problem of(String what, Object value, String expected) {
    return new Problem(what, String.valueOf(value), expected, "");
  }

  /**
   * Returns a problem of no parameter, for instance of a file as a whole.
   *
   * @param clause what is wrong, for instance "is not JSON" after the name of a file
   */
  public static Problem saying(String clause) {
    return new Problem("", clause, "", "");
  }

  /**
   * Returns this problem with another expectation.
   *
   * @param right the expected value
   */
  public Problem withExpected(String right) {
    return new Problem(what, value, right, remedy);
  }

  /**
   * Returns this problem with another remedy.
   *
   * @param advice what to do about it
   */
  public Problem withRemedy(String advice) {
    return new Problem(what, value, expected, advice);
  }

  /**
   * Returns the problem as one line without an end, for instance "learning rate is 0, expected
   * above 0". It is for people, and may change with any version.
   */
  public String message() {
    StringBuilder line = new StringBuilder(words());
    if (!what.isEmpty()) {
      line.append(isPlural() ? " are " : " is ");
    }
    line.append(value.isBlank() && !what.isEmpty() ? "missing" : value);
    if (!expected.isEmpty()) {
      line.append(", expected ").append(expected);
    }
    if (!remedy.isEmpty()) {
      line.append("; ").append(remedy);
    }
    return line.toString().strip().replaceAll("\\s*\\R\\s*", " ");
  }

  /** "epochs is 0" for a number, but "class weights are [1, 2]" for several values. */
  private boolean isPlural() {
    return what.endsWith("s") && !what.endsWith("ss") && !NUMBER.matcher(value).matches();
  }

  /** Returns the parameter's name as words: "learning rate" for {@code learningRate}. */
  public String words() {
    return what.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the known names that are most like a misspelt one, for an expectation or a remedy.
   *
   * @param given the misspelt name
   * @param known the known names
   * @param count how many to return at most
   * @return the names by their Levenshtein distance, the nearest first
   */
  public static List<String> nearest(String given, Collection<String> known, int count) {
    return known.stream()
        .sorted(Comparator.comparingInt(each -> distance(each, given)))
        .limit(count)
        .toList();
  }

  /** The Levenshtein distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
