package io.github.facemask.network;

/**
 * The maximum over windows.
 *
 * @param name its part of the path
 * @param kernel side of the window in pixels
 * @param stride step in pixels
 * @param padding border in pixels that never wins
 */
public record MaxPool2d(String name, int kernel, int stride, int padding) implements Layer {

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
