package io.github.facemask.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.github.facemask.tensor.HostTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Damaged files: an IOException or weights, soon, and no more memory than the file explains. */
class WeightMutationTest {

  private static final List<String> FILES =
      List.of(
          "state_dict.safetensors",
          "state_dict.pth",
          "state_dict_legacy.pth",
          "training_checkpoint.pth",
          "lightning.ckpt",
          "timm_train.pth.tar",
          "hostile_reduce.pth",
          "hostile_truncated.pth",
          "hostile_header_len.safetensors",
          "hostile_json.safetensors",
          "hostile_negative.safetensors",
          "hostile_overlap.safetensors",
          "hostile_size.safetensors",
          "hostile_truncated.safetensors");

  private static final long[] NUMBERS = {
    0, 1, -1, 0x7f, 0x80, 0xffff, 0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL, Long.MAX_VALUE, 1L << 62
  };

  /** What a reader may allocate for any file, beside a multiple of the file's size. */
  private static final long FLOOR = 32 << 10;

  private static final long FACTOR = 32;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private int refused;
  private double largestFactor;
  private long largestAllocation;
  private long longestMillis;

  @Test
  void fiveThousandDamagedFiles() {
    run(5_000, 1);
  }

  @Test
  @Tag("slow")
  void aHundredThousandDamagedFiles() {
    run(100_000, 2);
  }

  private void run(int files, long seed) {
    Random random = new Random(seed);
    List<byte[]> originals = FILES.stream().map(Interop::bytes).toList();
    loadClasses(originals);
    for (int i = 0; i < files; i++) {
      int which = i % FILES.size();
      byte[] mutated = mutate(originals.get(which), random);
      read("seed " + seed + ", file " + i + " from " + FILES.get(which), mutated);
    }
    System.out.printf(
        "%d damaged files, %d refusals, largest allocation %d KiB, %.1f times the size beyond %d"
            + " KiB, slowest %d ms%n",
        files, refused, largestAllocation >> 10, largestFactor, FLOOR >> 10, longestMillis);
    // Most damage hits something, but not all of it: the mutations must not be all too coarse.
    assertThat(refused).isBetween(files / 2, files - files / 100);
    assertThat(longestMillis).isLessThan(5_000);
  }

  /** What the first reads allocate is the virtual machine's own. */
  private static void loadClasses(List<byte[]> originals) {
    for (byte[] original : originals) {
      try {
        Interop.read("f", original, Ema.PREFERRED);
      } catch (IOException hostile) {
        assertThat(hostile).hasMessageStartingWith("f: ");
      }
    }
  }

  private void read(String what, byte[] file) {
    long start = System.nanoTime();
    long allocated = allocation(what, file);
    longestMillis = Math.max(longestMillis, (System.nanoTime() - start) / 1_000_000);
    if (allocated > FLOOR) {
      // A message that is made for the first time makes the virtual machine load classes for it.
      int counted = refused;
      allocated = Math.min(allocated, allocation(what, file));
      refused = counted;
    }
    double factor = Math.max(0, allocated - FLOOR) / (double) Math.max(1, file.length);
    largestFactor = Math.max(largestFactor, factor);
    largestAllocation = Math.max(largestAllocation, allocated);
    assertThat(allocated).as(what).isLessThanOrEqualTo(FLOOR + FACTOR * file.length);
  }

  private long allocation(String what, byte[] file) {
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    try {
      Weights weights = Interop.read("f", file, Ema.PREFERRED);
      long allocated = threads.getThreadAllocatedBytes(thread) - before;
      checkReadable(weights);
      return allocated;
    } catch (IOException expected) {
      long allocated = threads.getThreadAllocatedBytes(thread) - before;
      assertThat(expected).as(what).hasMessageStartingWith("f: ");
      refused++;
      return allocated;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new AssertionError(what, e);
    }
  }

  private static void checkReadable(Weights weights) {
    for (HostTensor tensor : weights.tensors().values()) {
      assertThat(tensor.toDoubles()).hasSize((int) tensor.shape().size());
    }
  }

  private static byte[] mutate(byte[] original, Random random) {
    byte[] bytes = original.clone();
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < times && bytes.length > 0; i++) {
      bytes = mutateOnce(bytes, random);
    }
    return bytes;
  }

  private static byte[] mutateOnce(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    int length = 1 + random.nextInt(Math.min(32, bytes.length - at));
    switch (random.nextInt(8)) {
      case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> bytes[at] = (byte) random.nextInt(256);
      case 3 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 4 -> {
        byte[] inserted = new byte[length];
        random.nextBytes(inserted);
        return splice(bytes, at, 0, inserted);
      }
      case 5 -> {
        return splice(bytes, at, length, new byte[0]);
      }
      case 6 -> {
        byte[] copied = Arrays.copyOfRange(bytes, at, at + length);
        return splice(bytes, random.nextInt(bytes.length), 0, copied);
      }
      default -> overwriteNumber(bytes, at, random);
    }
    return bytes;
  }

  private static void overwriteNumber(byte[] bytes, int at, Random random) {
    long number = NUMBERS[random.nextInt(NUMBERS.length)];
    byte[] little = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    int width = Math.min(1 << random.nextInt(4), bytes.length - at);
    System.arraycopy(little, 0, bytes, at, width);
  }

  private static byte[] splice(byte[] bytes, int at, int removed, byte[] inserted) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, at);
    out.writeBytes(inserted);
    out.write(bytes, at + removed, bytes.length - at - removed);
    return out.toByteArray();
  }
}
