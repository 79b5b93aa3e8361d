package io.github.facemask.problem;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Thrown for a file or folder with invalid content. Its fields have the file, the line and the
 * expectation. A file that is missing or cannot be opened gives the JDK's {@link
 * java.nio.file.FileSystemException} instead. Not thread-safe, like every exception.
 */
public final class InvalidFileException extends IOException {

  private static final long serialVersionUID = 1;

  private final transient Path file;
  private final long line;
  private final Problem problem;

  /**
   * Creates the exception for a whole file or folder.
   *
   * @param file the file or folder
   * @param problem what is wrong
   */
  public InvalidFileException(Path file, Problem problem) {
    this(file, 0, problem, null);
  }

  /**
   * Creates the exception for a whole file or folder, with a cause.
   *
   * @param file the file or folder
   * @param problem what is wrong
   * @param cause the cause; may be {@code null}
   */
  public InvalidFileException(Path file, Problem problem, Throwable cause) {
    this(file, 0, problem, cause);
  }

  /**
   * Creates the exception.
   *
   * @param file the file or folder
   * @param line the line, from 1, or 0 if it is not about a line
   * @param problem what is wrong
   * @param cause the cause; may be {@code null}
   */
  public InvalidFileException(Path file, long line, Problem problem, Throwable cause) {
    super(file + (line > 0 ? ":" + line : "") + ": " + problem.message(), cause);
    this.file = file;
    this.line = line;
    this.problem = problem;
  }

  /**
   * Returns the exception for a file as a whole.
   *
   * @param file the file or folder
   * @param clause the problem after the name of the file, for instance "is not JSON"
   * @param expected what would be right; may be empty
   */
  public static InvalidFileException of(Path file, String clause, String expected) {
    return new InvalidFileException(file, Problem.saying(clause).withExpected(expected));
  }

  /**
   * Returns the exception for a file with an invalid value.
   *
   * @param file the file
   * @param line the line, from 1, or 0 if it is not about a line
   * @param e the exception of the value, whose fields are kept if it has any
   */
  public static InvalidFileException of(Path file, long line, IllegalArgumentException e) {
    return new InvalidFileException(file, line, problemOf(e), e);
  }

  private static Problem problemOf(IllegalArgumentException e) {
    return e instanceof InvalidArgumentException invalid
        ? invalid.problem()
        : Problem.saying(String.valueOf(e.getMessage()));
  }

  /** Returns the file or folder; {@code null} after serialization. */
  public Path file() {
    return file;
  }

  /** Returns the line, from 1, if it is about one. */
  public OptionalLong line() {
    return line > 0 ? OptionalLong.of(line) : OptionalLong.empty();
  }

  /** Returns what is wrong, as fields. */
  public Problem problem() {
    return problem;
  }
}
