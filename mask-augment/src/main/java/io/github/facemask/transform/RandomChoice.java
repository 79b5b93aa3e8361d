package io.github.facemask.transform;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Applies one of several transforms. */
final class RandomChoice implements PixelTransform {

  private final double probability;
  private final ImmutableList<PixelTransform> transforms;
  private final ImmutableList<Double> weights;
  private final double sum;

  RandomChoice(
      double probability, List<? extends PixelTransform> transforms, List<Double> weights) {
    checkArgument(!transforms.isEmpty(), "no transforms, expected at least one to choose from");
    this.probability = Draws.checkedProbability(probability);
    this.transforms = ImmutableList.copyOf(transforms);
    this.weights = ImmutableList.copyOf(weights);
    this.sum = weights.stream().mapToDouble(weight -> weight).sum();
    check(
        weights.size() == transforms.size(),
        "weights",
        weights,
        "one for each of " + transforms.size() + " transforms");
    check(
        weights.stream().allMatch(weight -> weight >= 0) && sum > 0 && Double.isFinite(sum),
        "weights",
        weights,
        "0 or more, and not all 0");
  }

  @Override
  public Sampled draw(RandomGenerator random, int height, int width) {
    boolean applies = Draws.chance(random, probability);
    double at = Draws.between(random, 0, sum);
    return applies ? chosen(at).draw(random, height, width) : Sampled.NONE;
  }

  private PixelTransform chosen(double at) {
    double end = 0;
    for (int i = 0; i < transforms.size(); i++) {
      end += weights.get(i);
      if (at < end) {
        return transforms.get(i);
      }
    }
    // Only rounding comes here.
    return Iterables.getLast(transforms);
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of(
        "name",
        "oneOf",
        "probability",
        probability,
        "transforms",
        transforms.stream().map(PhotoTransform::parameters).toList(),
        "weights",
        weights);
  }
}
