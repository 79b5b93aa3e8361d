package io.github.facemask.network;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Layer.Visitor;
import io.github.facemask.network.TensorSpec.Role;
import java.util.List;

/** Layers that make, rearrange and merge tokens. */
public final class TokenLayer {

  private TokenLayer() {}

  /**
   * Merges four neighbouring pixels into one (timm/models/swin_transformer.py): (B, H, W, C) to (B,
   * H/2, W/2, 4C), the left column first. An odd side is padded with zeros.
   *
   * @param name its part of the path
   * @param height H
   * @param width W
   * @param channels C
   */
  public record PatchMerging(String name, int height, int width, int channels) implements Layer {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * Makes tokens from patches (Dosovitskiy et al., "An image is worth 16x16 words", 2020): a class
   * token is prepended, and a position embedding is added to each token. From photos to (B, 1 +
   * patches, C).
   *
   * @param name its part of the path
   * @param patchEmbedding from photos to (B, patches, C)
   * @param rows the number of patches from top to bottom
   * @param columns the number of patches from left to right
   * @param features C
   */
  public record TokenEmbedding(
      String name, Sequential patchEmbedding, int rows, int columns, int features)
      implements Layer {

    /** Returns the number of patches. */
    public int patches() {
      return rows * columns;
    }

    @Override
    public List<TensorSpec> tensors() {
      return ImmutableList.of(
          new TensorSpec("cls_token", new Shape(1, 1, features), Role.CLASS_TOKEN),
          new TensorSpec(
              "pos_embed", new Shape(1, 1 + patches(), features), Role.POSITION_EMBEDDING));
    }

    @Override
    public List<Layer> children() {
      return ImmutableList.of(patchEmbedding);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * A rearrangement or selection of the same values.
   *
   * @param name its part of the path
   * @param kind the kind of rearrangement
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
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
