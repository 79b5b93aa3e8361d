package io.github.facemask.network;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * A tensor of a network.
 *
 * @param name its name: within a layer the last part, within a network the dotted path
 * @param shape its shape
 * @param role its role
 */
public record TensorSpec(String name, Shape shape, Role role) {

  /** Returns the data type: int64 for the batch count, otherwise float32. */
  public DataType type() {
    return role == Role.BATCH_COUNT ? DataType.INT64 : DataType.FLOAT32;
  }

  TensorSpec under(String path) {
    return path.isEmpty() ? this : new TensorSpec(path + "." + name, shape, role);
  }

  /**
   * The role of a tensor. It determines the initialisation, whether the tensor is trained and
   * whether weight decay applies.
   */
  public enum Role {
    /** A convolution's weight. */
    WEIGHT,
    /** The weight of a depthwise convolution. */
    DEPTHWISE_WEIGHT,
    /** The weight of a convolution that embeds patches. */
    PATCH_WEIGHT,
    /** A linear layer's weight. */
    LINEAR_WEIGHT,
    /** The weight of the linear layer that computes the logits. */
    HEAD_WEIGHT,
    BIAS,
    NORM_SCALE,
    /** The scale of the last norm of a residual branch, which starts at zero. */
    RESIDUAL_NORM_SCALE,
    NORM_SHIFT,
    /** The attention bias for each relative position. */
    BIAS_TABLE,
    POSITION_EMBEDDING,
    CLASS_TOKEN,
    RUNNING_MEAN,
    RUNNING_VARIANCE,
    BATCH_COUNT;

    /** Returns whether the tensor is trained by its gradient. */
    public boolean isTrainable() {
      return switch (this) {
        case RUNNING_MEAN, RUNNING_VARIANCE, BATCH_COUNT -> false;
        default -> true;
      };
    }

    /** Returns whether weight decay applies; as usual not for norms, biases and embeddings. */
    public boolean decays() {
      return switch (this) {
        case WEIGHT, DEPTHWISE_WEIGHT, PATCH_WEIGHT, LINEAR_WEIGHT, HEAD_WEIGHT -> true;
        default -> false;
      };
    }
  }
}
