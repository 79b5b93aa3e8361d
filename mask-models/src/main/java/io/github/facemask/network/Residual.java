package io.github.facemask.network;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.CheckReturnValue;
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
 * @param dropPath the branch's share of the rate of stochastic depth, 0 to 1: timm's linear rule
 *     gives 0 to the first block and 1 to the last; 0 for a branch that is never dropped
 */
public record Residual(
    String name,
    Sequential body,
    Sequential shortcut,
    Kind activation,
    boolean shortcutFirst,
    double dropPath)
    implements Layer {

  /** Checks the share. */
  public Residual {
    check(dropPath >= 0 && dropPath <= 1, "dropPath", dropPath, "0 to 1");
  }

  /**
   * A block whose branch tensors come before the shortcut's.
   *
   * @param name its part of the path
   * @param body the branch
   * @param shortcut the shortcut of the input
   * @param activation applied to the sum
   */
  public Residual(String name, Sequential body, Sequential shortcut, Kind activation) {
    this(name, body, shortcut, activation, false, 0);
  }

  /**
   * A block with an identity shortcut.
   *
   * @param name its part of the path
   * @param body the layers of the branch
   * @return the layer
   */
  public static Residual of(String name, Layer... body) {
    return new Residual(name, Sequential.of("", body), Sequential.of(""), Kind.IDENTITY, false, 0);
  }

  /**
   * Returns the block with a share of the rate of stochastic depth (Huang et al., 2016).
   *
   * @param share 0 to 1
   * @return the changed block
   */
  @CheckReturnValue
  public Residual withDropPath(double share) {
    return new Residual(name, body, shortcut, activation, shortcutFirst, share);
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
