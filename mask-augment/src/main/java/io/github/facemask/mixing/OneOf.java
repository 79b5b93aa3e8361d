package io.github.facemask.mixing;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import io.github.facemask.random.RandomStream;
import java.util.List;
import java.util.Map;

/** Draws one of several mixings for each batch, with equal probability. */
final class OneOf implements Mixing {

  private final ImmutableList<Mixing> mixings;

  private OneOf(ImmutableList<Mixing> mixings) {
    this.mixings = mixings;
  }

  /**
   * Makes the mixing.
   *
   * @param mixings the mixings to draw from, at least one
   * @return the mixing
   */
  public static OneOf of(List<? extends Mixing> mixings) {
    checkArgument(!mixings.isEmpty(), "no mixings, expected at least one to choose from");
    return new OneOf(ImmutableList.copyOf(mixings));
  }

  @Override
  public Plan draw(long seed, int epoch, int batchIndex, int height, int width, float[][] targets) {
    int choice = RandomStream.of(seed, "mixing choice", epoch, batchIndex).nextInt(mixings.size());
    return mixings.get(choice).draw(seed, epoch, batchIndex, height, width, targets);
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("name", "oneOf", "mixings", mixings.stream().map(Mixing::parameters).toList());
  }
}
