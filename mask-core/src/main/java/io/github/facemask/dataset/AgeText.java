package io.github.facemask.dataset;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses ages: whole and decimal years, and ranges of years in the forms that people write. */
final class AgeText {

  private static final String N = "(\\d{1,3})(?:[.,]\\d+)?";
  private static final String UP = "(?:over|above|older|more|up|upwards|greater)";
  private static final String DOWN = "(?:under|below|younger|less|fewer)";

  private static final Pattern RANGE =
      Pattern.compile("(?:between |from )?" + N + " ?(?:- ?|to |and |until |through |bis )" + N);
  private static final Pattern AT_LEAST =
      Pattern.compile(
          "(?:>= ?|from |at least |min )"
              + N
              + "|"
              + N
              + " ?(?:\\+|plus|대? ?이상|-$|(?:and|or) "
              + UP
              + ")");
  private static final Pattern ABOVE =
      Pattern.compile("(?:> ?|over |above |(?:more|older|greater) than )" + N + "|" + N + " ?초과");
  private static final Pattern AT_MOST =
      Pattern.compile(
          "(?:<= ?|up to |until |at most |max )"
              + N
              + "|"
              + N
              + " ?(?:이하|(?:and|or) "
              + DOWN
              + ")");
  private static final Pattern BELOW =
      Pattern.compile("(?:< ?|under |below |(?:less|younger|fewer) than )" + N + "|" + N + " ?미만");
  private static final Pattern DECADE = Pattern.compile("(?:the )?(\\d{0,2}0) ?(?:'?s|대)");
  private static final Pattern UNITS =
      Pattern.compile("(?<![a-z])(?:years?|yrs?|y/o|yo|y|ages?|aged|old)(?![a-z])\\.?|[세살]");

  private AgeText() {}

  /** Returns the first and last year of a range, or null. */
  static int[] range(String text) {
    String plain =
        UNITS
            .matcher(
                text.strip()
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[‐-―−~〜～]|\\.\\.+", "-")
                    .replace("≥", ">=")
                    .replace("≤", "<=")
                    .replaceAll("^[(\\[]\\s*(\\d+)\\s*[,;]\\s*(\\d+)\\s*[)\\]]$", "$1-$2")
                    .replaceAll("[()\\[\\]]", " ")
                    .replace('_', ' '))
            .replaceAll(" ")
            .replaceAll("\\s+", " ")
            .replaceAll(" ?- ?", "-")
            .replaceAll("(under|below|over|above|from|to)-", "$1 ")
            .replaceAll("-(to|and|or)-", " $1 ")
            .replaceAll("^(\\d+) (\\d+)$", "$1-$2")
            .strip();
    Matcher range = RANGE.matcher(plain);
    if (range.matches()) {
      return new int[] {years(range, 1), years(range, 2)};
    }
    Matcher decade = DECADE.matcher(plain);
    if (decade.matches()) {
      return new int[] {years(decade, 1), years(decade, 1) + 9};
    }
    int[] end = end(AT_LEAST, plain, 0, true);
    end = end == null ? end(ABOVE, plain, 1, true) : end;
    end = end == null ? end(AT_MOST, plain, 0, false) : end;
    end = end == null ? end(BELOW, plain, -1, false) : end;
    return end == null ? ofOne(plain) : end;
  }

  private static int[] end(Pattern pattern, String plain, int shift, boolean up) {
    Matcher matcher = pattern.matcher(plain);
    if (!matcher.matches()) {
      return null;
    }
    int bound = years(matcher, matcher.group(1) != null ? 1 : 2);
    return up ? new int[] {bound + shift, 150} : new int[] {0, bound + shift};
  }

  /** An age with its unit, for instance "34 years". */
  private static int[] ofOne(String plain) {
    OptionalInt years = decimalYears(plain);
    return years.isPresent() ? new int[] {years.getAsInt(), years.getAsInt()} : null;
  }

  private static int years(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  /** Returns whole years of a number such as 34, 34.0 or 34,5, from 0 to 150. */
  static OptionalInt decimalYears(String text) {
    String number = text.strip();
    int end = 0;
    while (end < number.length() && isDigit(number.charAt(end))) {
      end++;
    }
    if (end < number.length()) {
      char point = number.charAt(end);
      if (end == 0 || (point != '.' && point != ',')) {
        return OptionalInt.empty();
      }
      // "25,32" may be a range, so only one digit may follow a comma.
      if (point == ',' && number.length() != end + 2) {
        return OptionalInt.empty();
      }
      for (int i = end + 1; i < number.length(); i++) {
        if (!isDigit(number.charAt(i))) {
          return OptionalInt.empty();
        }
      }
    }
    return number(number.substring(0, end), 150);
  }

  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  /**
   * Returns a whole number without a decimal part of zeros, which programs write in columns with
   * missing values; other texts as they are, without blanks around them.
   */
  static String code(String text) {
    String number = text.strip();
    int point = number.indexOf('.');
    if (point > 0 && number.substring(point + 1).chars().allMatch(c -> c == '0')) {
      number = number.substring(0, point);
    }
    return number;
  }

  /** Returns a whole number from 0 to a greatest below 1000. */
  static OptionalInt number(String text, int greatest) {
    String digits = text.strip();
    if (digits.isEmpty() || digits.length() > 3) {
      return OptionalInt.empty();
    }
    int number = 0;
    for (int i = 0; i < digits.length(); i++) {
      if (!isDigit(digits.charAt(i))) {
        return OptionalInt.empty();
      }
      number = 10 * number + digits.charAt(i) - '0';
    }
    return number <= greatest ? OptionalInt.of(number) : OptionalInt.empty();
  }
}
