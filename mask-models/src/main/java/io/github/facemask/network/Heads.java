package io.github.facemask.network;

import com.google.common.collect.ImmutableList;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.network.Layer.Visitor;
import java.util.Set;
import java.util.stream.Stream;

/** How a network's last linear layer gives the classes of the attributes that it answers. */
public enum Heads {
  /** One head: a logit for each class, 18 for all three attributes. */
  CLASSES,
  /**
   * A head for each attribute: logits for mask, gender and age, in this order, whose probabilities
   * are multiplied to those of the classes. A rare class then learns from all photos with its
   * attributes.
   */
  ATTRIBUTES,
  /**
   * As {@link #ATTRIBUTES}, but the head of the age is a distribution over the ages of 0 to 100
   * years. It learns from ages in years, and its groups are sums. Rothe et al., "DEX: deep
   * expectation of apparent age", 2015.
   */
  YEARS;

  /**
   * Returns the number of logits of each head.
   *
   * @param attributes the attributes that the network answers
   */
  public ImmutableList<Integer> sizes(Set<Attribute> attributes) {
    return this == CLASSES
        ? ImmutableList.of(FaceLabel.knowing(attributes).size())
        : Stream.of(Attribute.values())
            .filter(attributes::contains)
            .map(
                attribute ->
                    this == YEARS && attribute == Attribute.AGE
                        ? AgeGroup.YEARS
                        : attribute.valueNames().size())
            .collect(ImmutableList.toImmutableList());
  }

  /**
   * Returns the number of logits of all heads.
   *
   * @param attributes the attributes that the network answers
   */
  public int logits(Set<Attribute> attributes) {
    return sizes(attributes).stream().mapToInt(s -> s).sum();
  }

  /**
   * Converts the concatenated logits of several heads to the logarithm of their joint probability:
   * (B, sum of sizes) to (B, product of sizes), the last head varying fastest. Their softmax is the
   * product of the heads' own.
   *
   * @param name its part of the path
   * @param sizes the number of logits of each head
   * @param years whether the last head is over the ages of 0 to 100 years; it counts with its three
   *     age groups, and the expected age in years is one more column at the end
   */
  public record JointLogits(String name, ImmutableList<Integer> sizes, boolean years)
      implements Layer {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.visit(this);
    }
  }
}
