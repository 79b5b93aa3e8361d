package io.github.facemask.internal.pickle;

import java.io.IOException;

/** A pickle that is malformed or needs something that this reader does not support. */
public final class PickleException extends IOException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message the found and the expected content, without the file's name
   */
  public PickleException(String message) {
    super(message);
  }

  /**
   * Prepares a text from a file for a message: quoted, at most 80 characters, without control
   * characters.
   *
   * @param text the text
   * @return the quoted text
   */
  public static String quote(String text) {
    String start = text.length() > 80 ? text.substring(0, 80) + "..." : text;
    StringBuilder safe = new StringBuilder("\"");
    start.chars().forEach(c -> safe.append(Character.isISOControl(c) ? '?' : (char) c));
    return safe.append('"').toString();
  }
}
