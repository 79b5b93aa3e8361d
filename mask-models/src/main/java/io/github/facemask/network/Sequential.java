package io.github.facemask.network;

import com.google.common.collect.ImmutableList;
import io.github.facemask.network.Layer.Visitor;
import java.util.List;

/**
 * A sequence of layers.
 *
 * @param name its part of the path
 * @param children the layers in order
 */
public record Sequential(String name, ImmutableList<Layer> children) implements Layer {

  /**
   * Makes a sequence.
   *
   * @param name its part of the path, empty to add none
   * @param children the layers in order
   * @return the layer
   */
  public static Sequential of(String name, Layer... children) {
    return new Sequential(name, ImmutableList.copyOf(children));
  }

  /**
   * Makes a sequence.
   *
   * @param name its part of the path, empty to add none
   * @param children the layers in order
   * @return the layer
   */
  public static Sequential of(String name, List<Layer> children) {
    return new Sequential(name, ImmutableList.copyOf(children));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
