package io.github.facemask.classify;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import java.util.List;
import java.util.function.Predicate;

/**
 * The prediction of a photo.
 *
 * @param probabilities the 18 probabilities, in the order of the classes' numbers; they sum to 1
 */
public record FacePrediction(List<Double> probabilities) {

  /** Checks their number. */
  public FacePrediction {
    checkArgument(
        probabilities.size() == FaceClass.COUNT,
        "%s probabilities, expected %s",
        probabilities.size(),
        FaceClass.COUNT);
  }

  /** Returns the most probable class; the lower class number on ties. */
  public FaceClass best() {
    int best = 0;
    for (int id = 1; id < FaceClass.COUNT; id++) {
      if (probabilities.get(id) > probabilities.get(best)) {
        best = id;
      }
    }
    return FaceClass.ofId(best);
  }

  /** Returns the probability of a class. */
  public double probability(FaceClass faceClass) {
    return probabilities.get(faceClass.id());
  }

  /** Returns the marginal probability of a mask state. */
  public double probability(MaskState mask) {
    return sum(c -> c.mask() == mask);
  }

  /** Returns the marginal probability of a gender. */
  public double probability(Gender gender) {
    return sum(c -> c.gender() == gender);
  }

  /** Returns the marginal probability of an age group. */
  public double probability(AgeGroup age) {
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
