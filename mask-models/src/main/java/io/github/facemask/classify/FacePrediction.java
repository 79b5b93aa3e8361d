package io.github.facemask.classify;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import io.github.facemask.internal.calibration.Temperature;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.prediction.Prior;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The prediction of a photo.
 *
 * @param probabilities the 18 probabilities, in the order of the classes' numbers; they sum to 1.
 *     Classes that differ in an attribute that the model does not answer have equal ones
 * @param attributes the attributes that the model answers
 * @param years the expected age in years, of a model that answers it
 * @param confidence the probability of {@link #best}'s value of each attribute that the model
 *     answers, calibrated with the temperatures of the model's card if it has them, 0 to 1. With a
 *     prior, the model's own probabilities are calibrated first, and then corrected
 * @param unsure the attributes whose confidence is below the classifier's threshold
 */
public record FacePrediction(
    List<Double> probabilities,
    ImmutableSet<Attribute> attributes,
    OptionalDouble years,
    ImmutableMap<Attribute, Double> confidence,
    ImmutableSet<Attribute> unsure) {

  /** Checks the number of probabilities. */
  public FacePrediction {
    checkArgument(
        probabilities.size() == FaceClass.COUNT,
        "%s probabilities, expected %s",
        probabilities.size(),
        FaceClass.COUNT);
  }

  /**
   * Makes the prediction of a photo.
   *
   * @param own the model's own probabilities, which the temperatures were fitted for
   * @param probabilities those corrected for other shares of the labels; without a prior the same
   */
  static FacePrediction of(
      List<Double> own,
      List<Double> probabilities,
      ImmutableSet<Attribute> attributes,
      OptionalDouble years,
      Map<Attribute, Double> temperatures,
      double unsureBelow) {
    FacePrediction plain =
        new FacePrediction(probabilities, attributes, years, ImmutableMap.of(), ImmutableSet.of());
    FaceLabel best = plain.best();
    ImmutableMap.Builder<Attribute, Double> confidence = ImmutableMap.builder();
    ImmutableSet.Builder<Attribute> unsure = ImmutableSet.builder();
    for (Attribute attribute : attributes) {
      double calibrated =
          calibrated(
              marginals(own, attribute),
              marginals(probabilities, attribute),
              temperatures.getOrDefault(attribute, 1.0))[best.value(attribute).orElseThrow()];
      confidence.put(attribute, calibrated);
      if (calibrated < unsureBelow) {
        unsure.add(attribute);
      }
    }
    return new FacePrediction(
        probabilities, attributes, years, confidence.buildOrThrow(), unsure.build());
  }

  /**
   * Calibrates an attribute's own probabilities, then multiplies each by the factor by which the
   * prior changed it. For shares of this attribute alone, that factor is the value's share divided
   * by its share in training. A temperature after the prior would be one of the shares, too.
   */
  private static double[] calibrated(double[] own, double[] corrected, double temperature) {
    double[] plain = Temperature.scaled(own, temperature);
    if (Arrays.equals(own, corrected)) {
      return plain;
    }
    double[] factors = new double[own.length];
    for (int i = 0; i < factors.length; i++) {
      // A value without a probability says nothing about its factor.
      factors[i] = own[i] > 0 ? corrected[i] / own[i] : 1;
    }
    return Prior.scaled(plain, factors);
  }

  private static double[] marginals(List<Double> classes, Attribute attribute) {
    double[] sums = new double[attribute.valueNames().size()];
    for (FaceClass faceClass : FaceClass.values()) {
      sums[attribute.of(faceClass)] += classes.get(faceClass.id());
    }
    return sums;
  }

  /**
   * Returns {@link #best} without the attributes that are {@linkplain #unsure unsure}; those are
   * unknown in it.
   */
  public FaceLabel answer() {
    return best().only(Sets.difference(attributes, unsure));
  }

  /**
   * Returns the most probable label of the attributes that the model answers; the lower number on
   * ties. For all three attributes it is the label of a class.
   */
  public FaceLabel best() {
    int best = 0;
    for (int id = 1; id < FaceClass.COUNT; id++) {
      if (probabilities.get(id) > probabilities.get(best)) {
        best = id;
      }
    }
    return FaceLabel.ofId(best).only(attributes);
  }

  /** Returns the probability of a class. */
  public double probability(FaceClass faceClass) {
    return probabilities.get(faceClass.id());
  }

  /** Returns the probability of a label: the sum over the classes that agree with it. */
  public double probability(FaceLabel label) {
    checkAnswered(label.known());
    double sum = 0;
    for (FaceClass faceClass : label.classes()) {
      sum += probability(faceClass);
    }
    return sum;
  }

  private void checkAnswered(Set<Attribute> asked) {
    check(
        attributes.containsAll(asked),
        "attributes",
        asked.stream().map(Attribute::word).collect(Collectors.joining(",")),
        "attributes that the model answers: "
            + attributes.stream().map(Attribute::word).collect(Collectors.joining(",")));
  }

  /**
   * Returns the marginal probability of a mask state.
   *
   * @throws IllegalArgumentException if the model does not answer the mask
   */
  public double probability(MaskState mask) {
    checkAnswered(Set.of(Attribute.MASK));
    return sum(c -> c.mask() == mask);
  }

  /**
   * Returns the marginal probability of a gender.
   *
   * @throws IllegalArgumentException if the model does not answer the gender
   */
  public double probability(Gender gender) {
    checkAnswered(Set.of(Attribute.GENDER));
    return sum(c -> c.gender() == gender);
  }

  /**
   * Returns the marginal probability of an age group.
   *
   * @throws IllegalArgumentException if the model does not answer the age
   */
  public double probability(AgeGroup age) {
    checkAnswered(Set.of(Attribute.AGE));
    return sum(c -> c.age() == age);
  }

  private double sum(Predicate<FaceClass> condition) {
    double sum = 0;
    for (FaceClass faceClass : FaceClass.values()) {
      if (condition.test(faceClass)) {
        sum += probability(faceClass);
      }
    }
    return sum;
  }
}
