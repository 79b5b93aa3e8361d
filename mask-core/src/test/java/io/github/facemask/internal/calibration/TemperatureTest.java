package io.github.facemask.internal.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class TemperatureTest {

  /** Probabilities of the female gender, and whether the person is female. */
  private static final double[] FEMALE = {
    0.728, 0.037, 0.975, 0.846, 0.406, 0.982, 0.767, 0.987, 0.092, 0.998, 1.0, 0.559, 0.314, 0.826,
    0.071, 0.276, 0.375, 0.781, 0.001, 0.022, 0.802, 0.657, 0.146, 0.043
  };

  private static final int[] IS = {
    0, 0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0
  };

  private static float[] row(double female) {
    float[] row = new float[FaceClass.COUNT];
    for (FaceClass c : FaceClass.values()) {
      double gender = c.gender() == Gender.FEMALE ? female : 1 - female;
      row[c.id()] = (float) (gender / (FaceClass.COUNT / 2));
    }
    return row;
  }

  private static FaceLabel gender(boolean female) {
    return FaceLabel.UNKNOWN.withGender(Optional.of(female ? Gender.FEMALE : Gender.MALE));
  }

  @Test
  void theTemperatureIsThatOfScipy() {
    float[][] rows = new float[FEMALE.length][];
    List<FaceLabel> labels = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row(FEMALE[i]);
      labels.add(gender(IS[i] == 1));
    }
    // scipy.optimize.minimize_scalar over the logarithm, bounds 0.25 to 8.
    assertThat(Temperature.fit(rows, labels).get(Attribute.GENDER))
        .isCloseTo(0.9700510429, within(1e-4));
    // Nobody knows mask and age.
    assertThat(Temperature.fit(rows, labels)).containsOnlyKeys(Attribute.GENDER);
  }

  @Property(tries = 10)
  void theTemperatureOfTheLabelsIsFound(@ForAll @DoubleRange(min = 0.6, max = 3) double true0) {
    // Labels in exactly the shares that this temperature gives each probability, to a thousandth.
    int said = 40;
    int copies = 1000;
    float[][] rows = new float[said * copies][];
    List<FaceLabel> labels = new ArrayList<>();
    for (int k = 0; k < said; k++) {
      double female = 0.02 + 0.96 * k / (said - 1);
      double happens = Temperature.scaled(new double[] {female, 1 - female}, true0)[0];
      float[] row = row(female);
      for (int c = 0; c < copies; c++) {
        rows[labels.size()] = row;
        labels.add(gender(c < Math.rint(happens * copies)));
      }
    }
    assertThat(Temperature.fit(rows, labels).get(Attribute.GENDER))
        .isCloseTo(true0, within(0.01 * true0));
  }

  @Test
  void aPerfectSetMakesNoTemperatureOfZeroAndAWrongOneNoInfiniteOne() {
    float[][] rows = new float[40][];
    List<FaceLabel> right = new ArrayList<>();
    List<FaceLabel> wrong = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row(i % 2 == 0 ? 0.9 : 0.1);
      right.add(gender(i % 2 == 0));
      wrong.add(gender(i % 2 != 0));
    }
    assertThat(Temperature.fit(rows, right).get(Attribute.GENDER)).isCloseTo(0.25, within(1e-3));
    assertThat(Temperature.fit(rows, wrong).get(Attribute.GENDER)).isCloseTo(8, within(1e-2));
  }

  @Test
  void aFewPhotosSayNothing() {
    float[][] rows = new float[19][];
    List<FaceLabel> labels = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row(0.5);
      labels.add(FaceLabel.of(FaceClass.ofId(i % 18)));
    }
    assertThat(Temperature.fit(rows, labels)).isEmpty();
  }

  @Test
  void marginalsSumTheClasses() {
    float[] classes = new float[FaceClass.COUNT + 1];
    classes[FaceClass.COUNT] = 42; // the years
    classes[
            FaceLabel.of(
                    Optional.of(MaskState.WORN),
                    Optional.of(Gender.MALE),
                    Optional.of(AgeGroup.values()[0]))
                .faceClass()
                .orElseThrow()
                .id()] =
        0.75f;
    classes[
            FaceLabel.of(
                    Optional.of(MaskState.WORN),
                    Optional.of(Gender.FEMALE),
                    Optional.of(AgeGroup.values()[2]))
                .faceClass()
                .orElseThrow()
                .id()] =
        0.25f;
    assertThat(Temperature.marginals(classes, Attribute.MASK)).containsExactly(1, 0, 0);
    assertThat(Temperature.marginals(classes, Attribute.AGE)).containsExactly(0.75, 0, 0.25);
  }

  @Property
  void scalingKeepsTheOrderAndTheSum(
      @ForAll @DoubleRange(min = 0.01, max = 0.98) double first,
      @ForAll @DoubleRange(min = 0.25, max = 8) double temperature) {
    double[] given = {first, (1 - first) / 3, 2 * (1 - first) / 3};
    double[] scaled = Temperature.scaled(given, temperature);
    assertThat(scaled[0] + scaled[1] + scaled[2]).isCloseTo(1, within(1e-12));
    assertThat(scaled[2]).isGreaterThan(scaled[1]);
    assertThat(Temperature.scaled(given, 1)).containsExactly(given, within(1e-12));
  }
}
