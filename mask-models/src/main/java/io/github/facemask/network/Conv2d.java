package io.github.facemask.network;

import com.google.common.collect.ImmutableList;
import io.github.facemask.tensor.Shape;
import java.util.List;

/**
 * A convolution: (B, in, H, W) to (B, out, H', W'), square kernel, zero padding.
 *
 * @param name its part of the path
 * @param in input channels
 * @param out output channels
 * @param kernel side of the kernel in pixels
 * @param stride step in pixels
 * @param padding zeros on each side in pixels
 * @param groups groups of channels that see each other
 * @param bias whether a bias is added
 */
public record Conv2d(
    String name, int in, int out, int kernel, int stride, int padding, int groups, boolean bias)
    implements Layer {

  /**
   * A convolution without bias or groups that keeps the size at stride 1 (padding kernel / 2).
   *
   * @param name its part of the path
   * @param in input channels
   * @param out output channels
   * @param kernel side of the kernel, odd
   * @param stride step in pixels
   * @return the layer
   */
  public static Conv2d of(String name, int in, int out, int kernel, int stride) {
    return new Conv2d(name, in, out, kernel, stride, kernel / 2, 1, false);
  }

  @Override
  public List<TensorSpec> tensors() {
    TensorSpec weight =
        new TensorSpec("weight", Shape.of(out, in / groups, kernel, kernel), TensorRole.WEIGHT);
    return bias
        ? ImmutableList.of(weight, new TensorSpec("bias", Shape.of(out), TensorRole.BIAS))
        : ImmutableList.of(weight);
  }
}
