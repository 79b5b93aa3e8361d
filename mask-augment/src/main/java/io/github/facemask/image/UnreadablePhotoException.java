package io.github.facemask.image;

import io.github.facemask.problem.Problem;
import java.io.IOException;

/** Thrown for a photo file that cannot be decoded; the message names the file and the reason. */
public final class UnreadablePhotoException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String photo;
  private final Problem problem;
  private final boolean tooLarge;

  /**
   * Creates the exception.
   *
   * @param photo the file, or the name given with the bytes
   * @param reason what is wrong with it
   */
  public UnreadablePhotoException(String photo, String reason) {
    this(photo, reason, null);
  }

  UnreadablePhotoException(String photo, String reason, Throwable cause) {
    this(photo, Problem.saying(reason), false, cause);
  }

  UnreadablePhotoException(String photo, Problem problem, boolean tooLarge) {
    this(photo, problem, tooLarge, null);
  }

  private UnreadablePhotoException(
      String photo, Problem problem, boolean tooLarge, Throwable cause) {
    super("cannot read photo '" + photo + "': " + problem.message(), cause);
    this.photo = photo;
    this.problem = problem;
    this.tooLarge = tooLarge;
  }

  /** Returns the file, or the name given with the bytes. */
  public String photo() {
    return photo;
  }

  /** Returns what is wrong with it, and what to do, as one line. */
  public String reason() {
    return problem.message();
  }

  /** Returns what is wrong with it, as fields. */
  public Problem problem() {
    return problem;
  }

  /** Returns whether it has more pixels than the decoder's limit. */
  public boolean tooLarge() {
    return tooLarge;
  }
}
