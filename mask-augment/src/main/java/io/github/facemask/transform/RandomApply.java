package io.github.facemask.transform;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Applies several transforms in order, all or none. */
final class RandomApply implements PixelTransform {

  private final double probability;
  private final ImmutableList<PixelTransform> transforms;

  RandomApply(double probability, List<? extends PixelTransform> transforms) {
    checkArgument(!transforms.isEmpty(), "no transforms, expected at least one to apply");
    this.probability = Draws.checkedProbability(probability);
    this.transforms = ImmutableList.copyOf(transforms);
  }

  @Override
  public Sampled draw(RandomGenerator random, int height, int width) {
    if (!Draws.chance(random, probability)) {
      return Sampled.NONE;
    }
    if (transforms.size() == 1) {
      return transforms.get(0).draw(random, height, width);
    }
    ImmutableList.Builder<Sampled> steps = ImmutableList.builder();
    for (PixelTransform transform : transforms) {
      steps.add(transform.draw(random, height, width));
    }
    return new RandAugment.Drawn(steps.build());
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of(
        "name",
        "randomApply",
        "probability",
        probability,
        "transforms",
        transforms.stream().map(PhotoTransform::parameters).toList());
  }
}
