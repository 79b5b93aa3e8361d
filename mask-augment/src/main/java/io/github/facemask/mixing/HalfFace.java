package io.github.facemask.mixing;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.label.FaceClass;
import io.github.facemask.random.RandomStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Replaces half of each photo, on a side drawn for the batch, by the same half of a donor. Targets
 * are mixed by the share of the area: one half, except for odd sizes. Faces must be centred.
 */
public final class HalfFace implements Mixing {

  /** The half that is replaced. */
  public enum Side {
    LEFT,
    RIGHT,
    UPPER,
    LOWER
  }

  private final ImmutableList<Side> sides;
  private final double probability;
  private final ImmutableSet<Integer> donorClasses;

  private HalfFace(
      ImmutableList<Side> sides, double probability, ImmutableSet<Integer> donorClasses) {
    this.sides = sides;
    this.probability = probability;
    this.donorClasses = donorClasses;
  }

  /**
   * Makes the mixing; every batch is mixed.
   *
   * @param first a side that may be replaced
   * @param others further ones; each is drawn equally often
   * @return the mixing
   */
  public static HalfFace of(Side first, Side... others) {
    return new HalfFace(
        ImmutableList.<Side>builder().add(first).add(others).build(), 1, ImmutableSet.of());
  }

  /** Returns the mixing of left and right halves. */
  public static HalfFace leftOrRight() {
    return of(Side.LEFT, Side.RIGHT);
  }

  /**
   * Returns the same mixing for a share of the batches.
   *
   * @param share the probability that a batch is mixed, 0 to 1
   * @return the changed mixing
   */
  @CheckReturnValue
  public HalfFace withProbability(double share) {
    return new HalfFace(sides, MixingDraws.checkedProbability(share), donorClasses);
  }

  /**
   * Returns the same mixing with donors of some classes only, drawn from the batch; a batch without
   * any is not mixed.
   *
   * @param classes the classes of the donors, at least one
   * @return the changed mixing
   */
  @CheckReturnValue
  public HalfFace withDonorClasses(Collection<FaceClass> classes) {
    checkArgument(!classes.isEmpty(), "no donor classes, expected at least one");
    return new HalfFace(
        sides,
        probability,
        classes.stream()
            .map(FaceClass::id)
            .collect(ImmutableSortedSet.toImmutableSortedSet(Integer::compare)));
  }

  @Override
  public Plan draw(long seed, int epoch, int batchIndex, int height, int width, float[][] targets) {
    RandomStream random = RandomStream.of(seed, "half face", epoch, batchIndex);
    if (random.nextDouble() >= probability) {
      return new Plan.Nothing();
    }
    Side side = sides.get(random.nextInt(sides.size()));
    List<Integer> donors =
        donorClasses.isEmpty()
            ? MixingDraws.predecessors(targets.length)
            : MixingDraws.donorsOf(donorClasses, targets, random);
    return switch (side) {
      case LEFT -> new Plan.Paste(0, 0, height, width / 2, donors);
      case RIGHT -> new Plan.Paste(0, width - width / 2, height, width, donors);
      case UPPER -> new Plan.Paste(0, 0, height / 2, width, donors);
      case LOWER -> new Plan.Paste(height - height / 2, 0, height, width, donors);
    };
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of(
        "name",
        "halfFace",
        "sides",
        sides.stream().map(Side::name).toList(),
        "probability",
        probability,
        "donorClasses",
        List.copyOf(donorClasses));
  }
}
