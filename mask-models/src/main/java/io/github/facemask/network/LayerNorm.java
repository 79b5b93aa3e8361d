package io.github.facemask.network;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.facemask.network.TensorSpec.Role;
import java.util.List;

/**
 * Normalisation over the last dimension (Ba et al., "Layer normalization", 2016): (..., C) to the
 * same.
 *
 * @param name its part of the path
 * @param features size of the last dimension
 * @param eps added to the variance
 */
public record LayerNorm(String name, int features, double eps) implements Layer {

  @Override
  public List<TensorSpec> tensors() {
    return ImmutableList.of(
        new TensorSpec("weight", new Shape(features), Role.NORM_SCALE),
        new TensorSpec("bias", new Shape(features), Role.NORM_SHIFT));
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
