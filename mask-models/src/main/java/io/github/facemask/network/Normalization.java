package io.github.facemask.network;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Layer.Visitor;
import io.github.facemask.network.TensorSpec.Role;
import java.util.List;

/** Layers that normalize features. */
public final class Normalization {

  private Normalization() {}

  /**
   * Batch normalisation (Ioffe and Szegedy, 2015) over (B, H, W): by the batch's statistics in
   * training, otherwise by the running statistics.
   *
   * @param name its part of the path
   * @param channels the number of channels
   * @param eps added to the variance
   * @param momentum the share of the batch's statistics in the update of the running statistics
   * @param startsAtZero whether the scale starts at zero, as the last norm of a residual branch
   *     does
   */
  public record BatchNorm2d(
      String name, int channels, double eps, double momentum, boolean startsAtZero)
      implements Layer {

    /**
     * A norm with PyTorch's defaults: eps 1e-5, momentum 0.1.
     *
     * @param name its part of the path
     * @param channels the number of channels
     * @return the layer
     */
    public static BatchNorm2d of(String name, int channels) {
      return new BatchNorm2d(name, channels, 1e-5, 0.1, false);
    }

    /**
     * A norm with the eps of networks from TensorFlow, 1e-3.
     *
     * @param name its part of the path
     * @param channels the number of channels
     * @return the layer
     */
    public static BatchNorm2d ofTensorFlow(String name, int channels) {
      return new BatchNorm2d(name, channels, 1e-3, 0.1, false);
    }

    /** Returns the same norm whose scale starts at zero. */
    public BatchNorm2d startingAtZero() {
      return new BatchNorm2d(name, channels, eps, momentum, true);
    }

    @Override
    public List<TensorSpec> tensors() {
      Shape each = new Shape(channels);
      Role scale = startsAtZero ? Role.RESIDUAL_NORM_SCALE : Role.NORM_SCALE;
      return ImmutableList.of(
          new TensorSpec("weight", each, scale),
          new TensorSpec("bias", each, Role.NORM_SHIFT),
          new TensorSpec("running_mean", each, Role.RUNNING_MEAN),
          new TensorSpec("running_var", each, Role.RUNNING_VARIANCE),
          new TensorSpec("num_batches_tracked", new Shape(), Role.BATCH_COUNT));
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

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
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }

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
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
