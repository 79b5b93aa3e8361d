package io.github.facemask.mixing;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/** Mixes the photos of a batch. Immutable and thread-safe. */
public interface Mixing {

  /**
   * Returns the mixing that draws one of several for each batch, with equal probability.
   *
   * @param mixings at least one
   */
  static Mixing oneOf(List<? extends Mixing> mixings) {
    return OneOf.of(mixings);
  }

  /**
   * Draws how one batch is mixed.
   *
   * @param seed the run's seed
   * @param epoch the epoch, from 0
   * @param batchIndex the number of the batch in its epoch, from 0; the same three numbers and the
   *     same targets give the same plan
   * @param height the photos' height in pixels
   * @param width the photos' width in pixels
   * @param targets (B, C) one distribution over the classes for each photo; not changed
   * @return the plan
   */
  Plan draw(long seed, int epoch, int batchIndex, int height, int width, float[][] targets);

  /** Returns the mixing's name and parameters for a run's record; plain JSON values. */
  Map<String, Object> parameters();

  /** How one batch is mixed, with all random parameters drawn: an immutable value. */
  sealed interface Plan {

    /**
     * Mixes a batch in place.
     *
     * @param pixels uint8 (B, H, W, 3) from index 0; position and limit are not used
     * @param height H
     * @param width W
     * @param targets (B, C), mixed by the same shares as the pixels
     */
    void applyTo(ByteBuffer pixels, int height, int width, float[][] targets);

    /**
     * Mixes the targets of a batch alone, as {@link #applyTo} does.
     *
     * @param height the photos' height in pixels
     * @param width the photos' width in pixels
     * @param targets (B, C), mixed in place
     */
    void applyToTargets(int height, int width, float[][] targets);

    /** Does not change a batch. */
    record Nothing() implements Plan {
      @Override
      public void applyTo(ByteBuffer pixels, int height, int width, float[][] targets) {}

      @Override
      public void applyToTargets(int height, int width, float[][] targets) {}
    }

    /**
     * Blends each photo with another of the batch.
     *
     * @param kept the share of itself that each photo keeps, in 256ths, 0 to 256; targets use the
     *     same share
     * @param donors (B) the index of the photo that each photo is blended with
     */
    record Blend(int kept, List<Integer> donors) implements Plan {

      /** The denominator of {@link #kept}. */
      public static final int WHOLE = 256;

      private static final VarHandle LONGS =
          MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
      private static final long EVEN = 0x00ff00ff00ff00ffL;
      private static final long HALVES = 0x0080008000800080L;

      /** Checks the share. */
      public Blend {
        check(kept >= 0 && kept <= WHOLE, "kept", kept, "0 to 256");
      }

      @Override
      public void applyTo(ByteBuffer pixels, int height, int width, float[][] targets) {
        if (kept < WHOLE) {
          DonorOrder.run(donors, new Blending(pixels, height * width * 3));
          applyToTargets(height, width, targets);
        }
      }

      @Override
      public void applyToTargets(int height, int width, float[][] targets) {
        if (kept < WHOLE) {
          TargetMix.apply(targets, donors, kept / (double) WHOLE);
        }
      }

      private final class Blending implements DonorOrder.Steps {

        private final ByteBuffer pixels;
        private final int photoBytes;
        private final byte[] aside;
        private final byte[] own;
        private final byte[] other;

        Blending(ByteBuffer pixels, int photoBytes) {
          this.pixels = pixels;
          this.photoBytes = photoBytes;
          this.aside = new byte[photoBytes];
          this.own = new byte[photoBytes];
          this.other = new byte[photoBytes];
        }

        @Override
        public void setAside(int photo) {
          pixels.get(photo * photoBytes, aside);
        }

        @Override
        public void take(int photo, int donor) {
          pixels.get(donor * photoBytes, other);
          blend(photo, other);
        }

        @Override
        public void takeAside(int photo) {
          blend(photo, aside);
        }

        private void blend(int photo, byte[] donor) {
          pixels.get(photo * photoBytes, own);
          blendInto(own, donor, kept, WHOLE - kept);
          pixels.put(photo * photoBytes, own);
        }
      }

      private static void blendInto(byte[] own, byte[] other, long ownShare, long otherShare) {
        int i = 0;
        // Eight values at once: each long is split into its even and odd bytes, in 16 bit lanes.
        for (; i + 8 <= own.length; i += 8) {
          long a = (long) LONGS.get(own, i);
          long b = (long) LONGS.get(other, i);
          long even = (a & EVEN) * ownShare + (b & EVEN) * otherShare + HALVES;
          long odd = ((a >>> 8) & EVEN) * ownShare + ((b >>> 8) & EVEN) * otherShare + HALVES;
          LONGS.set(own, i, ((even >>> 8) & EVEN) | (odd & ~EVEN));
        }
        for (; i < own.length; i++) {
          long sum = (own[i] & 0xff) * ownShare + (other[i] & 0xff) * otherShare;
          own[i] = (byte) ((sum + 128) >> 8);
        }
      }
    }

    /**
     * Replaces one rectangle of each photo by the same rectangle of another photo of the batch.
     * Targets are mixed by the rectangle's actual share of the area.
     *
     * @param top first row
     * @param left first column
     * @param bottom the row behind the last
     * @param right the column behind the last
     * @param donors (B) the index of the donor of each photo; its own index for none
     */
    record Paste(int top, int left, int bottom, int right, List<Integer> donors) implements Plan {

      /** Checks the rectangle. */
      public Paste {
        checkArgument(
            0 <= top && top <= bottom && 0 <= left && left <= right,
            "rectangle is rows %s to %s and columns %s to %s, expected 0 <= first <= end",
            top,
            bottom,
            left,
            right);
      }

      /**
       * Returns the share of the area that a photo keeps.
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
          applyToTargets(height, width, targets);
        }
      }

      @Override
      public void applyToTargets(int height, int width, float[][] targets) {
        if (top < bottom && left < right) {
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
  }
}
