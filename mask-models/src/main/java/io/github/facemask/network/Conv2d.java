package io.github.facemask.network;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Layer.Visitor;
import io.github.facemask.network.TensorSpec.Role;
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
 * @param groups the number of channel groups
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

  /**
   * A convolution of single pixels, with bias.
   *
   * @param name its part of the path
   * @param in input channels
   * @param out output channels
   * @return the layer
   */
  public static Conv2d ofPixels(String name, int in, int out) {
    return new Conv2d(name, in, out, 1, 1, 0, 1, true);
  }

  /** Returns the same convolution with a bias. */
  public Conv2d withBias() {
    return new Conv2d(name, in, out, kernel, stride, padding, groups, true);
  }

  /**
   * Returns the same convolution with another kernel and padding.
   *
   * @param newKernel side of the kernel in pixels
   * @param newPadding zeros on each side in pixels
   */
  public Conv2d withKernel(int newKernel, int newPadding) {
    return new Conv2d(name, in, out, newKernel, stride, newPadding, groups, bias);
  }

  @Override
  public List<TensorSpec> tensors() {
    TensorSpec weight =
        new TensorSpec("weight", new Shape(out, in / groups, kernel, kernel), weightRole());
    return bias
        ? ImmutableList.of(weight, new TensorSpec("bias", new Shape(out), Role.BIAS))
        : ImmutableList.of(weight);
  }

  private Role weightRole() {
    if (groups > 1 && groups == out) {
      return Role.DEPTHWISE_WEIGHT;
    }
    // Adjacent windows without overlap are patches: a linear layer on pixels.
    return kernel > 1 && kernel == stride ? Role.PATCH_WEIGHT : Role.WEIGHT;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }

  /**
   * TensorFlow's "SAME" padding: pads (B, C, H, W) so that a window without padding gives ceil(H /
   * stride) x ceil(W / stride). If the padding is odd, the right and bottom are wider. The padding
   * depends on the size of the input.
   *
   * @param name its part of the path
   * @param kernel side of the windows that follow
   * @param stride step of the windows that follow
   * @param value the padding value
   */
  public record SamePadding(String name, int kernel, int stride, double value) implements Layer {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

  /**
   * A convolution whose kernels are standardized to mean 0 and variance 1 (Qiao et al., "Weight
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

    /** Returns the plain convolution that computes the same with standardized kernels. */
    public Conv2d plain() {
      return new Conv2d(name, in, out, kernel, stride, padding, 1, false);
    }

    @Override
    public List<TensorSpec> tensors() {
      return ImmutableList.of(
          new TensorSpec("weight", new Shape(out, in, kernel, kernel), Role.WEIGHT));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
