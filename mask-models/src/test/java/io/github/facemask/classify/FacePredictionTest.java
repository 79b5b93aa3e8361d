package io.github.facemask.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Doubles;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.Prior;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Confidence after temperature and prior. */
class FacePredictionTest {

  private static final Set<Attribute> MASK = Set.of(Attribute.MASK);
  private static final ImmutableSet<Attribute> ALL = ImmutableSet.copyOf(Attribute.values());

  /** Masks of these probabilities, all else equal. */
  private static double[] masks(double... mask) {
    double[] classes = new double[FaceClass.COUNT];
    Arrays.setAll(classes, id -> mask[FaceClass.ofId(id).mask().ordinal()] / 6);
    return classes;
  }

  private static FacePrediction prediction(
      double[] own, Prior training, Prior target, double temperature, double unsureBelow) {
    double[] corrected = Prior.scaled(own, target.factors(training, ALL));
    return FacePrediction.of(
        Doubles.asList(own),
        Doubles.asList(corrected),
        ALL,
        OptionalDouble.empty(),
        Map.of(Attribute.MASK, temperature),
        unsureBelow);
  }

  @Test
  void theTemperatureIsOfTheModelAndNotOfThePrior() {
    // The model knows nothing, so the answer is the prior, at any temperature.
    FacePrediction blind =
        prediction(
            masks(1 / 3.0, 1 / 3.0, 1 / 3.0),
            Prior.uniform(),
            Prior.of(MASK, 0.897, 0.053, 0.05),
            0.25,
            0.9);

    assertThat(blind.confidence().get(Attribute.MASK)).isCloseTo(0.897, within(1e-9));
    assertThat(blind.unsure()).contains(Attribute.MASK);
  }

  @Test
  void confidenceIsCalibratedThenCorrectedByHand() {
    FacePrediction prediction =
        prediction(
            masks(0.6, 0.3, 0.1),
            Prior.of(MASK, 0.5, 0.25, 0.25),
            Prior.of(MASK, 0.1, 0.1, 0.8),
            0.5,
            0.5);

    // Corrected: 0.6 * 0.1 / 0.5 = 0.12, 0.3 * 0.1 / 0.25 = 0.12, 0.1 * 0.8 / 0.25 = 0.32.
    assertThat(prediction.best().mask()).map(Enum::ordinal).contains(2);
    // At temperature 0.5: 0.36, 0.09, 0.01; with the factors 0.2, 0.4, 3.2: 0.072, 0.036, 0.032.
    assertThat(prediction.confidence().get(Attribute.MASK)).isCloseTo(0.032 / 0.14, within(1e-9));
    assertThat(prediction.unsure()).contains(Attribute.MASK);
    // Shares of the mask leave an independent attribute as it is.
    assertThat(prediction.confidence().get(Attribute.GENDER)).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void withoutATemperatureConfidenceIsTheCorrectedProbability() {
    double[] own = new double[FaceClass.COUNT];
    double[] target = new double[FaceClass.COUNT];
    Arrays.setAll(own, id -> (1 + id * 7 % 5) / 54.0);
    Arrays.setAll(target, id -> 1 + id * 11 % 7);
    FacePrediction prediction = prediction(own, Prior.uniform(), Prior.of(target), 1, 0);

    for (Attribute attribute : Attribute.values()) {
      assertThat(prediction.confidence().get(attribute))
          .isCloseTo(
              prediction.probability(prediction.best().only(Set.of(attribute))), within(1e-9));
    }
  }

  @Test
  void aValueWithoutProbabilityIsNoDivisionByZero() {
    FacePrediction prediction =
        prediction(masks(0, 0.5, 0.5), Prior.uniform(), Prior.of(MASK, 0.8, 0.1, 0.1), 1, 0);

    assertThat(prediction.confidence().get(Attribute.MASK)).isCloseTo(0.5, within(1e-6));
  }
}
