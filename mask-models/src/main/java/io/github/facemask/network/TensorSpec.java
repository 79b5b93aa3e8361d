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
public record TensorSpec(String name, Shape shape, TensorRole role) {

  /** Returns the data type: int64 for the batch count, else float32. */
  public DataType type() {
    return role == TensorRole.BATCH_COUNT ? DataType.INT64 : DataType.FLOAT32;
  }

  TensorSpec under(String path) {
    return path.isEmpty() ? this : new TensorSpec(path + "." + name, shape, role);
  }
}
