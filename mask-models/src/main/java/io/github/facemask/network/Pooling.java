package io.github.facemask.network;

import io.github.facemask.network.Layer.Visitor;

/** Layers that take one value of several pixels. */
public final class Pooling {

  private Pooling() {}

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
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * The mean over the pixels: (B, C, H, W), or (B, H, W, C), to (B, C).
   *
   * @param name its part of the path
   * @param channelsLast whether the features are (B, H, W, C)
   */
  public record GlobalAveragePool(String name, boolean channelsLast) implements Layer {

    /**
     * The mean of features (B, C, H, W).
     *
     * @param name its part of the path
     */
    public GlobalAveragePool(String name) {
      this(name, false);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
