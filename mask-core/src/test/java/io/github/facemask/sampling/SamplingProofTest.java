package io.github.facemask.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.dataset.Batch;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.primitives.Ints;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Photos;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.sampling.SamplingBalance.PersonBalance;
import io.github.facemask.sampling.SamplingBalance.PersonBalance.Count;
import io.github.facemask.sampling.WeightedSampler.PhotoWeights;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What samplers promise about chance, about people and about going on after a stop. */
class SamplingProofTest {

  private static final PhotoSet PHOTOS = Photos.people(20, 15, 3, 27, 30, 4);

  static List<PhotoSampler> samplers() {
    return List.of(
        PhotoSampler.shuffled(),
        WeightedSampler.inverseFrequency(),
        WeightedSampler.squareRoot(),
        WeightedSampler.inverseFrequency().withoutReplacement().withPhotosPerEpoch(200),
        PhotoSampler.balancedBatches(32),
        PhotoSampler.oversampling(2, AgeGroup.FROM_60),
        PhotoSampler.capped(3));
  }

  @Test
  void allPermutationsAreEquallyLikely() {
    PhotoSet five = Photos.people(1).filter(p -> p.photo().id().contains("mask"));
    PhotoSet set = five.filter(p -> !p.photo().id().contains("incorrect"));
    Map<List<Integer>, Integer> seen = new HashMap<>();
    int epochs = 24_000;
    for (int epoch = 0; epoch < epochs; epoch++) {
      seen.merge(Ints.asList(PhotoSampler.shuffled().epochOrder(set, 9, epoch)), 1, Integer::sum);
    }

    assertThat(seen).hasSize(120);
    double mean = epochs / 120.0;
    double chiSquare =
        seen.values().stream().mapToDouble(n -> (n - mean) * (n - mean) / mean).sum();
    // The 0.0001 and 0.9999 quantiles with 119 degrees of freedom.
    assertThat(chiSquare).isBetween(69.5, 184.0);
  }

