package io.github.facemask.internal.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.image.TestFiles;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.CropMode;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import io.github.facemask.random.RandomStream;
import io.github.facemask.transform.EvaluationCrop;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.PixelTransform;
import io.github.facemask.transform.RandomResizedCrop;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PhotoPipelineTest {

  private static final Preprocessing CENTER = preprocessing(32, 32, 0.8, CropMode.CENTER);

  static Preprocessing preprocessing(int height, int width, double ratio, CropMode mode) {
    return new Preprocessing(
        height,
        width,
        Preprocessing.IMAGENET_MEAN,
        Preprocessing.IMAGENET_STD,
        Interpolation.BILINEAR,
        ratio,
        mode);
  }

  @Test
  void evaluationIsResizeThenCentreCrop() {
    Pixels photo = TestFiles.photo("photos/portrait.jpg"); // 512 x 384
    Pixels result = PhotoPipeline.of(CENTER, List.of()).apply(photo, RandomStream.of(0, "t"));
    // Shorter side 32 / 0.8 = 40, longer side int(40 * 512 / 384) = 53, offsets (53 - 32) / 2
    // rounded to even 10, and 4.
    Pixels twoSteps = Resampler.resize(photo, 53, 40, Interpolation.BILINEAR).crop(10, 4, 32, 32);
    assertThat(result).isEqualTo(twoSteps);
  }

  @Test
  void squashingForgetsTheAspect() {
    Pixels photo = TestFiles.photo("photos/portrait.jpg");
    Preprocessing squash = preprocessing(30, 30, 1, CropMode.SQUASH);
    assertThat(PhotoPipeline.of(squash, List.of()).apply(photo, RandomStream.of(0, "t")))
        .isEqualTo(Resampler.resize(photo, 30, 30, Interpolation.BILINEAR));
  }

  @Test
  void wideInputsOfTallPhotosKeepTheAspect() {
    Preprocessing wide = preprocessing(20, 60, 1, CropMode.CENTER);
    Box box = EvaluationCrop.frame(512, 384, wide);
    assertThat(box.width()).isCloseTo(384, within(1e-9));
    assertThat(box.width() / box.height()).isCloseTo(3, within(0.02));
    assertThat(box.centerY()).isCloseTo(256, within(4.0));
  }

  @Property
  void theEvaluationFrameLiesWithinThePhoto(
      @ForAll @IntRange(min = 1, max = 900) int height,
      @ForAll @IntRange(min = 1, max = 900) int width,
      @ForAll @IntRange(min = 1, max = 300) int inputHeight,
      @ForAll @IntRange(min = 1, max = 300) int inputWidth,
      @ForAll @IntRange(min = 50, max = 100) int percent,
      @ForAll CropMode mode) {
    Box box =
        EvaluationCrop.frame(
            height, width, preprocessing(inputHeight, inputWidth, percent / 100.0, mode));
    assertThat(box.left()).isGreaterThanOrEqualTo(-1e-9);
    assertThat(box.top()).isGreaterThanOrEqualTo(-1e-9);
    assertThat(box.right()).isLessThanOrEqualTo(width + 1e-9);
    assertThat(box.bottom()).isLessThanOrEqualTo(height + 1e-9);
  }

  @Property
  void randomCropsLieWithinThePhotoAndKeepTheirShares(
      @ForAll @IntRange(min = 60, max = 600) int height,
      @ForAll @IntRange(min = 60, max = 600) int width,
      @ForAll long seed) {
    Box box =
        RandomResizedCrop.of(0.3, 0.6).draw(RandomStream.of(seed, "t"), height, width, CENTER);
    assertThat(box.left()).isBetween(0.0, width - box.width());
    assertThat(box.top()).isBetween(0.0, height - box.height());
    assertThat(box.width() / box.height()).isBetween(0.72, 1.4);
    double aspect = (double) width / height;
    if (aspect > 0.76 && aspect < 1.31) { // else the central fallback may be larger
      assertThat(box.area() / (height * (double) width)).isBetween(0.29, 0.62);
    }
  }

  @Test
  void whereNoCropFitsTheCentreIsTaken() {
    Box box = RandomResizedCrop.of(1, 1).draw(RandomStream.of(1, "t"), 30, 300, CENTER);
    assertThat(box).isEqualTo(new Box(130, 0, 170, 30));
  }

  @Test
  void randomCropsDifferByStreamAndRepeatByName() {
    RandomResizedCrop crop = RandomResizedCrop.of(0.2, 0.9);
    Box first = crop.draw(RandomStream.of(7, "t", 0, 1), 100, 100, CENTER);
    assertThat(crop.draw(RandomStream.of(7, "t", 0, 1), 100, 100, CENTER)).isEqualTo(first);
    assertThat(crop.draw(RandomStream.of(7, "t", 0, 2), 100, 100, CENTER)).isNotEqualTo(first);
  }

  @Test
  void aFramingThatIsNotFirstIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PhotoPipeline.of(
                    CENTER, List.of(HorizontalFlip.half(), RandomResizedCrop.of(0.5, 1))))
        .withMessageContaining("randomResizedCrop is transform number 2");
  }

  @Test
  void areasAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RandomResizedCrop.of(0, 1))
        .withMessageContaining("area is 0.0 to 1.0");
  }

  @Test
  void flippingMirrorsColumnsOnly() {
    Pixels ramp = TestFiles.ramp(5, 11);
    Pixels flipped = HorizontalFlip.of(1).draw(RandomStream.of(0, "t"), 5, 11).applyTo(ramp);
    for (int x = 0; x < 11; x++) {
      assertThat(flipped.at(3, x, 0)).isEqualTo(ramp.at(3, 10 - x, 0));
      assertThat(flipped.at(3, x, 1)).isEqualTo(ramp.at(3, x, 1));
    }
    assertThat(HorizontalFlip.of(0).draw(RandomStream.of(0, "t"), 5, 11).applyTo(ramp))
        .isSameAs(ramp);
  }

  @Test
  void halfOfThePhotosAreFlipped() {
    int flips = 0;
    for (int i = 0; i < 2000; i++) {
      flips +=
          HorizontalFlip.half().draw(RandomStream.of(3, "t", i), 4, 4)
                  != PixelTransform.Sampled.NONE
              ? 1
              : 0;
    }
    assertThat(flips).isBetween(900, 1100); // 4.5 standard deviations
  }
}
