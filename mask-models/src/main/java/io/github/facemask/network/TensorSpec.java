package io.github.facemask.network;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * A tensor that a network has.
 *
 * @param name its name: within a layer the last part, within a network the dotted path
 * @param shape its shape
 * @param role what it does
 */
public record TensorSpec(String name, Shape shape, Role role) {

  /** Returns the data type: int64 for the batch count, else float32. */
  public DataType type() {
    return role == Role.BATCH_COUNT ? DataType.INT64 : DataType.FLOAT32;
  }

  TensorSpec under(String path) {
    return path.isEmpty() ? this : new TensorSpec(path + "." + name, shape, role);
  }

  /**
   * What a tensor does; decides how it is initialised, whether it is trained and whether it decays.
   */
  public enum Role {
    /** A convolution's weight. */
    WEIGHT,
    /** The weight of a convolution that sees one channel at a time. */
    DEPTHWISE_WEIGHT,
    /** The weight of a convolution that cuts a photo into patches. */
    PATCH_WEIGHT,
    /** A linear map's weight. */
    LINEAR_WEIGHT,
    /** The linear map that makes the logits. */
    HEAD_WEIGHT,
    BIAS,
    NORM_SCALE,
    /** The scale of the last norm of a residual branch, which starts at zero. */
    RESIDUAL_NORM_SCALE,
    NORM_SHIFT,
    /** What is added to attention for each relative position. */
    BIAS_TABLE,
    POSITION_EMBEDDING,
    CLASS_TOKEN,
    RUNNING_MEAN,
    RUNNING_VARIANCE,
    BATCH_COUNT;

    /** Returns whether training changes the tensor by its gradient. */
    public boolean isTrainable() {
      return switch (this) {
        case RUNNING_MEAN, RUNNING_VARIANCE, BATCH_COUNT -> false;
        default -> true;
      };
    }

    /** Returns whether weight decay applies; by custom not to norms, biases and embeddings. */
    public boolean decays() {
      return switch (this) {
        case WEIGHT, DEPTHWISE_WEIGHT, PATCH_WEIGHT, LINEAR_WEIGHT, HEAD_WEIGHT -> true;
        default -> false;
      };
    }
  }
}
