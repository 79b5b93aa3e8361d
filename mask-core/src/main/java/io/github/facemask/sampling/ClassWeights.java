package io.github.facemask.sampling;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Doubles;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.sampling.WeightedSampler.PhotoWeights;
import java.util.List;

/**
 * A weight for each class, for a loss or for a sampler. Weights of single photos are {@link
 * PhotoWeights}.
 *
 * @param values the 18 weights, at the index of the class's id; 0 or more, not all 0
 */
public record ClassWeights(List<Double> values) {

  /** Checks the weights. */
  public ClassWeights {
    checkArgument(
        values.size() == FaceClass.COUNT,
        "there are %s class weights, expected %s",
        values.size(),
        FaceClass.COUNT);
    double sum = 0;
    for (int id = 0; id < values.size(); id++) {
      double weight = values.get(id);
      checkArgument(
          weight >= 0 && weight < Double.POSITIVE_INFINITY,
          "the weight of class %s is %s, expected a number of 0 or more",
          (Object) id,
          weight);
      sum += weight;
    }
    checkArgument(sum > 0, "all class weights are 0, expected one above 0");
  }

  /**
   * Returns some weights.
   *
   * @param values the 18 weights, at the index of the class's id
   */
  public static ClassWeights of(double... values) {
    return new ClassWeights(ImmutableList.copyOf(Doubles.asList(values)));
  }

  /**
   * Returns the inverse frequency N / (K n), as scikit-learn's {@code class_weight="balanced"}, so
   * that all classes have the same total weight. N is the number of photos, K the number of classes
   * that occur, n the number of the class's photos. A class without photos has weight 0. A photo
   * with unknown attributes counts as in {@link PhotoSet#classShares}.
   *
   * @param photos the photos to count
   */
  public static ClassWeights inverseFrequency(PhotoSet photos) {
    double[] counts = photos.classShares();
    int present = present(counts);
    double[] weights = new double[counts.length];
    for (int id = 0; id < counts.length; id++) {
      weights[id] = counts[id] == 0 ? 0 : photos.size() / (present * counts[id]);
    }
    return of(weights);
  }

  /**
   * Returns the square roots of the inverse frequencies: between the given frequencies and balance.
   *
   * @param photos the photos to count
   */
  public static ClassWeights squareRoot(PhotoSet photos) {
    return of(inverseFrequency(photos).values.stream().mapToDouble(Math::sqrt).toArray());
  }

  /**
   * Returns (1 - beta) / (1 - beta^n), scaled to sum to the number of classes that occur (Cui et
   * al., "Class-balanced loss based on effective number of samples", CVPR 2019).
   *
   * @param photos the photos to count
   * @param beta from 0 (no weighting) to below 1 (near inverse frequency); often 0.999
   */
  public static ClassWeights effectiveNumber(PhotoSet photos, double beta) {
    check(beta >= 0 && beta < 1, "beta", beta, "0 to below 1");
    double[] counts = photos.classShares();
    double[] weights = new double[counts.length];
    double sum = 0;
    for (int id = 0; id < counts.length; id++) {
      weights[id] = counts[id] == 0 ? 0 : (1 - beta) / (1 - Math.pow(beta, counts[id]));
      sum += weights[id];
    }
    double scale = present(counts) / sum;
    for (int id = 0; id < weights.length; id++) {
      weights[id] *= scale;
    }
    return of(weights);
  }

  /** Returns a copy of the weights, at the index of the class's id. */
  public double[] toArray() {
    return Doubles.toArray(values);
  }

  /**
   * Returns the weight of a label: the mean weight of the classes that agree with it, or 0 if
   * nothing is known.
   *
   * @param label the label
   */
  public double of(FaceLabel label) {
    if (label.known().isEmpty()) {
      return 0;
    }
    double sum = 0;
    for (FaceClass faceClass : label.classes()) {
      sum += values.get(faceClass.id());
    }
    return sum / label.classes().size();
  }

  private static int present(double[] counts) {
    int present = 0;
    for (double count : counts) {
      present += count > 0 ? 1 : 0;
    }
    checkArgument(present > 0, "there are no labelled photos to count, expected one or more");
    return present;
  }
}
