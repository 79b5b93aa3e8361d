package io.github.facemask.network;

import io.github.facemask.network.Layer.Visitor;

/** Pooling layers. */
public final class Pooling {

  private Pooling() {}

  /**
   * Max pooling.
   *
   * @param name its part of the path
   * @param kernel side of the window in pixels
   * @param stride step in pixels
   * @param padding padding in pixels, ignored by the maximum
   */
  public record MaxPool2d(String name, int kernel, int stride, int padding) implements Layer {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Global average pooling: (B, C, H, W), or (B, H, W, C), to (B, C).
   *
   * @param name its part of the path
   * @param channelsLast whether the features are (B, H, W, C)
   */
  public record GlobalAveragePool(String name, boolean channelsLast) implements Layer {

    /**
     * Global average pooling of features (B, C, H, W).
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
