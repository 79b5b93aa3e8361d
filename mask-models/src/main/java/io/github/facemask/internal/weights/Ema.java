package io.github.facemask.internal.weights;

/** Whether the moving average of the weights is read from a training checkpoint that has one. */
public enum Ema {
  /** The average, if there is one. */
  PREFERRED,
  /** The weights themselves. */
  IGNORED
}
