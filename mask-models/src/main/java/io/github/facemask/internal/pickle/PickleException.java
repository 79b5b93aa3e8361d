package io.github.facemask.internal.pickle;

import java.io.IOException;

/** A pickle that is malformed, or asks for what this reader does not do. */
public final class PickleException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes one.
   *
   * @param message what was found and what was expected, without the file's name
   */
  public PickleException(String message) {
    super(message);
  }

  /**
   * Makes a text from a file fit for a message: quoted, at most 80 characters, none that moves the
   * cursor.
   *
   * @param text the text as it was found
   * @return the quoted text
   */
  public static String quote(String text) {
    String start = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    StringBuilder safe = new StringBuilder("\"");
    start.chars().forEach(c -> safe.append(Character.isISOControl(c) ? '?' : (char) c));
    return safe.append('"').toString();
  }
}
