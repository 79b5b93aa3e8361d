package io.github.facemask.mixing;

import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.primitives.ImmutableIntArray;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Blends each photo with another of the batch.
 *
 * @param kept how much of itself each photo keeps, in 256ths, 0 to 256; targets use the same share
 * @param donors (B) with whom each photo is blended
 */
public record BlendPlan(int kept, ImmutableIntArray donors) implements MixingPlan {

  /** The denominator of {@link #kept}. */
  public static final int WHOLE = 256;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EVEN = 0x00ff00ff00ff00ffL;
  private static final long HALVES = 0x0080008000800080L;

  /** Checks the share. */
  public BlendPlan {
    check(kept >= 0 && kept <= WHOLE, "kept", kept, "0 to 256");
  }

  @Override
  public void applyTo(ByteBuffer pixels, int height, int width, float[][] targets) {
    if (kept < WHOLE) {
      DonorOrder.run(donors, new Blend(pixels, height * width * 3));
      TargetMix.apply(targets, donors, kept / (double) WHOLE);
    }
  }

  private final class Blend implements DonorOrder.Steps {

    private final ByteBuffer pixels;
    private final int photoBytes;
    private final byte[] aside;
    private final byte[] own;
    private final byte[] other;

    Blend(ByteBuffer pixels, int photoBytes) {
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
