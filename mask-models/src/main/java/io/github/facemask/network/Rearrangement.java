package io.github.facemask.network;

/**
 * Another order or choice of the same numbers.
 *
 * @param name its part of the path
 * @param kind which
 */
public record Rearrangement(String name, Kind kind) implements Layer {

  /** The ways to rearrange features. */
  public enum Kind {
    /** (B, C, H, W) to (B, H * W, C). */
    IMAGE_TO_TOKENS,
    /** (B, C, H, W) to (B, H, W, C). */
    IMAGE_TO_CHANNELS_LAST,
    /** (B, N, C) to (B, C), the first token. */
    FIRST_TOKEN
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
