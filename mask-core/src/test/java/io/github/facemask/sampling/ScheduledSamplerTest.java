package io.github.facemask.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceLabel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Samplers that change over the epochs of a run. */
class ScheduledSamplerTest {

  private static final int EPOCHS = 5;

  /** 900 photos of class 0 and 100 of class 17. */
  private static final PhotoSet PHOTOS = photos();

  private static PhotoSet photos() {
    List<FacePhoto> photos = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Photo photo = new Photo("p" + i, Path.of("p" + i + ".jpg"));
      FaceLabel label = FaceLabel.ofId(i % 10 == 0 ? 17 : 0);
      photos.add(new FacePhoto(photo, "someone" + i / 2, OptionalInt.empty(), label));
    }
    return PhotoSet.of(photos);
  }

  private static long rare(PhotoSampler sampler, int epoch) {
    return Arrays.stream(sampler.epochOrder(PHOTOS, 4, epoch))
        .filter(index -> PHOTOS.get(index).label().id() == 17)
        .count();
  }

  @Test
  void aDeferredSamplerIsNaturalFirst() {
    PhotoSampler then = WeightedSampler.inverseFrequency();
    PhotoSampler sampler = PhotoSampler.deferred(PhotoSampler.shuffled(), then, 3);

    for (int epoch = 0; epoch < 3; epoch++) {
      assertThat(sampler.epochOrder(PHOTOS, 4, epoch))
          .isEqualTo(PhotoSampler.shuffled().epochOrder(PHOTOS, 4, epoch));
      assertThat(rare(sampler, epoch)).isEqualTo(100);
    }
    assertThat(sampler.epochOrder(PHOTOS, 4, 3)).isEqualTo(then.epochOrder(PHOTOS, 4, 3));
    assertThat(rare(sampler, 3)).isBetween(430L, 570L);
    assertThat(SamplingBalance.of(sampler, PHOTOS, 4, 2).expected().get(17)).isEqualTo(100);
    assertThat(SamplingBalance.of(sampler, PHOTOS, 4, 3).expected().get(17))
        .isCloseTo(500, within(1e-6));
  }

  @Test
  void aProgressiveSamplerGoesEvenlyFromNaturalToBalanced() {
    PhotoSampler sampler = PhotoSampler.progressive(WeightedSampler.inverseFrequency(), EPOCHS);

    for (int epoch = 0; epoch < EPOCHS + 2; epoch++) {
      double expected = 100 + 400 * Math.min(1, epoch / 4.0);
      assertThat(sampler.at(epoch).expectedLabelCounts(PHOTOS)[17])
          .isCloseTo(expected, within(1e-6));
      assertThat((double) rare(sampler, epoch)).isCloseTo(expected, within(80.0));
    }
  }

  @Test
  void aProgressiveSamplerKeepsItsCap() {
    PhotoSampler sampler =
        PhotoSampler.progressive(
            WeightedSampler.inverseFrequency().withPersonCap(4).withPhotosPerEpoch(800), EPOCHS);

    assertThat(sampler.photosPerEpoch(PHOTOS)).isEqualTo(800);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      SamplingBalance balance = SamplingBalance.of(sampler, PHOTOS, 1, epoch);
      assertThat(balance.byPerson().peopleOfDrawn().keySet()).allMatch(n -> n <= 4);
      assertThat(balance.expected().get(17)).isCloseTo(80 + 320 * epoch / 4.0, within(1.0));
    }
  }

  @Test
  void epochsOfDifferentLengthAreRefused() {
    PhotoSampler sampler =
        PhotoSampler.deferred(
            PhotoSampler.shuffled(), WeightedSampler.squareRoot().withPhotosPerEpoch(10), 1);

    assertThatThrownBy(() -> sampler.photosPerEpoch(PHOTOS))
        .hasMessage(
            "an epoch has 1000 photos before the change and 10 after it, expected the same number");
    assertThatThrownBy(() -> PhotoSampler.deferred(sampler, PhotoSampler.shuffled(), 1))
        .hasMessageContaining("inside of another");
    assertThatThrownBy(() -> PhotoSampler.progressive(WeightedSampler.squareRoot(), 1))
        .hasMessageContaining("expected 2 or more");
  }
}
