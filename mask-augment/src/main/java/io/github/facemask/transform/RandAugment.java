package io.github.facemask.transform;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import io.github.facemask.image.Pixels;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Applies random operations, all of the same strength (Cubuk et al., "RandAugment", 2019;
 * operations and ranges are torchvision's).
 */
public final class RandAugment implements PixelTransform {

  static final int BINS = 31;

  private final int operations;
  private final int magnitude;

  private RandAugment(int operations, int magnitude) {
    this.operations = operations;
    this.magnitude = magnitude;
  }

  /**
   * Makes the transform.
   *
   * @param operations the number of operations, 1 to 10; 2 is usual
   * @param magnitude their strength, 0 to 30; 9 is usual
   * @return the transform
   * @throws IllegalArgumentException if a number is out of range
   */
  public static RandAugment of(int operations, int magnitude) {
    check(operations >= 1 && operations <= 10, "operations", operations, "1 to 10");
    check(magnitude >= 0 && magnitude < BINS, "magnitude", magnitude, "0 to 30");
    return new RandAugment(operations, magnitude);
  }

  @Override
  public Sampled draw(RandomGenerator random, int height, int width) {
    AugmentOperation[] all = AugmentOperation.values();
    Sampled[] drawn = new Sampled[operations];
    for (int i = 0; i < operations; i++) {
      AugmentOperation operation = all[random.nextInt(all.length)];
      drawn[i] =
          operation.effect(
              operation.magnitude(
                  magnitude, BINS, random.nextBoolean(), reach(operation, height, width)));
    }
    return new Drawn(ImmutableList.copyOf(drawn));
  }

  static AugmentOperation.Reach reach(AugmentOperation operation, int height, int width) {
    double side = operation == AugmentOperation.TRANSLATE_Y ? height : width;
    return new AugmentOperation.Reach(0.3, 150.0 / 331 * side, 30, 0.9, 8, 4);
  }

  /**
   * The drawn change.
   *
   * @param steps the operations, in order
   */
  public record Drawn(ImmutableList<Sampled> steps) implements Sampled {

    @Override
    public Pixels applyTo(Pixels photo) {
      Pixels result = photo;
      for (Sampled step : steps) {
        result = step.applyTo(result);
      }
      return result;
    }

    @Override
    public String words() {
      return steps.stream().map(Sampled::words).collect(Collectors.joining("; "));
    }
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("name", "randAugment", "operations", operations, "magnitude", magnitude);
  }
}
