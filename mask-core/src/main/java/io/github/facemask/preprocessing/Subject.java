package io.github.facemask.preprocessing;

/** Which part of a photo a network was trained on, and must be shown again. */
public enum Subject {
  /** The photo as it is. */
  WHOLE_PHOTO,
  /** The main face with margins, found before anything else; the photo's centre where none is. */
  FACE
}
