package io.github.facemask.network;

import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Activation.Kind;
import io.github.facemask.network.Layer.Visitor;
import java.util.List;

/**
 * A residual block (He et al., 2015): {@code activation(body(x) + shortcut(x))}.
 *
 * @param name its part of the path
 * @param body the branch
 * @param shortcut the shortcut of the input; without children it is the identity
 * @param activation applied to the sum
 * @param shortcutFirst whether timm lists the shortcut's tensors before the branch's
 */
public record Residual(
    String name, Sequential body, Sequential shortcut, Kind activation, boolean shortcutFirst)
    implements Layer {

  /**
   * A block whose branch tensors come before the shortcut's.
   *
   * @param name its part of the path
   * @param body the branch
   * @param shortcut the shortcut of the input
   * @param activation applied to the sum
   */
  public Residual(String name, Sequential body, Sequential shortcut, Kind activation) {
    this(name, body, shortcut, activation, false);
  }

  /**
   * A block with an identity shortcut.
   *
   * @param name its part of the path
   * @param body the layers of the branch
   * @return the layer
   */
  public static Residual of(String name, Layer... body) {
    return new Residual(name, Sequential.of("", body), Sequential.of(""), Kind.IDENTITY, false);
  }

  @Override
  public List<Layer> children() {
    return shortcutFirst ? ImmutableList.of(shortcut, body) : ImmutableList.of(body, shortcut);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
