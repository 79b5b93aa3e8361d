package io.github.facemask.network;

import com.google.common.collect.ImmutableList;
import io.github.facemask.tensor.Shape;
import java.util.List;

/**
 * A linear map of the last dimension, with bias.
 *
 * @param name its part of the path
 * @param in input features
 * @param out output features
 * @param head whether it makes the logits, which are computed in float32
 */
public record Linear(String name, int in, int out, boolean head) implements Layer {

  @Override
  public List<TensorSpec> tensors() {
    return ImmutableList.of(
        new TensorSpec(
            "weight", Shape.of(out, in), head ? TensorRole.HEAD_WEIGHT : TensorRole.WEIGHT),
        new TensorSpec("bias", Shape.of(out), TensorRole.BIAS));
  }
}
