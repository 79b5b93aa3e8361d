package io.github.facemask.transform;

import io.github.facemask.image.Pixels;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Mirrors a photo left to right with a probability. */
public final class HorizontalFlip implements PixelTransform {

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final double probability;

  private HorizontalFlip(double probability) {
    this.probability = Draws.checkedProbability(probability);
  }

  /** Returns the transform with probability 0.5. */
  public static HorizontalFlip half() {
    return new HorizontalFlip(0.5);
  }

  /**
   * Returns the transform with a probability.
   *
   * @param probability the probability that a photo is mirrored, 0 to 1
   * @return the transform
   */
  public static HorizontalFlip of(double probability) {
    return new HorizontalFlip(probability);
  }

  @Override
  public Sampled draw(RandomGenerator random, int height, int width) {
    return Draws.chance(random, probability) ? new Mirrored() : Sampled.NONE;
  }

  /** The drawn change. */
  public record Mirrored() implements Sampled {

    @Override
    public Pixels applyTo(Pixels photo) {
      return mirrored(photo);
    }

    @Override
    public String words() {
      return "mirrored";
    }
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
    int start = 0;
    for (; start < from.length - row; start += row) {
      // Four bytes for three: the fourth is overwritten by the next pixel.
      for (int x = 0, at = start + row - 3; x < row; x += 3, at -= 3) {
        INTS.set(to, start + x, (int) INTS.get(from, at));
      }
    }
    for (int x = 0, at = start + row - 3; x < row; x += 3, at -= 3) {
      to[start + x] = from[at];
      to[start + x + 1] = from[at + 1];
      to[start + x + 2] = from[at + 2];
    }
    return Pixels.wrap(photo.height(), photo.width(), to);
  }

  @Override
  public Map<String, Object> parameters() {
    return Map.of("name", "horizontalFlip", "probability", probability);
  }
}
