package io.github.facemask.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PersonSplit;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.sampling.SamplingBalance.SetCount;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Samplers of photos with unknown attributes and of several sets. */
class PartialSamplingTest {

  private static final Set<Attribute> MASK = Set.of(Attribute.MASK);
  private static final Set<Attribute> REST = Set.of(Attribute.GENDER, Attribute.AGE);

  /** 900 photos of masks, most of them worn, and 300 of gender and age. */
  private static final PhotoSet BOTH = both();

  private static PhotoSet both() {
    List<FaceLabel> masks = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      masks.add(FaceLabel.ofId(i % 9 == 0 ? 12 : i % 9 == 1 ? 6 : 0).only(MASK));
    }
    List<FaceLabel> ages = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      ages.add(FaceLabel.ofId(i % 10 == 0 ? 5 : i % 2).only(REST));
    }
    Map<String, PhotoSet> sets = new LinkedHashMap<>();
    sets.put("masks", set(masks));
    sets.put("ages", set(ages));
    return PhotoSet.concat(sets);
  }

  private static PhotoSet set(List<FaceLabel> labels) {
    List<FacePhoto> photos = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      Photo photo = new Photo("p" + i, Path.of("p" + i + ".jpg"));
      photos.add(new FacePhoto(photo, "someone" + i / 2, OptionalInt.empty(), labels.get(i)));
    }
    return PhotoSet.of(photos);
  }

  @Test
  void setsKeepTheirPhotosAndPeopleApart() {
    assertThat(BOTH.size()).isEqualTo(1200);
    assertThat(BOTH.people()).hasSize(600).contains("masks/someone0", "ages/someone0");
    assertThat(BOTH.get(900).photo().id()).isEqualTo("ages/p0");
    assertThat(BOTH.sets()).containsExactly("masks", "ages");
    assertThat(BOTH.known()).containsExactlyInAnyOrder(Attribute.values());
    assertThat(BOTH.classCounts()).containsOnly(0);
    Split split = PersonSplit.builder(BOTH).optValidationShare(0.25).build().split();
    assertThat(split.validation().only("masks").size()).isBetween(215, 235);
    assertThat(split.validation().only("ages").size()).isBetween(70, 80);
    assertThat(split.warnings()).isEmpty();
  }

  @Test
  void aWeightedSamplerBalancesSetsAndTheirLabels() {
    double[] expected = WeightedSampler.inverseFrequency().expectedLabelCounts(BOTH);

    for (FaceLabel label : FaceLabel.knowing(MASK)) {
      assertThat(expected[label.id()]).as(label.toString()).isCloseTo(200, within(1e-6));
    }
    int[] there = BOTH.labelCounts();
    for (FaceLabel label : FaceLabel.knowing(REST)) {
      double wanted = there[label.id()] == 0 ? 0 : 200;
      assertThat(expected[label.id()]).as(label.toString()).isCloseTo(wanted, within(1e-6));
    }
    provesItself(WeightedSampler.inverseFrequency());
  }

  @Test
  void balancedBatchesTakeEqualPartsOfEachSetAndLabel() {
    PhotoSampler sampler = PhotoSampler.balancedBatches(12);

    int[] order = sampler.epochOrder(BOTH, 5, 0);

    for (int start = 0; start < order.length; start += 12) {
      int[] counts = new int[FaceLabel.COUNT];
      for (int i = start; i < start + 12; i++) {
        counts[BOTH.get(order[i]).label().id()]++;
      }
      for (int id = 0; id < counts.length; id++) {
        assertThat(counts[id]).isEqualTo(BOTH.labelCounts()[id] == 0 ? 0 : 2);
      }
    }
    provesItself(sampler);
  }

  @Test
  void balancedBatchesAreEvenOverWhatIsKnown() {
    // Of one set: 60 % of the photos know the mask alone, 30 % gender and age, 10 % everything.
    List<FaceLabel> labels = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      FaceLabel whole = FaceLabel.ofId(i % 7 == 0 ? i % 18 : i % 5 == 0 ? 8 : i % 2);
      labels.add(i % 10 < 6 ? whole.only(MASK) : i % 10 < 9 ? whole.only(REST) : whole);
    }
    PhotoSet photos = set(labels);
    PhotoSampler sampler = PhotoSampler.balancedBatches(40);

    int[] order = sampler.epochOrder(photos, 5, 0);

    int worst = 0;
    for (int start = 0; start < order.length; start += 40) {
      int[] counts = new int[FaceLabel.COUNT];
      int[][] values = new int[3][3];
      for (int i = start; i < start + 40; i++) {
        FaceLabel label = photos.get(order[i]).label();
        counts[label.id()]++;
        for (Attribute attribute : label.known()) {
          values[attribute.ordinal()][label.value(attribute).orElseThrow()]++;
        }
      }
      evenWithin(counts, FaceLabel.knowing(MASK), photos, 24);
      evenWithin(counts, FaceLabel.knowing(REST), photos, 12);
      evenWithin(counts, FaceLabel.knowing(Set.of(Attribute.values())), photos, 4);
      worst = Math.max(worst, Math.abs(values[0][0] - values[0][1]));
      worst = Math.max(worst, Math.abs(values[0][0] - values[0][2]));
      worst = Math.max(worst, Math.abs(values[1][0] - values[1][1]));
      worst = Math.max(worst, Math.abs(values[2][0] - values[2][2]));
    }
    // Of 28 photos that know the mask.
    assertThat(worst).isLessThanOrEqualTo(4);
    double[] expected = sampler.expectedLabelCounts(photos);
    SamplingBalance balance = SamplingBalance.of(sampler, photos, 5, 0);
    for (int id = 0; id < FaceLabel.COUNT; id++) {
      assertThat((double) balance.drawn().get(id)).isCloseTo(expected[id], within(2.0));
    }
  }

  private static void evenWithin(int[] counts, List<FaceLabel> part, PhotoSet photos, int sum) {
    int[] there = photos.labelCounts();
    int least = Integer.MAX_VALUE;
    int most = 0;
    int all = 0;
    for (FaceLabel label : part) {
      if (there[label.id()] > 0) {
        least = Math.min(least, counts[label.id()]);
        most = Math.max(most, counts[label.id()]);
        all += counts[label.id()];
      }
    }
    assertThat(most - least).isLessThanOrEqualTo(1);
    assertThat(all).isEqualTo(sum);
  }

  private static void provesItself(PhotoSampler sampler) {
    SamplingBalance balance = SamplingBalance.of(sampler, BOTH, 3, 1);

    assertThat(balance.expected()).hasSize(FaceLabel.COUNT);
    assertThat(balance.bySet()).extracting(SetCount::set).containsExactly("masks", "ages");
    for (SetCount set : balance.bySet()) {
      assertThat(set.expected()).isCloseTo(600, within(1e-6));
      assertThat(set.drawn()).isBetween(500, 700);
    }
    // Chi-square of 6 labels: beyond 20.5 once in a thousand draws.
    assertThat(balance.chiSquare()).isLessThan(20.5);
    assertThat(SamplingBalance.ofJson(balance.toJson())).isEqualTo(balance);
  }

  @Test
  void aPhotoWithoutALabelIsNeverDrawn() {
    List<FaceLabel> labels = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      labels.add(i % 3 == 0 ? FaceLabel.UNKNOWN : FaceLabel.ofId(i % 3));
    }
    PhotoSet photos = set(labels);

    for (PhotoSampler sampler :
        List.of(WeightedSampler.inverseFrequency(), PhotoSampler.balancedBatches(8))) {
      for (int index : sampler.epochOrder(photos, 1, 0)) {
        assertThat(photos.get(index).label()).isNotEqualTo(FaceLabel.UNKNOWN);
      }
    }
  }

  @Test
  void aWeightOfALabelIsTheMeanOfItsClasses() {
    double[] values = new double[FaceClass.COUNT];
    for (int id = 0; id < values.length; id++) {
      values[id] = id + 1;
    }
    ClassWeights weights = ClassWeights.of(values);

    assertThat(weights.of(FaceLabel.ofId(3))).isEqualTo(4);
    assertThat(weights.of(FaceLabel.ofId(6).only(MASK)))
        .isEqualTo((7 + 8 + 9 + 10 + 11 + 12) / 6.0);
    assertThat(weights.of(FaceLabel.UNKNOWN)).isZero();
  }
}
