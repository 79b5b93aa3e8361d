package io.github.facemask.transform;

import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Applies one random operation with a random strength (Müller and Hutter, "TrivialAugment", 2021;
 * the wide ranges, as in torchvision).
 */
public final class TrivialAugment implements PixelTransform {

  static final AugmentOperation.Reach WIDE = new AugmentOperation.Reach(0.99, 32, 135, 0.99, 8, 6);
  private static final int BINS = 31;

  private TrivialAugment() {}

  /** Returns the transform with torchvision's wide ranges. */
  public static TrivialAugment wide() {
    return new TrivialAugment();
  }

  @Override
  public Sampled draw(RandomGenerator random, int height, int width) {
    AugmentOperation[] all = AugmentOperation.values();
    AugmentOperation operation = all[random.nextInt(all.length)];
    int bin = random.nextInt(BINS);
    return operation.effect(operation.magnitude(bin, BINS, random.nextBoolean(), WIDE));
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("name", "trivialAugmentWide");
  }
}