  @Test
  void withoutReplacementEachPhotoIsChosenAsByDrawingOneAfterTheOther() {
    PhotoSet three = Photos.people(1).filter(p -> p.photo().id().matches(".*/mask[123]"));
    double[] weights = {1, 2, 5};
    PhotoWeights byPhoto =
        PhotoWeights.of(
            three, p -> weights[p.photo().id().charAt(p.photo().id().length() - 1) - '1']);
    PhotoSampler sampler = WeightedSampler.of(byPhoto).withoutReplacement().withPhotosPerEpoch(2);
    double[] chosen = new double[3];
    int epochs = 40_000;
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int index : sampler.epochOrder(three, 4, epoch)) {
        chosen[index]++;
      }
    }

    for (int i = 0; i < 3; i++) {
      double exact = weights[i] / 8;
      for (int first = 0; first < 3; first++) {
        exact += first == i ? 0 : weights[first] / 8 * weights[i] / (8 - weights[first]);
      }
      // Five standard deviations.
      double slack = 5 * Math.sqrt(exact * (1 - exact) / epochs);
      assertThat(chosen[i] / epochs).isCloseTo(exact, within(slack));
    }
  }

  @Property(tries = 60)
  void withoutReplacementTakesExactlyAsManyAsAsked(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 693) int photos) {
    int[] order =
        WeightedSampler.squareRoot()
            .withoutReplacement()
            .withPhotosPerEpoch(photos)
            .epochOrder(PHOTOS, seed, 0);

    assertThat(Arrays.stream(order).distinct().count()).isEqualTo(photos);
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void peopleAreShownAsOftenAsExpected(PhotoSampler sampler) {
    int epochs = 60;
    double[] expected = new double[99];
    double[] drawn = new double[99];
    for (int epoch = 0; epoch < epochs; epoch++) {
      List<Count> counts = Count.of(sampler, PHOTOS, 2, epoch);
      for (int i = 0; i < counts.size(); i++) {
        expected[i] += counts.get(i).expected();
        drawn[i] += counts.get(i).drawn();
      }
    }

    double chiSquare = 0;
    for (int i = 0; i < 99; i++) {
      chiSquare += (drawn[i] - expected[i]) * (drawn[i] - expected[i]) / expected[i];
    }
    // The 0.9999 quantile with 98 degrees of freedom.
    assertThat(chiSquare).isLessThan(158.0);
    assertThat(Arrays.stream(drawn).sum()).isEqualTo(epochs * sampler.photosPerEpoch(PHOTOS));
    assertThat(Arrays.stream(expected).sum()).isCloseTo(Arrays.stream(drawn).sum(), within(1e-5));
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void aBrokenEpochGoesOnAsIfNothingHadHappened(PhotoSampler sampler) {
    int[] whole = sampler.epochOrder(PHOTOS, 5, 3);
    int batches = (whole.length + 31) / 32;
    for (int done = 0; done <= batches; done++) {
      int[] before = Arrays.copyOf(whole, Math.min(whole.length, done * 32));
      assertThat(Ints.concat(before, sampler.restOfEpoch(PHOTOS, 5, 3, 32, done))).isEqualTo(whole);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> sampler.restOfEpoch(PHOTOS, 5, 3, 32, batches + 1))
        .withMessage("first batch is %d, expected 0 to %d", batches + 1, batches);
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void aDjlDatasetShowsTheSamePhotosAndResumes(PhotoSampler sampler) throws Exception {
    try (NDManager manager = NDManager.newBaseManager()) {
      EpochSampler fresh = EpochSampler.builder(sampler, PHOTOS, 50).optSeed(8).build();
      ArrayDataset dataset =
          new ArrayDataset.Builder()
              .setData(manager.arange(PHOTOS.size()))
              .setSampling(fresh)
              .build();

      List<List<Integer>> first = batches(dataset, manager);
      List<List<Integer>> second = batches(dataset, manager);
      assertThat(Ints.toArray(first.stream().flatMap(List::stream).toList()))
          .isEqualTo(sampler.epochOrder(PHOTOS, 8, 0));
      assertThat(second).isNotEqualTo(first);

      EpochSampler resumed =
          EpochSampler.builder(sampler, PHOTOS, 50).optSeed(8).optStart(1, 2).build();
      ArrayDataset again =
          new ArrayDataset.Builder()
              .setData(manager.arange(PHOTOS.size()))
              .setSampling(resumed)
              .build();
      assertThat(batches(again, manager)).isEqualTo(second.subList(2, second.size()));
    }
  }

  private static List<List<Integer>> batches(ArrayDataset dataset, NDManager manager)
      throws Exception {
    List<List<Integer>> batches = new ArrayList<>();
    for (Batch batch : dataset.getData(manager)) {
      batches.add(Ints.asList(batch.getData().singletonOrThrow().toIntArray()));
      batch.close();
    }
    return batches;
  }

  @Test
  void aDjlDatasetOfOtherPhotosIsRefused() {
    try (NDManager manager = NDManager.newBaseManager()) {
      EpochSampler sampler = EpochSampler.builder(PhotoSampler.shuffled(), PHOTOS, 8).build();
      ArrayDataset dataset =
          new ArrayDataset.Builder().setData(manager.arange(5)).setSampling(sampler).build();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> sampler.sample(dataset))
          .withMessageContaining("the data set has 5 items, expected the 693 photos");
    }
  }

  @Test
  void aCapIsSeenInTheBalanceByPerson() {
    PersonBalance balance = SamplingBalance.of(PhotoSampler.capped(3), PHOTOS, 1, 0).byPerson();

    assertThat(balance.peopleOfDrawn()).isEqualTo(Map.of(3, 99));
    assertThat(balance.peopleOfExpected()).isEqualTo(Map.of(3, 99));
    assertThat(balance.chiSquare()).isCloseTo(0, within(1e-20));
  }

  @Test
  void aPersonShownTooOftenIsNamedFirst() {
    PhotoWeights loud = PhotoWeights.of(PHOTOS, p -> p.person().equals("p2.1") ? 100 : 1);
    double[] fair = PhotoSampler.shuffled().expectedPhotoCounts(PHOTOS);
    int[] order = WeightedSampler.of(loud).epochOrder(PHOTOS, 1, 0);

    PersonBalance balance = PersonBalance.of(Count.of(PHOTOS, fair, order));

    assertThat(balance.farthest().get(0).person()).isEqualTo("p2.1");
    assertThat(balance.farthest().get(0).drawn()).isGreaterThan(300);
    assertThat(balance.chiSquare()).isGreaterThan(1000);
  }

  @Test
  void theRecordIsReadBackAsItWas() throws IOException {
    SamplingBalance balance = SamplingBalance.of(WeightedSampler.squareRoot(), PHOTOS, 3, 2);
    ObjectMapper json = new ObjectMapper();

    Map<String, Object> read =
        json.readValue(
            json.writeValueAsString(balance.toJson()),
            new com.fasterxml.jackson.core.type.TypeReference<>() {});
    assertThat(SamplingBalance.ofJson(read)).isEqualTo(balance);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SamplingBalance.ofJson(Map.of("available", List.of(1))))
        .withMessage("the balance has 1 numbers 'available', expected 18 or 48");
  }

  @Test
  void theClassSumsAreThoseOfThePhotos() {
    for (PhotoSampler sampler : samplers()) {
      double[] photos = sampler.expectedPhotoCounts(PHOTOS);
      double[] classes = sampler.expectedLabelCounts(PHOTOS);
      double ofThird =
          IntStream.range(0, photos.length)
              .filter(i -> PHOTOS.get(i).label().id() == 3)
              .mapToDouble(i -> photos[i])
              .sum();
      assertThat(classes[3]).isCloseTo(ofThird, within(1e-9));
    }
  }
}
