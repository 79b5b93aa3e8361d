package io.github.facemask.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.training.Training.RateCurve;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RateFinderTest {

  private static List<RateCurve.Point> points(double... losses) {
    List<RateCurve.Point> points = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      points.add(new RateCurve.Point(Math.pow(10, -5 + 0.1 * i), losses[i], losses[i]));
    }
    return points;
  }

  /** 1 until step 10, falls to step 30, rises after it. */
  private static double[] valley() {
    double[] losses = new double[50];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = i < 10 ? 1 + 0.001 * i : i < 30 ? 1 - 0.04 * (i - 10) : 0.2 + 0.1 * (i - 29);
    }
    return losses;
  }

  @Test
  void theMiddleOfTheLongestFallIsSuggested() {
    double suggested = RateFinder.suggestion(points(valley()));

    assertThat(Math.log10(suggested)).isCloseTo(-5 + 0.1 * 20, within(0.21));
  }

  @Test
  void theSuggestionIsFastaisToTwoSteps() {
    // fastai 2.8.12: valley(lrs, losses, 50) on the same losses.
    assertThat(Math.log10(RateFinder.suggestion(points(valley())))).isCloseTo(-3.2, within(0.21));
    double[] noisy = new double[60];
    for (int i = 0; i < noisy.length; i++) {
      noisy[i] =
          2 - Math.tanh((i - 25) / 8.0) + 0.05 * Math.sin(1.7 * i) + Math.exp((i - 52) / 2.0);
    }
    assertThat(Math.log10(RateFinder.suggestion(points(noisy)))).isCloseTo(-2.3, within(0.21));
  }

  @Test
  void aLossThatDoesNotFallSuggestsNothing() {
    assertThat(RateFinder.suggestion(points(1, 2, 3))).isNaN();
    assertThat(RateFinder.suggestion(points(1, 1.2, 1.1, 1.05, 1.3))).isNaN();
    assertThat(RateFinder.suggestion(List.of())).isNaN();
  }
}
