package io.github.facemask.transform;

import io.github.facemask.image.Pixels;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Mirrors a photo left to right with a probability. */
public final class HorizontalFlip implements Adjustment {

  private final double probability;

  private HorizontalFlip(double probability) {
    this.probability = Draws.checkedProbability(probability);
  }

  /** Returns the transform that mirrors every second photo on average. */
  public static HorizontalFlip half() {
    return new HorizontalFlip(0.5);
  }

  /**
   * Returns the transform with a probability.
   *
   * @param probability how often photos are mirrored, 0 to 1
   * @return the transform
   */
  public static HorizontalFlip of(double probability) {
    return new HorizontalFlip(probability);
  }

  @Override
  public Effect draw(RandomGenerator random, int height, int width) {
    return Draws.chance(random, probability) ? HorizontalFlip::mirrored : Effect.NONE;
  }

  /**
   * Mirrors a photo left to right.
   *
   * @param photo the photo
   * @return its mirror image
   */
  public static Pixels mirrored(Pixels photo) {
    byte[] from = photo.array();
    byte[] to = new byte[from.length];
    int row = photo.width() * Pixels.CHANNELS;
    for (int start = 0; start < from.length; start += row) {
      for (int x = 0, at = start + row - 3; x < row; x += 3, at -= 3) {
        to[at] = from[start + x];
        to[at + 1] = from[start + x + 1];
        to[at + 2] = from[start + x + 2];
      }
    }
    return Pixels.wrap(photo.height(), photo.width(), to);
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("name", "horizontalFlip", "probability", probability);
  }
}
