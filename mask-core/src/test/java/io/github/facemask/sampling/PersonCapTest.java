package io.github.facemask.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.sampling.SamplingBalance.CapCount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Weighted samplers with a cap on the photos of a person, by counting. */
class PersonCapTest {

  private static PhotoSet set(List<FaceLabel> labels, List<Integer> people) {
    List<FacePhoto> photos = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      Photo photo = new Photo("p" + i, Path.of("p" + i + ".jpg"));
      photos.add(
          new FacePhoto(photo, "someone" + people.get(i), OptionalInt.empty(), labels.get(i)));
    }
    return PhotoSet.of(photos);
  }

  /** People with 1 to 9 photos each, of random labels. */
  private static PhotoSet random(Random random, int people) {
    List<FaceLabel> labels = new ArrayList<>();
    List<Integer> owners = new ArrayList<>();
    for (int person = 0; person < people; person++) {
      for (int photo = 0; photo <= random.nextInt(9); photo++) {
        // Few labels are frequent, and some photos know nothing.
        labels.add(FaceLabel.ofId((int) (48 * Math.pow(random.nextDouble(), 3))));
        owners.add(person);
      }
    }
    labels.set(0, FaceLabel.ofId(0));
    return set(labels, owners);
  }

  private static Map<String, Integer> shown(PhotoSet photos, int[] order) {
    Map<String, Integer> shown = new HashMap<>();
    for (int index : order) {
      shown.merge(photos.get(index).person(), 1, Integer::sum);
    }
    return shown;
  }

  @Property(tries = 60)
  void noPersonIsShownMoreOftenThanTheCap(
      @ForAll @IntRange(min = 1, max = 40) int people,
      @ForAll @IntRange(min = 1, max = 6) int cap,
      @ForAll long seed,
      @ForAll boolean replacement) {
    PhotoSet photos = random(new Random(seed), people);
    WeightedSampler sampler = WeightedSampler.inverseFrequency().withPersonCap(cap);
    sampler = replacement ? sampler : sampler.withoutReplacement();

    double[] expected = sampler.expectedPhotoCounts(photos);
    double sum = 0;
    for (double value : expected) {
      assertThat(value).isBetween(0.0, replacement ? cap + 1e-6 : 1 + 1e-6);
      sum += value;
    }
    assertThat(sum).isCloseTo(sampler.photosPerEpoch(photos), within(1e-3));
    for (int epoch = 0; epoch < 5; epoch++) {
      int[] order = sampler.epochOrder(photos, seed, epoch);
      assertThat(order).hasSize(sampler.photosPerEpoch(photos));
      assertThat(shown(photos, order).values()).allMatch(n -> n <= cap);
      for (int index : order) {
        assertThat(photos.get(index).label()).isNotEqualTo(FaceLabel.UNKNOWN);
      }
      if (!replacement) {
        assertThat(order).doesNotHaveDuplicates();
      }
      assertThat(sampler.epochOrder(photos, seed, epoch)).isEqualTo(order);
    }
  }

  /** 200 people of class 0 with 8 photos each, and 100 of class 17 with 2 photos each. */
  private static PhotoSet uneven() {
    List<FaceLabel> labels = new ArrayList<>();
    List<Integer> people = new ArrayList<>();
    for (int person = 0; person < 300; person++) {
      for (int photo = 0; photo < (person < 200 ? 8 : 2); photo++) {
        labels.add(FaceLabel.ofId(person < 200 ? 0 : 17));
        people.add(person);
      }
    }
    return set(labels, people);
  }

  @Test
  void theSharesReachTheirAimIfTheCapAllowsIt() {
    PhotoSet photos = uneven();
    WeightedSampler sampler = WeightedSampler.inverseFrequency().withPersonCap(9);

    SamplingBalance balance = SamplingBalance.of(sampler, photos, 1, 0);

    assertThat(balance.expected().get(0)).isCloseTo(900, within(0.1));
    assertThat(balance.expected().get(17)).isCloseTo(900, within(0.1));
    assertThat(balance.drawn().get(0)).isBetween(890, 910);
    CapCount cap = balance.cap().orElseThrow();
    assertThat(cap.perPerson()).isEqualTo(9);
    // The rare class needs 9 of each of its people.
    assertThat(cap.peopleAtCap()).isEqualTo(100);
    assertThat(cap.aimed().get(17)).isCloseTo(900, within(1e-6));
    assertThat(SamplingBalance.ofJson(balance.toJson())).isEqualTo(balance);
  }

  @Test
  void aCapThatBindsTakesAllThatItMayOfTheRareClass() {
    PhotoSet photos = uneven();
    WeightedSampler sampler = WeightedSampler.inverseFrequency().withPersonCap(7);

    double[] labels = sampler.expectedLabelCounts(photos);

    // 7 of each of 100 people, and the rest of 1800 from the 200 others.
    assertThat(labels[17]).isCloseTo(700, within(1.0));
    assertThat(labels[0]).isCloseTo(1100, within(1.0));
    CapCount cap = SamplingBalance.of(sampler, photos, 1, 0).cap().orElseThrow();
    assertThat(cap.aimed().get(17)).isCloseTo(900, within(1e-6));
  }

  @Test
  void anEpochIsShorterIfThePeopleDoNotFillIt() {
    PhotoSet photos = uneven();

    assertThat(WeightedSampler.inverseFrequency().withPersonCap(2).photosPerEpoch(photos))
        .isEqualTo(600);
    assertThat(
            WeightedSampler.squareRoot()
                .withoutReplacement()
                .withPersonCap(4)
                .photosPerEpoch(photos))
        .isEqualTo(200 * 4 + 100 * 2);
  }

  @Test
  void photosAreShownAsOftenAsExpected() {
    PhotoSet photos = random(new Random(5), 30);
    WeightedSampler sampler = WeightedSampler.inverseFrequency().withPersonCap(4);
    double[] expected = sampler.expectedPhotoCounts(photos);
    int epochs = 4000;
    double[] shown = new double[photos.size()];
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int index : sampler.epochOrder(photos, 3, epoch)) {
        shown[index] += 1.0 / epochs;
      }
    }
    for (int i = 0; i < shown.length; i++) {
      // A count of one epoch differs from its mean by less than one.
      assertThat(shown[i]).isCloseTo(expected[i], within(5 * 0.5 / Math.sqrt(epochs)));
    }
  }

  @Test
  void thePeopleOfAnEpochAreDrawnAnew() {
    PhotoSet photos = uneven();
    WeightedSampler sampler = WeightedSampler.inverseFrequency().withPersonCap(9);
    HashSet<List<Integer>> orders = new HashSet<>();
    for (int epoch = 0; epoch < 5; epoch++) {
      List<Integer> order = new ArrayList<>();
      for (int index : sampler.epochOrder(photos, 1, epoch)) {
        order.add(index);
      }
      orders.add(order);
    }
    assertThat(orders).hasSize(5);
    int[] whole = sampler.epochOrder(photos, 1, 3);
    int[] rest = sampler.restOfEpoch(photos, 1, 3, 32, 2);
    assertThat(rest).isEqualTo(java.util.Arrays.copyOfRange(whole, 64, whole.length));
  }

  @Test
  void theLengthOfAnEpochDoesNotDependOnTheLabels() {
    PhotoSet photos = uneven();
    List<FaceLabel> masked = new ArrayList<>();
    List<Integer> people = new ArrayList<>();
    for (int i = 0; i < photos.size(); i++) {
      masked.add(i % 3 == 0 ? FaceLabel.ofId(6) : photos.get(i).label());
      people.add(i < 1600 ? i / 8 : 200 + (i - 1600) / 2);
    }
    WeightedSampler sampler = WeightedSampler.inverseFrequency().withPersonCap(3);

    assertThat(sampler.photosPerEpoch(set(masked, people)))
        .isEqualTo(sampler.photosPerEpoch(photos));
  }

  @Test
  void weightsOfZeroThatLeaveTooFewPhotosAreRefused() {
    double[] only17 = new double[FaceClass.COUNT];
    only17[17] = 1;
    WeightedSampler sampler = WeightedSampler.of(ClassWeights.of(only17)).withPersonCap(3);

    assertThatThrownBy(() -> sampler.epochOrder(uneven(), 1, 0))
        .hasMessageContaining("an epoch of 900 photos needs more photos with a weight above 0");
  }
}
