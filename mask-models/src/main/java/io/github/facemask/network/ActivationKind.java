package io.github.facemask.network;

/** The functions that are applied to each element. */
public enum ActivationKind {
  IDENTITY,
  RELU,
  /** x * sigmoid(x), also called swish (Ramachandran et al., 2017). */
  SILU,
  /**
   * x times the normal distribution function of x, computed exactly (Hendrycks and Gimpel, 2016).
   */
  GELU
}
