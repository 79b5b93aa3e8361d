package io.github.facemask.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Photos;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.random.RandomStream;
import io.github.facemask.sampling.WeightedSampler.PhotoWeights;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplersTest {

  private static final PhotoSet PHOTOS = Photos.people(20, 15, 3, 27, 30, 4);

  /** The 0.9999 quantile of chi-square with 17 degrees of freedom. */
  private static final double CHI_SQUARE_17 = 46.0;

  static List<PhotoSampler> samplers() {
    return List.of(
        PhotoSampler.shuffled(),
        WeightedSampler.inverseFrequency(),
        WeightedSampler.squareRoot(),
        WeightedSampler.effectiveNumber(0.99),
        WeightedSampler.inverseFrequency().withoutReplacement().withPhotosPerEpoch(200),
        PhotoSampler.balancedBatches(32),
        PhotoSampler.oversampling(2.5, AgeGroup.FROM_60),
        PhotoSampler.capped(3));
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void theSameSeedAndEpochGiveTheSameOrderAndOthersAnother(PhotoSampler sampler) {
    int[] order = sampler.epochOrder(PHOTOS, 5, 2);

    assertThat(order)
        .isEqualTo(sampler.epochOrder(PHOTOS, 5, 2))
        .isNotEqualTo(sampler.epochOrder(PHOTOS, 5, 3))
        .isNotEqualTo(sampler.epochOrder(PHOTOS, 6, 2))
        .hasSize(sampler.photosPerEpoch(PHOTOS));
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void drawnCountsAreThoseExpected(PhotoSampler sampler) {
    int epochs = 60;
    double[] expected = sampler.expectedLabelCounts(PHOTOS);
    double[] drawn = new double[FaceClass.COUNT];
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int index : sampler.epochOrder(PHOTOS, 1, epoch)) {
        drawn[PHOTOS.get(index).label().id()]++;
      }
    }

    double chiSquare = 0;
    for (int id = 0; id < FaceClass.COUNT; id++) {
      double mean = epochs * expected[id];
      chiSquare += (drawn[id] - mean) * (drawn[id] - mean) / mean;
    }
    assertThat(chiSquare).isLessThan(CHI_SQUARE_17);
    assertThat(Arrays.stream(expected).sum())
        .isCloseTo(sampler.photosPerEpoch(PHOTOS), within(1e-6));
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void parametersNameTheSamplerInPlainValues(PhotoSampler sampler) {
    assertThat(sampler.parameters()).containsKey("name");
    assertThat(sampler.parameters().values())
        .allMatch(
            v ->
                v instanceof String
                    || v instanceof Number
                    || v instanceof Boolean
                    || v instanceof List);
  }

  @Property(tries = 30)
  void shufflingShowsEachPhotoOnce(@ForAll long seed, @ForAll @IntRange(max = 100) int epoch) {
    assertThat(PhotoSampler.shuffled().epochOrder(PHOTOS, seed, epoch))
        .containsExactlyInAnyOrder(IntStream.range(0, PHOTOS.size()).toArray());
  }

  @Test
  void inverseFrequencyShowsAllClassesEquallyOften() {
    SamplingBalance balance =
        SamplingBalance.of(
            WeightedSampler.inverseFrequency().withPhotosPerEpoch(18_000), PHOTOS, 3, 0);

    for (int id = 0; id < FaceClass.COUNT; id++) {
      assertThat(balance.expected().get(id)).isCloseTo(1000, within(1e-9));
      // Five standard deviations of a binomial draw.
      assertThat((double) balance.drawn().get(id)).isCloseTo(1000, within(155.0));
    }
    assertThat(balance.people().get(2)).isEqualTo(3);
    assertThat(balance.distinctPeople()).isEqualTo(99);
  }

  @Property(tries = 30)
  void withoutReplacementNoPhotoComesTwice(@ForAll long seed) {
    int[] order =
        WeightedSampler.squareRoot()
            .withoutReplacement()
            .withPhotosPerEpoch(400)
            .epochOrder(PHOTOS, seed, 0);

    assertThat(order).hasSize(400).doesNotHaveDuplicates();
  }

  @Test
  void aPhotoOfWeightZeroIsNeverDrawn() {
    PhotoWeights weights =
        PhotoWeights.of(PHOTOS, p -> p.label().mask().orElseThrow() == MaskState.NOT_WORN ? 2 : 0);
    WeightedSampler sampler = WeightedSampler.of(weights).withPhotosPerEpoch(20_000);

    Set<Integer> drawn = new HashSet<>();
    for (int index : sampler.epochOrder(PHOTOS, 1, 0)) {
      drawn.add(index);
    }
    assertThat(drawn)
        .hasSize(99)
        .allMatch(i -> PHOTOS.get(i).label().mask().orElseThrow() == MaskState.NOT_WORN);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> sampler.withoutReplacement().withPhotosPerEpoch(100).epochOrder(PHOTOS, 1, 0))
        .withMessageContaining("an epoch of 100 photos")
        .withMessageContaining("there are 99");
  }

  @Test
  void anAliasTableDrawsByWeight() {
    double[] weights = {1, 0, 3, 0.5, 7, 1e-9, 2.5, 2};
    AliasTable table = new AliasTable(weights);
    RandomStream random = RandomStream.of(11, "test");
    int[] drawn = new int[weights.length];
    int draws = 160_000;
    for (int i = 0; i < draws; i++) {
      drawn[table.draw(random)]++;
    }

    double chiSquare = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 1e-6) {
        double mean = draws * weights[i] / 16;
        chiSquare += (drawn[i] - mean) * (drawn[i] - mean) / mean;
      }
    }
    assertThat(drawn[1]).isZero();
    assertThat(drawn[5]).isLessThan(2);
    // The 0.9999 quantile with 5 degrees of freedom.
    assertThat(chiSquare).isLessThan(25.7);
  }

  @Property(tries = 100)
  void anAliasTableNeverDrawsAWeightOfZero(@ForAll long seed) {
    RandomStream random = RandomStream.of(seed, "weights");
    double[] weights = new double[1 + random.nextInt(40)];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextBoolean() ? 0 : random.nextDouble();
    }
    weights[random.nextInt(weights.length)] = 0.1;
    AliasTable table = new AliasTable(weights);

    for (int i = 0; i < 300; i++) {
      assertThat(weights[table.draw(random)]).isPositive();
    }
  }

  @Property(tries = 30)
  void everyFullBatchIsBalanced(@ForAll long seed, @ForAll @IntRange(min = 1, max = 64) int size) {
    int[] order = PhotoSampler.balancedBatches(size).epochOrder(PHOTOS, seed, 0);

    for (int start = 0; start + size <= order.length; start += size) {
      int[] counts = new int[FaceClass.COUNT];
      for (int i = start; i < start + size; i++) {
        counts[PHOTOS.get(order[i]).label().id()]++;
      }
      int least = Arrays.stream(counts).min().orElseThrow();
      int most = Arrays.stream(counts).max().orElseThrow();
      assertThat(most - least).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void balancedBatchesLeaveOutClassesWithoutPhotos() {
    PhotoSet two = Photos.people(3, 0, 0, 0, 5);

    SamplingBalance balance = SamplingBalance.of(PhotoSampler.balancedBatches(6), two, 1, 0);

    assertThat(balance.expected().get(1)).isZero();
    assertThat(balance.drawn().get(1)).isZero();
    assertThat(balance.drawn().get(0)).isBetween(9, 10);
  }

  @Test
  void oversamplingShowsEachPhotoOnceAndSomeMore() {
    FaceClass rare = new FaceClass(MaskState.NOT_WORN, Gender.MALE, AgeGroup.FROM_60);
    Map<Integer, Integer> shown = new HashMap<>();
    for (int index : PhotoSampler.oversampling(7.0 / 3, Set.of(rare)).epochOrder(PHOTOS, 1, 0)) {
      shown.merge(index, 1, Integer::sum);
    }

    assertThat(shown).hasSize(PHOTOS.size());
    int[] times = new int[4];
    shown.forEach(
        (index, count) -> {
          if (PHOTOS.get(index).label().agrees(rare)) {
            times[count]++;
          } else {
            assertThat(count).isOne();
          }
        });
    assertThat(times).containsExactly(0, 0, 2, 1);
  }

  @Property(tries = 20)
  void aCapHoldsForEveryPersonAndTakesAllItMay(@ForAll long seed) {
    Map<String, Integer> shown = new HashMap<>();
    int[] order = PhotoSampler.capped(4).epochOrder(PHOTOS, seed, 0);
    for (int index : order) {
      shown.merge(PHOTOS.get(index).person(), 1, Integer::sum);
    }

    assertThat(shown).hasSize(99).allSatisfy((person, count) -> assertThat(count).isEqualTo(4));
    assertThat(order).doesNotHaveDuplicates();
  }

  @Test
  void classWeightsFollowTheirFormulas() {
    PhotoSet photos = Photos.people(4, 0, 0, 1);

    ClassWeights inverse = ClassWeights.inverseFrequency(photos);
    assertThat(inverse.values().get(0)).isEqualTo(35 / (6.0 * 20));
    assertThat(inverse.values().get(1)).isZero();
    assertThat(inverse.values().get(15)).isEqualTo(35 / 6.0);
    assertThat(ClassWeights.squareRoot(photos).values().get(15)).isEqualTo(Math.sqrt(35 / 6.0));
    ClassWeights effective = ClassWeights.effectiveNumber(photos, 0.9);
    double many = 0.1 / (1 - Math.pow(0.9, 20));
    assertThat(effective.values().get(15) / effective.values().get(0))
        .isCloseTo(1 / many, within(1e-12));
    assertThat(effective.values().stream().mapToDouble(Double::doubleValue).sum())
        .isCloseTo(6, within(1e-12));
  }

  @Test
  void wrongWeightsAreNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClassWeights.of(1, 2))
        .withMessage("there are 2 class weights, expected 18");
    double[] negative = new double[18];
    negative[3] = -1;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClassWeights.of(negative))
        .withMessageContaining("class 3 is -1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhotoWeights.of(PHOTOS, p -> Double.NaN))
        .withMessageContaining("NaN");
    FacePhoto stranger = Photos.photo("x", "y", 20, FaceClass.ofId(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhotoWeights.of(PHOTOS, p -> 1).of(stranger))
        .withMessageContaining("'x/y' has no weight");
  }
}
