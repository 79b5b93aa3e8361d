package io.github.facemask.network;

import com.google.common.collect.ImmutableList;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.network.Layer.Visitor;

/** How a network's last linear layer gives the 18 classes. */
public enum Heads {
  /** One head: a logit for each class. */
  CLASSES(ImmutableList.of(FaceClass.COUNT)),
  /**
   * Three heads: logits for mask, gender and age, in this order, whose probabilities are multiplied
   * to those of the classes. A rare class then learns from all photos with its attributes.
   */
  ATTRIBUTES(
      ImmutableList.of(
          MaskState.values().length, Gender.values().length, AgeGroup.values().length));

  private final ImmutableList<Integer> sizes;

  Heads(ImmutableList<Integer> sizes) {
    this.sizes = sizes;
  }

  /** Returns the number of logits of each head. */
  public ImmutableList<Integer> sizes() {
    return sizes;
  }

  /** Returns the number of logits of all heads. */
  public int logits() {
    return sizes.stream().mapToInt(s -> s).sum();
  }

  /**
   * Converts the concatenated logits of several heads to the logarithm of their joint probability:
   * (B, sum of sizes) to (B, product of sizes), the last head varying fastest. Their softmax is the
   * product of the heads' own.
   *
   * @param name its part of the path
   * @param sizes the number of logits of each head, at least two heads
   */
  public record JointLogits(String name, ImmutableList<Integer> sizes) implements Layer {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
