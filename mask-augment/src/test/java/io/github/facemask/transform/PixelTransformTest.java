package io.github.facemask.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import io.github.facemask.random.RandomStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PixelTransformTest {

  private static final List<Integer> ORDER = ImmutableList.of(0, 1, 2, 3);

  private static List<PixelTransform> all() {
    return List.of(
        HorizontalFlip.of(1),
        ColorJitter.of(0.4, 0.4, 0.4, 0.1),
        Grayscale.of(1),
        RandomErasing.of(1),
        RandomErasing.cutout(0.5),
        RandomAffine.rotation(20).withShift(0.1).withScale(0.8, 1.2).withShear(10),
        GaussianBlur.sigma(0.5, 2),
        GaussianNoise.std(5, 10),
        Clahe.clipLimit(2, 4),
        RandAugment.of(3, 12),
        AugMix.severity(3),
        PixelTransform.oneOf(List.of(GaussianBlur.sigma(1, 2), GaussianNoise.std(5, 10))),
        PixelTransform.randomApply(1, List.of(Grayscale.of(1), GaussianNoise.std(5, 10))));
  }

  private static Stream<PixelTransform> adjustments() {
    return all().stream();
  }

  @ParameterizedTest
  @MethodSource("adjustments")
  void aDrawnEffectIsPure(PixelTransform adjustment) {
    Pixels photo = TestFiles.photo("pillow/source.png");
    byte[] before = photo.array().clone();
    PixelTransform.Sampled effect =
        adjustment.draw(RandomStream.of(4, "t", 9), photo.height(), photo.width());
    Pixels once = effect.applyTo(photo);
    assertThat(photo.array()).isEqualTo(before);
    assertThat(once).isNotEqualTo(photo);
    assertThat(effect.applyTo(photo)).isEqualTo(once);
    assertThat(once.height()).isEqualTo(photo.height());
    assertThat(once.width()).isEqualTo(photo.width());
  }

  @ParameterizedTest
  @MethodSource("adjustments")
  void drawsRepeatByNameAndSayTheirName(PixelTransform adjustment) {
    Pixels photo = TestFiles.photo("pillow/noise.png");
    Pixels first =
        adjustment.draw(RandomStream.of(4, "t", 1), photo.height(), photo.width()).applyTo(photo);
    assertThat(
            adjustment
                .draw(RandomStream.of(4, "t", 1), photo.height(), photo.width())
                .applyTo(photo))
        .isEqualTo(first);
    assertThat(adjustment.parameters().get("name")).isInstanceOf(String.class);
  }

  private static int[] jittered(int r, int g, int b, double[] factors) {
    Pixels result =
        new ColorJitter.Drawn(ORDER, factors[0], factors[1], factors[2], factors[3])
            .applyTo(Pixels.wrap(1, 1, new byte[] {(byte) r, (byte) g, (byte) b}));
    return new int[] {result.at(0, 0, 0), result.at(0, 0, 1), result.at(0, 0, 2)};
  }

  @Test
  void brightnessMultiplies() {
    assertThat(jittered(100, 200, 7, new double[] {1.5, 1, 1, 0})).containsExactly(150, 255, 10);
  }

  @Test
  void contrastKeepsTheMeanGrey() {
    Pixels two = Pixels.wrap(1, 2, new byte[] {100, 100, 100, (byte) 200, (byte) 200, (byte) 200});
    Pixels half = new ColorJitter.Drawn(ORDER, 1, 0.5, 1, 0).applyTo(two);
    // The greys are truncated to 99 and 199, their mean is 149.
    assertThat(half.at(0, 0, 0)).isEqualTo(124);
    assertThat(half.at(0, 1, 2)).isEqualTo(174);
  }

  @Test
  void noSaturationIsGrey() {
    int grey = (int) (0.2989 * 200 + 0.587 * 100 + 0.114 * 50);
    assertThat(jittered(200, 100, 50, new double[] {1, 1, 0, 0})).containsExactly(grey, grey, grey);
  }

  @Test
  void aThirdOfTheHueCircleTurnsRedToGreen() {
    assertThat(jittered(200, 10, 10, new double[] {1, 1, 1, 1 / 3.0})).containsExactly(10, 200, 10);
    assertThat(jittered(200, 10, 10, new double[] {1, 1, 1, -1 / 3.0}))
        .containsExactly(10, 10, 200);
    assertThat(jittered(90, 90, 90, new double[] {1, 1, 1, 0.4})).containsExactly(90, 90, 90);
  }

  @Test
  void erasingFillsOneRectangleOfTheDrawnArea() {
    for (int i = 0; i < 50; i++) {
      PixelTransform.Sampled effect = RandomErasing.of(1).draw(RandomStream.of(1, "t", i), 60, 80);
      RandomErasing.Filled rectangle = (RandomErasing.Filled) effect;
      Pixels erased = effect.applyTo(TestFiles.plain(60, 80, 0, 0, 0));
      int filled = 0;
      for (int p = 0; p < 60 * 80; p++) {
        filled += erased.at(p / 80, p % 80, 0) == 124 ? 1 : 0;
      }
      assertThat(filled)
          .isEqualTo(
              (rectangle.bottom() - rectangle.top()) * (rectangle.right() - rectangle.left()));
      assertThat(filled / 4800.0).isBetween(0.015, 0.345);
    }
  }

  @Test
  void aQuarterTurnMovesTheRampFromColumnsToRows() {
    Pixels ramp = TestFiles.ramp(41, 41);
    Pixels turned = new RandomAffine.Drawn(90, 0, 0, 1, 0).applyTo(ramp);
    // Clockwise: what was left is now at the top.
    assertThat(turned.at(0, 20, 0)).isCloseTo(0, within(2));
    assertThat(turned.at(40, 20, 0)).isCloseTo(255, within(2));
    assertThat(turned.at(20, 0, 1)).isCloseTo(255, within(2));
  }

  @Test
  void aMoveShowsTheFillColour() {
    Pixels moved = new RandomAffine.Drawn(0, 10, 0, 1, 0).applyTo(TestFiles.ramp(21, 41));
    assertThat(moved.at(5, 3, 0)).isEqualTo(124);
    assertThat(moved.at(5, 30, 0)).isEqualTo(TestFiles.ramp(21, 41).at(5, 20, 0));
  }

  @Test
  void blurSpreadsAPointAndKeepsItsSum() {
    byte[] array = new byte[31 * 31 * 3];
    array[(15 * 31 + 15) * 3] = (byte) 255;
    Pixels blurred = new GaussianBlur.Drawn(1).applyTo(Pixels.wrap(31, 31, array));
    assertThat(blurred.at(15, 15, 0)).isCloseTo(41, within(2)); // 255 / (2 pi)
    int sum = 0;
    for (int p = 0; p < 31 * 31; p++) {
      sum += blurred.at(p / 31, p % 31, 0);
    }
    assertThat(sum).isCloseTo(255, within(12));
  }

  @Test
  void noiseHasTheDrawnStrength() {
    Pixels noisy = new GaussianNoise.Drawn(8, 3).applyTo(TestFiles.plain(60, 60, 128, 128, 128));
    double squares = 0;
    for (byte value : noisy.array()) {
      squares += Math.pow((value & 0xff) - 128, 2);
    }
    assertThat(Math.sqrt(squares / noisy.array().length)).isCloseTo(8, within(0.4));
  }

  @Test
  void claheWidensALowContrast() {
    Pixels photo = TestFiles.photo("photos/portrait.jpg");
    Pixels dull = new ColorJitter.Drawn(ORDER, 1, 0.2, 1, 0).applyTo(photo);
    assertThat(spread(new Clahe.Drawn(4).applyTo(dull))).isGreaterThan(1.5 * spread(dull));
  }

  private static double spread(Pixels photo) {
    double sum = 0;
    double squares = 0;
    for (byte value : photo.array()) {
      sum += value & 0xff;
      squares += Math.pow(value & 0xff, 2);
    }
    int count = photo.array().length;
    return Math.sqrt(squares / count - Math.pow(sum / count, 2));
  }

  @Test
  void tonesAreWithinTwoLevelsOfPillows() {
    Pixels photo = TestFiles.photo("pillow/source.png");
    Map<String, Pixels> results =
        Map.of(
            "posterize3", Tones.posterize(photo, 3),
            "solarize100", Tones.solarize(photo, 100),
            "autocontrast", Tones.autoContrast(photo),
            "equalize", Tones.equalize(photo),
            "sharpness18", Tones.sharpness(photo, 1.8),
            "sharpness02", Tones.sharpness(photo, 0.2),
            "color05", Colors.saturation(photo, 0.5),
            "contrast15", Colors.contrast(photo, 1.5),
            "brightness07", Colors.brightness(photo, 0.7));
    results.forEach(
        (name, result) ->
            assertThat(
                    TestFiles.largestDifference(
                        result, TestFiles.photo("pillow/tone_" + name + ".png")))
                .as(name)
                .isLessThan(3));
  }

  @Test
  void everyOperationButTheIdentityChangesAPhoto() {
    Pixels photo = TestFiles.photo("pillow/source.png");
    AugmentOperation.Reach reach = new AugmentOperation.Reach(0.3, 10, 30, 0.9, 8, 4);
    for (AugmentOperation operation : AugmentOperation.values()) {
      Pixels result = operation.effect(operation.magnitude(15, 31, true, reach)).applyTo(photo);
      assertThat(result.equals(photo))
          .as(operation.name())
          .isEqualTo(operation == AugmentOperation.IDENTITY);
    }
  }

  @Test
  void shearingMovesRowsAgainstTheFirst() {
    Pixels ramp = TestFiles.ramp(41, 41);
    Pixels sheared = AugmentOperation.SHEAR_X.effect(-0.5).applyTo(ramp);
    // Each second row below the upper edge lies one column further to the right.
    assertThat(sheared.at(30, 35, 0)).isCloseTo(ramp.at(30, 20, 0), within(3));
    assertThat(sheared.at(0, 25, 0)).isCloseTo(ramp.at(0, 25, 0), within(3));
  }

  @Test
  void trivialAugmentDrawsManyOperations() {
    Pixels photo = TestFiles.photo("pillow/noise.png");
    Set<Pixels> results = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      results.add(
          TrivialAugment.wide()
              .draw(RandomStream.of(1, "t", i), photo.height(), photo.width())
              .applyTo(photo));
    }
    assertThat(results).hasSizeGreaterThan(40);
  }

  @Test
  void oneOfSeveralIsChosenByItsWeight() {
    PixelTransform choice =
        PixelTransform.oneOf(
            0.8, List.of(Grayscale.of(1), RandomErasing.cutout(0.5)), List.of(3.0, 1.0));
    Map<Class<?>, Integer> counts = new HashMap<>();
    for (int i = 0; i < 4000; i++) {
      counts.merge(choice.draw(RandomStream.of(1, "t", i), 60, 60).getClass(), 1, Integer::sum);
    }
    assertThat(counts.get(Grayscale.Grey.class)).isBetween(2250, 2550);
    assertThat(counts.get(RandomErasing.Filled.class)).isBetween(700, 900);
    assertThat(counts.get(PixelTransform.Sampled.NONE.getClass())).isBetween(700, 900);
  }

  @Test
  void aWeightOfNothingIsNeverChosen() {
    PixelTransform choice =
        PixelTransform.oneOf(
            1, List.of(RandomErasing.cutout(0.5), Grayscale.of(1)), List.of(0.0, 2.0));
    for (int i = 0; i < 100; i++) {
      assertThat(choice.draw(RandomStream.of(1, "t", i), 60, 60))
          .isInstanceOf(Grayscale.Grey.class);
    }
  }

  @Test
  void randomApplyAppliesAllOrNone() {
    Pixels photo = TestFiles.photo("pillow/source.png");
    PixelTransform both =
        PixelTransform.randomApply(0.3, List.of(Grayscale.of(1), HorizontalFlip.of(1)));
    Pixels changed = new HorizontalFlip.Mirrored().applyTo(new Grayscale.Grey().applyTo(photo));
    int applied = 0;
    for (int i = 0; i < 300; i++) {
      Pixels result =
          both.draw(RandomStream.of(1, "t", i), photo.height(), photo.width()).applyTo(photo);
      assertThat(result).isIn(photo, changed);
      applied += result.equals(changed) ? 1 : 0;
    }
    assertThat(applied).isBetween(65, 115);
  }

  @Test
  void theSharesOfAugMixAddToOne() {
    for (int i = 0; i < 50; i++) {
      AugMix.Drawn drawn =
          (AugMix.Drawn)
              AugMix.severity(3)
                  .withChains(4, -1)
                  .withAlpha(i % 2 == 0 ? 1 : 0.2)
                  .draw(RandomStream.of(1, "t", i), 60, 80);
      double sum = drawn.share();
      for (AugMix.Chain chain : drawn.chains()) {
        sum += chain.share();
        assertThat(chain.operations()).hasSizeBetween(1, 3);
      }
      assertThat(drawn.chains()).hasSize(4);
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
  }

  @Test
  void augMixKeepsAPlainPhotoPlain() {
    Pixels grey = TestFiles.plain(20, 20, 124, 116, 104);
    Pixels mixed =
        new AugMix.Drawn(
                0.5f,
                ImmutableList.of(
                    new AugMix.Chain(
                        0.5f, ImmutableList.of(new RandomAffine.Drawn(30, 0, 0, 1, 0)))))
            .applyTo(grey);
    assertThat(mixed).isEqualTo(grey);
  }

  @Test
  void strengthsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ColorJitter.of(0.1, 0.1, 0.1, 0.6))
        .withMessageContaining("hue is 0.6, expected 0 to 0.5");
    assertThatIllegalArgumentException().isThrownBy(() -> GaussianBlur.sigma(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> RandomAffine.rotation(200));
    assertThatIllegalArgumentException().isThrownBy(() -> RandomErasing.cutout(0));
    assertThatIllegalArgumentException().isThrownBy(() -> Clahe.clipLimit(0.5, 2));
    assertThatIllegalArgumentException().isThrownBy(() -> AugMix.severity(11));
    assertThatIllegalArgumentException().isThrownBy(() -> AugMix.severity(3).withChains(3, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> AugMix.severity(3).withAlpha(0));
    assertThatIllegalArgumentException().isThrownBy(() -> PixelTransform.oneOf(List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PixelTransform.randomApply(2, List.of(Grayscale.of(1))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PixelTransform.oneOf(1, List.of(Grayscale.of(1)), List.of(0.0)))
        .withMessageContaining("not all 0");
  }
}
