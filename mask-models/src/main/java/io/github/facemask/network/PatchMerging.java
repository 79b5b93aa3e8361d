package io.github.facemask.network;

/**
 * Puts four neighbouring pixels into one (timm/models/swin_transformer.py): (B, H, W, C) to (B,
 * H/2, W/2, 4C), the left column first. An odd side is padded with zeros.
 *
 * @param name its part of the path
 * @param height H
 * @param width W
 * @param channels C
 */
public record PatchMerging(String name, int height, int width, int channels) implements Layer {

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
