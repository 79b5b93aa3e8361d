package io.github.facemask.network;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * A branch added to its input (He et al., 2015): {@code activation(body(x) + shortcut(x))}.
 *
 * @param name its part of the path
 * @param body the branch
 * @param shortcut what the input passes through; without children it is the identity
 * @param activation applied to the sum
 */
public record Residual(String name, Sequential body, Sequential shortcut, ActivationKind activation)
    implements Layer {

  @Override
  public List<Layer> children() {
    return ImmutableList.of(body, shortcut);
  }
}
