package io.github.facemask.internal.pickle;

import java.io.IOException;

/** A pickle that is malformed or needs something that this reader does not support. */
public final class PickleException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String refused;
  private final boolean first;

  /**
   * Creates the exception.
   *
   * @param message the found and the expected content, without the file's name
   */
  public PickleException(String message) {
    this(message, "", false);
  }

  private PickleException(String message, String refused, boolean first) {
    super(message);
    this.refused = refused;
    this.first = first;
  }

  /** A class or function that is not allowed; {@code first} if the pickle begins with it. */
  static PickleException refusing(String name, boolean first) {
    return new PickleException(
        "names "
            + quote(name)
            + ", which is not one of the classes and functions that weights need; it was refused"
            + " and nothing was run",
        name,
        first);
  }

  /** Returns the class or function that was refused; empty if the problem is another. */
  public String refused() {
    return refused;
  }

  /** Returns whether the pickle begins with what was refused, so that it is one such object. */
  public boolean isFirst() {
    return first;
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
