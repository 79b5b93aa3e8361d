package io.github.facemask.label;

/** How a mask is worn; the order is the competition's. */
public enum MaskState {
  WORN,
  WORN_WRONGLY,
  NOT_WORN
}
