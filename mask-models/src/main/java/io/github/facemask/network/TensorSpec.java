package io.github.facemask.network;

import io.github.facemask.tensor.ElementType;
import io.github.facemask.tensor.Shape;

/**
 * A tensor that a network has.
 *
 * @param name its name: within a layer the last part, within a network the dotted path
 * @param shape its shape
 * @param role what it does
 */
public record TensorSpec(String name, Shape shape, TensorRole role) {

  /** Returns the element type: int64 for the batch count, else float32. */
  public ElementType type() {
    return role == TensorRole.BATCH_COUNT ? ElementType.INT64 : ElementType.FLOAT32;
  }

  TensorSpec under(String path) {
    return path.isEmpty() ? this : new TensorSpec(path + "." + name, shape, role);
  }
}
