package io.github.facemask.network;

import com.google.common.collect.ImmutableList;

/**
 * Logits of several heads, side by side, to the logarithm of their joint probability: (B, sum of
 * sizes) to (B, product of sizes), the last head varying fastest. Their softmax is the product of
 * the heads' own.
 *
 * @param name its part of the path
 * @param sizes the number of logits of each head, at least two heads
 */
public record JointLogits(String name, ImmutableList<Integer> sizes) implements Layer {

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
