package io.github.facemask.lab.inspection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class HammingIndexTest {

  @Property(tries = 100)
  void thePairsAreThoseOfComparingAllWithAll(
      @ForAll long seed, @ForAll @IntRange(max = 300) int count) {
    Random random = new Random(seed);
    long[] hashes = new long[count];
    long centre = random.nextLong();
    for (int i = 0; i < count; i++) {
      // Half of them lie around one hash, at distances around the radius.
      hashes[i] = i % 2 == 0 ? random.nextLong() : centre;
      for (int flips = random.nextInt(8); i % 2 == 1 && flips > 0; flips--) {
        hashes[i] ^= 1L << random.nextInt(Long.SIZE);
      }
    }
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      for (int k = i + 1; k < count; k++) {
        if (Long.bitCount(hashes[i] ^ hashes[k]) <= HammingIndex.RADIUS) {
          expected.add(i + " " + k);
        }
      }
    }

    HammingIndex index = new HammingIndex(hashes);
    List<String> found = new ArrayList<>();
    HammingIndex.tasks().forEach(task -> index.close(task, (i, k) -> found.add(i + " " + k)));

    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
  }
}
