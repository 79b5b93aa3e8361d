package io.github.facemask.network;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.facemask.network.TensorSpec.Role;
import java.util.List;

/**
 * Normalisation of each photo over (H, W) and a group of channels (Wu and He, "Group
 * normalization", 2018).
 *
 * @param name its part of the path
 * @param groups the number of groups
 * @param channels the number of channels, a multiple of the groups
 * @param eps added to the variance
 */
public record GroupNorm(String name, int groups, int channels, double eps) implements Layer {

  @Override
  public List<TensorSpec> tensors() {
    return ImmutableList.of(
        new TensorSpec("weight", new Shape(channels), Role.NORM_SCALE),
        new TensorSpec("bias", new Shape(channels), Role.NORM_SHIFT));
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
