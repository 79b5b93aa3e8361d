package io.github.facemask.network;

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
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
