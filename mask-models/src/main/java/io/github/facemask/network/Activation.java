package io.github.facemask.network;

/**
 * A function of each element.
 *
 * @param name its part of the path
 * @param kind which function
 */
public record Activation(String name, ActivationKind kind) implements Layer {

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
