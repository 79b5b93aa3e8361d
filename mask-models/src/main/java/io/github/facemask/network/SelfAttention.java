package io.github.facemask.network;

import com.google.common.collect.ImmutableList;
import java.util.List;

/**
 * Attention of each token to all tokens (Vaswani et al., "Attention is all you need", 2017): (B, N,
 * C) to the same. Queries, keys and values come from one linear map.
 *
 * @param name its part of the path
 * @param features C
 * @param heads the number of heads, a divisor of C
 */
public record SelfAttention(String name, int features, int heads) implements Layer {

  /** Returns the map to queries, keys and values. */
  public Linear qkv() {
    return new Linear("qkv", features, 3 * features, false);
  }

  /** Returns the map after the attention. */
  public Linear projection() {
    return new Linear("proj", features, features, false);
  }

  @Override
  public List<Layer> children() {
    return ImmutableList.of(qkv(), projection());
  }

  @Override
  public <R> R accept(LayerVisitor<R> visitor) {
    return visitor.visit(this);
  }
}
