package io.github.facemask.lab.inspection;

import java.util.stream.IntStream;

/**
 * Finds the 64-bit hashes within {@value #RADIUS} bits of each other: multi-index hashing (Norouzi,
 * Punjani and Fleet, "Fast search in Hamming space with multi-index hashing", 2012). Of two such
 * hashes, one of the four parts of 16 bits differs in at most two bits, so only hashes with such a
 * part are compared. Thread-safe.
 */
final class HammingIndex {

  /** The largest number of bits that differ. */
  static final int RADIUS = 8;

  private static final int PARTS = 4;
  private static final int BITS = Long.SIZE / PARTS;
  private static final int VALUES = 1 << BITS;
  private static final int PART_RADIUS = RADIUS / PARTS;
  private static final int[] MASKS = masks();

  private final long[][] hashes = new long[PARTS][];
  private final int[][] positions = new int[PARTS][];
  private final int[][] starts = new int[PARTS][];

  /**
   * Indexes hashes.
   *
   * @param all the hashes
   */
  HammingIndex(long[] all) {
    for (int part = 0; part < PARTS; part++) {
      int[] start = new int[VALUES + 1];
      for (long hash : all) {
        start[part(hash, part) + 1]++;
      }
      for (int value = 0; value < VALUES; value++) {
        start[value + 1] += start[value];
      }
      int[] next = start.clone();
      // Sorted by the value of the part, the hashes to compare lie beside each other in memory.
      long[] sorted = new long[all.length];
      int[] position = new int[all.length];
      for (int i = 0; i < all.length; i++) {
        int at = next[part(all[i], part)]++;
        sorted[at] = all[i];
        position[at] = i;
      }
      starts[part] = start;
      hashes[part] = sorted;
      positions[part] = position;
    }
  }

  /** Receives the positions of two close hashes, the lower one first. */
  interface Pairs {
    void accept(int first, int second);
  }

  /** Returns the tasks whose pairs together are all pairs; they can run at the same time. */
  static IntStream tasks() {
    return IntStream.range(0, VALUES);
  }

  /**
   * Gives the pairs of a task. No two tasks give the same pair.
   *
   * @param task one of {@link #tasks}
   * @param found receives each pair once, in no order
   */
  void close(int task, Pairs found) {
    for (int part = 0; part < PARTS; part++) {
      int from = starts[part][task];
      int to = starts[part][task + 1];
      for (int mask : MASKS) {
        int other = task ^ mask;
        if (from < to && other >= task) {
          for (int one = from; one < to; one++) {
            int begin = mask == 0 ? one + 1 : starts[part][other];
            compare(part, one, begin, starts[part][other + 1], found);
          }
        }
      }
    }
  }

  private void compare(int part, int one, int from, int to, Pairs found) {
    long hash = hashes[part][one];
    for (int n = from; n < to; n++) {
      long differing = hash ^ hashes[part][n];
      if (Long.bitCount(differing) <= RADIUS && firstClosePart(differing) == part) {
        int a = positions[part][one];
        int b = positions[part][n];
        found.accept(Math.min(a, b), Math.max(a, b));
      }
    }
  }

  /** The part by which a pair is found first. */
  private static int firstClosePart(long differing) {
    int part = 0;
    while (Integer.bitCount(part(differing, part)) > PART_RADIUS) {
      part++;
    }
    return part;
  }

  private static int part(long hash, int part) {
    return (int) (hash >>> (part * BITS)) & (VALUES - 1);
  }

  /** All numbers of one part with at most as many bits as a close part may differ in. */
  private static int[] masks() {
    return IntStream.range(0, VALUES)
        .filter(mask -> Integer.bitCount(mask) <= PART_RADIUS)
        .toArray();
  }
}
