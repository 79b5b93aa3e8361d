package io.github.facemask.network;

import io.github.facemask.network.Layer.Visitor;

/**
 * An elementwise activation function.
 *
 * @param name its part of the path
 * @param kind the function
 */
public record Activation(String name, Kind kind) implements Layer {

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  /** The activation functions. */
  public enum Kind {
    IDENTITY,
    RELU,
    /** x * sigmoid(x), also called swish (Ramachandran et al., 2017). */
    SILU,
    /**
     * x times the cumulative normal distribution function of x, computed exactly (Hendrycks and
     * Gimpel, 2016).
     */
    GELU
  }
}
