package io.github.facemask.internal.pickle;

/** Python's {@code None}. */
public enum PickleNone {
  /** The only instance. */
  NONE
}
