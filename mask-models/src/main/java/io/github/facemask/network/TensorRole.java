package io.github.facemask.network;

/** What a tensor does; decides how it starts, whether it learns and whether it decays. */
public enum TensorRole {
  /** A convolution's or linear map's weight. */
  WEIGHT,
  /** The linear map that makes the logits. */
  HEAD_WEIGHT,
  BIAS,
  NORM_SCALE,
  /** The scale of the last norm of a residual branch, which starts at zero. */
  RESIDUAL_NORM_SCALE,
  NORM_SHIFT,
  RUNNING_MEAN,
  RUNNING_VARIANCE,
  BATCH_COUNT;

  /** Returns whether training changes the tensor by its gradient. */
  public boolean learns() {
    return switch (this) {
      case RUNNING_MEAN, RUNNING_VARIANCE, BATCH_COUNT -> false;
      default -> true;
    };
  }

  /** Returns whether weight decay applies; by custom not to norms and biases. */
  public boolean decays() {
    return this == WEIGHT || this == HEAD_WEIGHT;
  }
}
