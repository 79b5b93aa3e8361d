package io.github.facemask.network;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Attention within windows, with a learned bias for each relative position (Liu et al., "Swin
 * transformer", 2021): (B, H, W, C) to the same. With a shift, the photo is rolled before and
 * rolled back after, and pixels that only the roll made neighbours do not see each other. Where
 * windows do not fit, the right and bottom are padded with zeros, which are cut off again.
 *
 * @param name its part of the path
 * @param features C
 * @param heads the number of heads, a divisor of C
 * @param grid sizes and shift of the windows
 */
public record WindowAttention(String name, int features, int heads, WindowGrid grid)
    implements Layer {

  /** Returns the map to queries, keys and values. */
  public Linear qkv() {
    return new Linear("qkv", features, 3 * features, false);
  }

  /** Returns the map after the attention. */
  public Linear projection() {
    return new Linear("proj", features, features, false);
  }

  @Override
  public List<TensorSpec> tensors() {
    return ImmutableList.of(
        new TensorSpec(
            "relative_position_bias_table",
            new Shape(grid.relativePositions(), heads),
            TensorRole.BIAS_TABLE));
  }

  @Override
  public List<Layer> children() {
    return ImmutableList.of(qkv(), projection());
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
