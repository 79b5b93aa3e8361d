package io.github.facemask.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Positive;
import org.junit.jupiter.api.Test;

class RandomStreamTest {

  @Property(tries = 200)
  void theSameNameGivesTheSameNumbers(@ForAll long seed, @ForAll long epoch, @ForAll long item) {
    RandomStream one = RandomStream.of(seed, "crop", epoch, item);
    RandomStream two = RandomStream.of(seed, "crop", epoch, item);
    for (int i = 0; i < 5; i++) {
      assertThat(one.nextLong()).isEqualTo(two.nextLong());
    }
  }

  @Test
  void eachPartOfANameCounts() {
    Set<Long> first = new HashSet<>();
    first.add(RandomStream.of(1, "a").nextLong());
    first.add(RandomStream.of(2, "a").nextLong());
    first.add(RandomStream.of(1, "b").nextLong());
    first.add(RandomStream.of(1, "a", 0).nextLong());
    first.add(RandomStream.of(1, "a", 1).nextLong());
    first.add(RandomStream.of(1, "a", 0, 0).nextLong());
    first.add(RandomStream.of(1, "a", 0, 1).nextLong());
    first.add(RandomStream.of(1, "a", 1, 0).nextLong());
    first.add(RandomStream.of(1, "ab").nextLong());
    first.add(RandomStream.of(1, "ba").nextLong());

    assertThat(first).hasSize(10);
  }

  @Test
  void neighbouringCoordinatesShareNoNumbers() {
    Set<Long> seen = new HashSet<>();
    for (int epoch = 0; epoch < 30; epoch++) {
      for (int item = 0; item < 30; item++) {
        RandomStream random = RandomStream.of(7, "noise", epoch, item);
        for (int i = 0; i < 10; i++) {
          seen.add(random.nextLong());
        }
      }
    }
    assertThat(seen).hasSize(9000);
  }

  @Property(tries = 200)
  void nextIntStaysBelowItsBound(@ForAll long seed, @ForAll @Positive int bound) {
    RandomStream random = RandomStream.of(seed, "test");
    for (int i = 0; i < 20; i++) {
      assertThat(random.nextInt(bound)).isBetween(0, bound - 1);
    }
  }

  @Test
  void nextIntReachesEveryValueEquallyOften() {
    RandomStream random = RandomStream.of(3, "test");
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[random.nextInt(7)]++;
    }
    double chiSquare = Arrays.stream(counts).mapToDouble(c -> (c - 1e4) * (c - 1e4) / 1e4).sum();
    // The 0.9999 quantile with 6 degrees of freedom.
    assertThat(chiSquare).isLessThan(27.9);
  }

  @Test
  void aBoundOfZeroIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RandomStream.of(1, "test").nextInt(0))
        .withMessageContaining("bound is 0");
  }

  @Test
  void allPermutationsAreEquallyLikely() {
    RandomStream random = RandomStream.of(5, "test");
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 48_000; i++) {
      int[] values = {0, 1, 2, 3};
      random.shuffle(values);
      counts.merge(Arrays.toString(values), 1, Integer::sum);
    }

    assertThat(counts).hasSize(24);
    double chiSquare =
        counts.values().stream().mapToDouble(c -> (c - 2000.0) * (c - 2000.0) / 2000).sum();
    // The 0.9999 quantile with 23 degrees of freedom.
    assertThat(chiSquare).isLessThan(54.9);
  }

  @Property(tries = 100)
  void shufflingKeepsTheValues(@ForAll long seed, @ForAll @IntRange(max = 60) int size) {
    int[] values = new int[size];
    Arrays.setAll(values, i -> i);
    RandomStream.of(seed, "test").shuffle(values);

    Arrays.sort(values);
    for (int i = 0; i < size; i++) {
      assertThat(values[i]).isEqualTo(i);
    }
  }
}
