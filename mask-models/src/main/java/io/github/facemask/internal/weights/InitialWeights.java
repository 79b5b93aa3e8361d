package io.github.facemask.internal.weights;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.tensor.HostTensor;
import java.util.Map;

/**
 * The weights that a training starts from.
 *
 * @param tensors all tensors of the network by name
 * @param told where they are from and what fitted, for the run's record; plain JSON values
 */
public record InitialWeights(
    ImmutableMap<String, HostTensor> tensors, ImmutableMap<String, Object> told) {

  /** Copies the maps. */
  public InitialWeights(Map<String, HostTensor> tensors, Map<String, Object> told) {
    this(ImmutableMap.copyOf(tensors), ImmutableMap.copyOf(told));
  }
}
