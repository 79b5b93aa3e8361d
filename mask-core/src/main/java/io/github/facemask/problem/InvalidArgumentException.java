package io.github.facemask.problem;

/**
 * Thrown for an invalid argument. Its fields have the parameter, the value and the expectation. Not
 * thread-safe, like every exception.
 */
public final class InvalidArgumentException extends IllegalArgumentException {

  private static final long serialVersionUID = 1;

  private final Problem problem;

  /**
   * Creates the exception.
   *
   * @param problem what is wrong; its line is the message
   */
  public InvalidArgumentException(Problem problem) {
    this(problem, null);
  }

  /**
   * Creates the exception with a cause.
   *
   * @param problem what is wrong; its line is the message
   * @param cause the cause; may be {@code null}
   */
  public InvalidArgumentException(Problem problem, Throwable cause) {
    super(problem.message(), cause);
    this.problem = problem;
  }

  /** Returns what is wrong, as fields. */
  public Problem problem() {
    return problem;
  }

  /**
   * Throws unless a condition holds.
   *
   * @param holds whether the value can be used
   * @param what the parameter's name in camel case
   * @param value what was given
   * @param expected what would be right
   * @throws InvalidArgumentException if it does not hold
   */
  public static void check(boolean holds, String what, Object value, String expected) {
    if (!holds) {
      throw new InvalidArgumentException(Problem.of(what, value, expected));
    }
  }

  /**
   * As {@link #check(boolean, String, Object, String)}, for whole numbers, which stay unboxed.
   *
   * @param holds whether the value can be used
   * @param what the parameter's name in camel case
   * @param value what was given
   * @param expected what would be right
   * @throws InvalidArgumentException if it does not hold
   */
  public static void check(boolean holds, String what, long value, String expected) {
    if (!holds) {
      throw new InvalidArgumentException(Problem.of(what, value, expected));
    }
  }

  /**
   * As {@link #check(boolean, String, Object, String)}, for numbers, which stay unboxed.
   *
   * @param holds whether the value can be used
   * @param what the parameter's name in camel case
   * @param value what was given
   * @param expected what would be right
   * @throws InvalidArgumentException if it does not hold
   */
  public static void check(boolean holds, String what, double value, String expected) {
    if (!holds) {
      throw new InvalidArgumentException(Problem.of(what, value, expected));
    }
  }

  /**
   * Throws unless a condition holds, with a remedy.
   *
   * @param holds whether the value can be used
   * @param what the parameter's name in camel case
   * @param value what was given; an empty text if nothing was
   * @param expected what would be right
   * @param remedy what a user of the library does about it
   * @throws InvalidArgumentException if it does not hold
   */
  public static void check(
      boolean holds, String what, Object value, String expected, String remedy) {
    if (!holds) {
      throw new InvalidArgumentException(Problem.of(what, value, expected).withRemedy(remedy));
    }
  }
}
