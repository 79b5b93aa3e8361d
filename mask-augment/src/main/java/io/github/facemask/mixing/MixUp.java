package io.github.facemask.mixing;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.errorprone.annotations.CheckReturnValue;
import io.github.facemask.random.RandomStream;
import java.util.Map;

/**
 * MixUp (Zhang et al., 2018): each photo is blended with its predecessor in the batch, and so are
 * the targets. The share is rounded to 256ths, for pixels and targets alike.
 */
public final class MixUp implements Mixing {

  private final double alpha;
  private final double probability;

  private MixUp(double alpha, double probability) {
    this.alpha = alpha;
    this.probability = probability;
  }

  /**
   * Makes the mixing; every batch is mixed.
   *
   * @param alpha the kept share is drawn from Beta(alpha, alpha); above 0
   * @return the mixing
   * @throws IllegalArgumentException if alpha is not above 0
   */
  public static MixUp alpha(double alpha) {
    check(alpha > 0 && Double.isFinite(alpha), "alpha", alpha, "a number above 0");
    return new MixUp(alpha, 1);
  }

  /**
   * Returns the same mixing for a share of the batches.
   *
   * @param share the probability that a batch is mixed, 0 to 1
   * @return the changed mixing
   */
  @CheckReturnValue
  public MixUp withProbability(double share) {
    return new MixUp(alpha, MixingDraws.checkedProbability(share));
  }

  @Override
  public Plan draw(long seed, int epoch, int batchIndex, int height, int width, float[][] targets) {
    RandomStream random = RandomStream.of(seed, "mixup", epoch, batchIndex);
    if (random.nextDouble() >= probability) {
      return new Plan.Nothing();
    }
    int kept = (int) Math.rint(MixingDraws.beta(random, alpha) * Plan.Blend.WHOLE);
    return new Plan.Blend(kept, MixingDraws.predecessors(targets.length));
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("name", "mixUp", "alpha", alpha, "probability", probability);
  }
}
