package io.github.facemask.network;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.facemask.network.TensorSpec.Role;
import java.util.List;

/**
 * A convolution whose kernels are brought to mean 0 and variance 1 first (Qiao et al., "Weight
 * standardization", 2019): (B, in, H, W) to (B, out, H', W'), without bias.
 *
 * @param name its part of the path
 * @param in input channels
 * @param out output channels
 * @param kernel side of the kernel in pixels
 * @param stride step in pixels
 * @param padding zeros on each side in pixels
 * @param eps added to the variance
 */
public record StandardizedConv2d(
    String name, int in, int out, int kernel, int stride, int padding, double eps)
    implements Layer {

  /** Returns the plain convolution that computes the same with kernels standardized before. */
  public Conv2d plain() {
    return new Conv2d(name, in, out, kernel, stride, padding, 1, false);
  }

  @Override
  public List<TensorSpec> tensors() {
    return ImmutableList.of(
        new TensorSpec("weight", new Shape(out, in, kernel, kernel), Role.WEIGHT));
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
