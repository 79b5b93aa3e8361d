package io.github.facemask.internal.weights;

/**
 * Whether the running average of the weights is read from a training checkpoint that has one beside
 * the weights themselves.
 */
public enum Ema {
  /** The average, if there is one. */
  PREFERRED,
  /** The weights themselves. */
  IGNORED
}
