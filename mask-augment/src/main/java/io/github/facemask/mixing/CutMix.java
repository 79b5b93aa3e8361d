package io.github.facemask.mixing;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSortedSet;
import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.label.FaceClass;
import io.github.facemask.random.RandomStream;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * CutMix (Yun et al., 2019): a random rectangle of each photo is replaced by that of its
 * predecessor in the batch, drawn as in torchvision v2. Targets are mixed by the area of the
 * rectangle after clipping to the photo. All photos of a batch use the same rectangle.
 */
public final class CutMix implements Mixing {

  private final double alpha;
  private final double probability;
  private final ImmutableSet<Integer> donorClasses;

  private CutMix(double alpha, double probability, ImmutableSet<Integer> donorClasses) {
    this.alpha = alpha;
    this.probability = probability;
    this.donorClasses = donorClasses;
  }

  /**
   * Makes the mixing; every batch is mixed.
   *
   * @param alpha the kept share before clipping is drawn from Beta(alpha, alpha); above 0, 1 is
   *     uniform
   * @return the mixing
   * @throws IllegalArgumentException if alpha is not above 0
   */
  public static CutMix alpha(double alpha) {
    check(alpha > 0 && Double.isFinite(alpha), "alpha", alpha, "a number above 0");
    return new CutMix(alpha, 1, ImmutableSet.of());
  }

  /**
   * Returns the same mixing for a share of the batches.
   *
   * @param share the probability that a batch is mixed, 0 to 1
   * @return the changed mixing
   */
  @CheckReturnValue
  public CutMix withProbability(double share) {
    return new CutMix(alpha, MixingDraws.checkedProbability(share), donorClasses);
  }

  /**
   * Returns the same mixing with donors of some classes only, drawn from the batch; a batch without
   * any is not mixed.
   *
   * @param classes the classes of the donors, at least one
   * @return the changed mixing
   */
  @CheckReturnValue
  public CutMix withDonorClasses(Collection<FaceClass> classes) {
    checkArgument(!classes.isEmpty(), "no donor classes, expected at least one");
    return new CutMix(
        alpha,
        probability,
        classes.stream()
            .map(FaceClass::id)
            .collect(ImmutableSortedSet.toImmutableSortedSet(Integer::compare)));
  }

  @Override
  public Plan draw(long seed, int epoch, int batchIndex, int height, int width, float[][] targets) {
    RandomStream random = RandomStream.of(seed, "cutmix", epoch, batchIndex);
    if (random.nextDouble() >= probability) {
      return new Plan.Nothing();
    }
    double side = Math.sqrt(1 - MixingDraws.beta(random, alpha));
    int x = random.nextInt(width);
    int y = random.nextInt(height);
    int halfWidth = (int) (0.5 * side * width);
    int halfHeight = (int) (0.5 * side * height);
    List<Integer> donors =
        donorClasses.isEmpty()
            ? MixingDraws.predecessors(targets.length)
            : MixingDraws.donorsOf(donorClasses, targets, random);
    return new Plan.Paste(
        Math.max(0, y - halfHeight),
        Math.max(0, x - halfWidth),
        Math.min(height, y + halfHeight),
        Math.min(width, x + halfWidth),
        donors);
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of(
        "name",
        "cutMix",
        "alpha",
        alpha,
        "probability",
        probability,
        "donorClasses",
        List.copyOf(donorClasses));
  }
}
