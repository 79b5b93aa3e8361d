package io.github.facemask.cli.options;

/** Texts for people, on one line and without characters that would steer a terminal. */
public final class OneLine {

  private static final int LONGEST = 5000;

  private OneLine() {}

  /**
   * Returns a message whose lines are joined. What a file says may be of any length, so it is cut.
   */
  public static String of(String message) {
    String line = String.valueOf(message).strip();
    line = line.length() > LONGEST ? line.substring(0, LONGEST) + " ..." : line;
    return escaped(line.replaceAll("\\s*\\R\\s*", "; "));
  }

  /** Returns the name of a file, whose line breaks and control characters are escaped. */
  public static String name(String name) {
    return escaped(name);
  }

  private static String escaped(String text) {
    if (text.codePoints().noneMatch(OneLine::isControl)) {
      return text;
    }
    StringBuilder shown = new StringBuilder();
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> shown.append("\\n");
                case '\r' -> shown.append("\\r");
                case '\t' -> shown.append("\\t");
                default -> {
                  if (isControl(c)) {
                    shown.append(String.format("\\u%04x", c));
                  } else {
                    shown.appendCodePoint(c);
                  }
                }
              }
            });
    return shown.toString();
  }

  /** Also the separators of lines, and what turns the direction of writing around. */
  private static boolean isControl(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      default ->
          (character >= 0x202a && character <= 0x202e)
              || (character >= 0x2066 && character <= 0x2069);
    };
  }
}
