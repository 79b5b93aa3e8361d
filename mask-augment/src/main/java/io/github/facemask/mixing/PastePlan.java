package io.github.facemask.mixing;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.ImmutableIntArray;
import java.nio.ByteBuffer;

/**
 * Replaces one rectangle of each photo by the same rectangle of another photo of the batch. Targets
 * are mixed by the rectangle's true share of the area.
 *
 * @param top first row
 * @param left first column
 * @param bottom the row behind the last
 * @param right the column behind the last
 * @param donors (B) whose rectangle each photo takes; its own number for none
 */
public record PastePlan(int top, int left, int bottom, int right, ImmutableIntArray donors)
    implements MixingPlan {

  /** Checks the rectangle. */
  public PastePlan {
    checkArgument(
        0 <= top && top <= bottom && 0 <= left && left <= right,
        "rectangle is rows %s to %s and columns %s to %s, expected 0 <= first <= end",
        top,
        bottom,
        left,
        right);
  }

  /**
   * Returns the share of its area that a photo keeps.
   *
   * @param height the photos' height in pixels
   * @param width the photos' width in pixels
   * @return 0 to 1
   */
  public double kept(int height, int width) {
    return 1 - (double) (bottom - top) * (right - left) / ((double) height * width);
  }

  @Override
  public void applyTo(ByteBuffer pixels, int height, int width, float[][] targets) {
    checkArgument(
        bottom <= height && right <= width,
        "rectangle ends at row %s and column %s, expected within %s x %s",
        bottom,
        right,
        height,
        width);
    if (top < bottom && left < right) {
      DonorOrder.run(donors, new Rectangles(pixels, height, width));
      TargetMix.apply(targets, donors, kept(height, width));
    }
  }

  private final class Rectangles implements DonorOrder.Steps {

    private final ByteBuffer pixels;
    private final int photoBytes;
    private final int rowBytes;
    private final int offset;
    private final int length;
    private final byte[] aside;

    Rectangles(ByteBuffer pixels, int height, int width) {
      this.pixels = pixels;
      this.rowBytes = width * 3;
      this.photoBytes = height * rowBytes;
      this.offset = top * rowBytes + left * 3;
      this.length = (right - left) * 3;
      this.aside = new byte[(bottom - top) * length];
    }

    @Override
    public void setAside(int photo) {
      for (int row = 0; row < bottom - top; row++) {
        pixels.get(start(photo, row), aside, row * length, length);
      }
    }

    @Override
    public void take(int photo, int donor) {
      for (int row = 0; row < bottom - top; row++) {
        pixels.put(start(photo, row), pixels, start(donor, row), length);
      }
    }

    @Override
    public void takeAside(int photo) {
      for (int row = 0; row < bottom - top; row++) {
        pixels.put(start(photo, row), aside, row * length, length);
      }
    }

    private int start(int photo, int row) {
      return photo * photoBytes + offset + row * rowBytes;
    }
  }
}
