package io.github.facemask.image;

import java.io.IOException;

/** Thrown for a photo file that cannot be decoded; the message names the file and the reason. */
public final class UnreadablePhotoException extends IOException {

  private static final long serialVersionUID = 1L;

  private final String photo;
  private final String reason;

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
    super("cannot read photo '" + photo + "': " + reason, cause);
    this.photo = photo;
    this.reason = reason;
  }

  /** Returns the file, or the name given with the bytes. */
  public String photo() {
    return photo;
  }

  /** Returns what is wrong with it. */
  public String reason() {
    return reason;
  }
}
