package io.github.facemask.training;

/** The numbers that training computes with; weights and optimizer are float32 always. */
public enum Precision {
  /** All in float32. */
  FLOAT32,
  /** Convolutions and linear maps in bfloat16, norms and losses in float32. */
  BFLOAT16
}
