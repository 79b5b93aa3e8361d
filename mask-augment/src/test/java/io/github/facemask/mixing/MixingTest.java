package io.github.facemask.mixing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableList;
import io.github.facemask.label.FaceClass;
import io.github.facemask.random.RandomStream;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MixingTest {

  private static final int SIDE = 8;

  /** Photo i has the value 10 * i + 5 everywhere. */
  private static ByteBuffer photos(int count) {
    ByteBuffer pixels = ByteBuffer.allocateDirect(count * SIDE * SIDE * 3);
    for (int i = 0; i < pixels.capacity(); i++) {
      pixels.put(i, (byte) (10 * (i / (SIDE * SIDE * 3)) + 5));
    }
    return pixels;
  }

  /** Photo i has class i. */
  private static float[][] targets(int count) {
    float[][] targets = new float[count][FaceClass.COUNT];
    for (int i = 0; i < count; i++) {
      targets[i][i] = 1;
    }
    return targets;
  }

  private static int at(ByteBuffer pixels, int photo, int y, int x) {
    return pixels.get(((photo * SIDE + y) * SIDE + x) * 3 + 1) & 0xff;
  }

  @Test
  void pastingTakesTheRectangleOfThePredecessor() {
    ByteBuffer pixels = photos(4);
    float[][] targets = targets(4);
    new Mixing.Plan.Paste(2, 1, 5, 8, MixingDraws.predecessors(4))
        .applyTo(pixels, SIDE, SIDE, targets);
    for (int i = 0; i < 4; i++) {
      int donor = (i + 3) % 4;
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          boolean inside = y >= 2 && y < 5 && x >= 1;
          assertThat(at(pixels, i, y, x)).isEqualTo(10 * (inside ? donor : i) + 5);
        }
      }
      assertThat(targets[i][i]).isCloseTo(1 - 21f / 64, within(1e-6f));
      assertThat(targets[i][donor]).isCloseTo(21f / 64, within(1e-6f));
    }
  }

  @Property(tries = 200)
  void pastingInPlaceIsPastingFromACopy(
      @ForAll @Size(min = 1, max = 12) List<@IntRange(max = 11) Integer> wishes) {
    int count = wishes.size();
    List<Integer> donors = ImmutableList.copyOf(wishes.stream().map(d -> d % count).toList());
    ByteBuffer pixels = photos(count);
    new Mixing.Plan.Paste(0, 0, 3, 3, donors).applyTo(pixels, SIDE, SIDE, targets(count));
    for (int i = 0; i < count; i++) {
      assertThat(at(pixels, i, 1, 1)).isEqualTo(10 * donors.get(i) + 5);
      assertThat(at(pixels, i, 5, 5)).isEqualTo(10 * i + 5);
    }
  }

  @Property(tries = 200)
  void cutMixTargetsAreTheVisibleShares(@ForAll long seed) {
    ByteBuffer pixels = photos(5);
    float[][] targets = targets(5);
    CutMix.alpha(1).draw(seed, 1, 2, SIDE, SIDE, targets).applyTo(pixels, SIDE, SIDE, targets);
    for (int i = 0; i < 5; i++) {
      int own = 0;
      for (int p = 0; p < SIDE * SIDE; p++) {
        own += at(pixels, i, p / SIDE, p % SIDE) == 10 * i + 5 ? 1 : 0;
      }
      assertThat(targets[i][i]).isCloseTo(own / 64f, within(1e-6f));
      assertThat(targets[i][(i + 4) % 5]).isCloseTo(1 - own / 64f, within(1e-6f));
    }
  }

  @Test
  void cutMixBoxesAreSquareUnlessClipped() {
    int square = 0;
    for (int batch = 0; batch < 300; batch++) {
      Mixing.Plan.Paste plan =
          (Mixing.Plan.Paste) CutMix.alpha(1).draw(3, 0, batch, 100, 100, targets(2));
      boolean inside =
          plan.top() > 0 && plan.left() > 0 && plan.bottom() < 100 && plan.right() < 100;
      if (inside) {
        square++;
        assertThat(plan.bottom() - plan.top()).isEqualTo(plan.right() - plan.left());
      }
    }
    assertThat(square).isBetween(40, 260);
  }

  @Test
  void theProbabilityIsThatOfABatch() {
    int mixed = 0;
    for (int batch = 0; batch < 2000; batch++) {
      mixed +=
          CutMix.alpha(1).withProbability(0.25).draw(9, 0, batch, 20, 20, targets(2))
                  instanceof Mixing.Plan.Paste
              ? 1
              : 0;
    }
    assertThat(mixed).isBetween(413, 587); // 4.5 standard deviations
  }

  @Test
  void drawsDependOnSeedEpochAndBatchAlone() {
    CutMix cutMix = CutMix.alpha(1);
    Mixing.Plan plan = cutMix.draw(1, 2, 3, 224, 224, targets(4));
    assertThat(cutMix.draw(1, 2, 3, 224, 224, targets(4))).isEqualTo(plan);
    assertThat(cutMix.draw(2, 2, 3, 224, 224, targets(4))).isNotEqualTo(plan);
    assertThat(cutMix.draw(1, 3, 3, 224, 224, targets(4))).isNotEqualTo(plan);
    assertThat(cutMix.draw(1, 2, 4, 224, 224, targets(4))).isNotEqualTo(plan);
  }

  @Test
  void onlyChosenClassesDonate() {
    CutMix cutMix = CutMix.alpha(1).withDonorClasses(List.of(FaceClass.ofId(2), FaceClass.ofId(5)));
    Mixing.Plan.Paste plan = (Mixing.Plan.Paste) cutMix.draw(4, 0, 0, SIDE, SIDE, targets(8));
    for (int i = 0; i < 8; i++) {
      assertThat(plan.donors().get(i)).isIn(2, 5);
    }
    ByteBuffer pixels = photos(2); // classes 0 and 1: nobody to donate
    float[][] targets = targets(2);
    cutMix.draw(4, 0, 0, SIDE, SIDE, targets).applyTo(pixels, SIDE, SIDE, targets);
    assertThat(pixels).isEqualTo(photos(2));
    assertThat(targets).isDeepEqualTo(targets(2));
  }

  @Test
  void blendingMixesEveryPixelByTheTargetsShare() {
    ByteBuffer pixels = photos(3);
    float[][] targets = targets(3);
    new Mixing.Plan.Blend(192, MixingDraws.predecessors(3)).applyTo(pixels, SIDE, SIDE, targets);
    // 0.75 * 5 + 0.25 * 25, 0.75 * 15 + 0.25 * 5, 0.75 * 25 + 0.25 * 15, halves upwards
    int[] expected = {10, 13, 23};
    for (int i = 0; i < 3; i++) {
      for (int p = 0; p < SIDE * SIDE; p++) {
        assertThat(at(pixels, i, p / SIDE, p % SIDE)).isEqualTo(expected[i]);
      }
      assertThat(targets[i][i]).isEqualTo(0.75f);
      assertThat(targets[i][(i + 2) % 3]).isEqualTo(0.25f);
    }
  }

  @Test
  void blendingExtremesKeepsTheRange() {
    ByteBuffer pixels = ByteBuffer.allocateDirect(2 * 5 * 3);
    for (int i = 0; i < 15; i++) {
      pixels.put(i, (byte) 255);
    }
    new Mixing.Plan.Blend(128, MixingDraws.predecessors(2)).applyTo(pixels, 1, 5, targets(2));
    for (int i = 0; i < 30; i++) {
      assertThat(pixels.get(i)).isEqualTo((byte) 128);
    }
  }

  @Test
  void betaHasItsMeanAndVariance() {
    for (double alpha : new double[] {0.2, 1, 4}) {
      double sum = 0;
      double squares = 0;
      int count = 20_000;
      for (int i = 0; i < count; i++) {
        double value = MixingDraws.beta(RandomStream.of(5, "beta", i), alpha);
        assertThat(value).isBetween(0.0, 1.0);
        sum += value;
        squares += value * value;
      }
      double mean = sum / count;
      assertThat(mean).isCloseTo(0.5, within(0.015));
      assertThat(squares / count - mean * mean).isCloseTo(1 / (4 * (2 * alpha + 1)), within(0.006));
    }
  }

  @Test
  void halvesLieOnTheirSides() {
    float[][] targets = targets(2);
    ByteBuffer pixels = photos(2);
    HalfFace.of(HalfFace.Side.UPPER)
        .draw(1, 1, 1, SIDE, SIDE, targets)
        .applyTo(pixels, SIDE, SIDE, targets);
    assertThat(at(pixels, 0, 3, 0)).isEqualTo(15);
    assertThat(at(pixels, 0, 4, 7)).isEqualTo(5);
    assertThat(targets[0][0]).isEqualTo(0.5f);
    assertThat(targets[0][1]).isEqualTo(0.5f);
    ByteBuffer right = photos(2);
    HalfFace.of(HalfFace.Side.RIGHT)
        .draw(1, 1, 1, SIDE, SIDE, targets(2))
        .applyTo(right, SIDE, SIDE, targets(2));
    assertThat(at(right, 1, 0, 3)).isEqualTo(15);
    assertThat(at(right, 1, 0, 4)).isEqualTo(5);
  }

  @Test
  void oneOfUsesAllItsMixings() {
    OneOf either = OneOf.of(List.of(CutMix.alpha(1), MixUp.alpha(0.4)));
    int pasted = 0;
    for (int batch = 0; batch < 400; batch++) {
      Mixing.Plan plan = either.draw(2, 0, batch, 20, 20, targets(3));
      pasted += plan instanceof Mixing.Plan.Paste ? 1 : 0;
    }
    assertThat(pasted).isBetween(155, 245);
  }

  @Test
  void choicesAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CutMix.alpha(0))
        .withMessageContaining("alpha is 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MixUp.alpha(1).withProbability(1.5))
        .withMessageContaining("probability is 1.5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HalfFace.leftOrRight().withDonorClasses(List.of()));
  }
}
