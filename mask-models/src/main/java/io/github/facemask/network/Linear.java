package io.github.facemask.network;

import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Layer.Visitor;
import io.github.facemask.network.TensorSpec.Role;
import java.util.List;

/**
 * A linear layer over the last dimension.
 *
 * @param name its part of the path
 * @param in input features
 * @param out output features
 * @param head whether it makes the logits, which are computed in float32
 * @param bias whether a bias is added
 */
public record Linear(String name, int in, int out, boolean head, boolean bias) implements Layer {

  /**
   * A linear layer with bias.
   *
   * @param name its part of the path
   * @param in input features
   * @param out output features
   * @param head whether it makes the logits
   */
  public Linear(String name, int in, int out, boolean head) {
    this(name, in, out, head, true);
  }

  @Override
  public List<TensorSpec> tensors() {
    Role role = head ? Role.HEAD_WEIGHT : Role.LINEAR_WEIGHT;
    TensorSpec weight = new TensorSpec("weight", new Shape(out, in), role);
    return bias
        ? ImmutableList.of(weight, new TensorSpec("bias", new Shape(out), Role.BIAS))
        : ImmutableList.of(weight);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
