package io.github.facemask.pickle;

/** Python's {@code None}. */
public enum PickleNone {
  /** The only one. */
  NONE
}
