package io.github.facemask.classify;

import ai.djl.Device;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.Doubles;
import io.github.facemask.combination.Vote;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.Member;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.facecrop.FaceDetectors;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.prediction.Prior;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * The loaded networks of an ensemble. Thread-safe.
 *
 * @param networks at least one
 * @param vote how their predictions are combined, in the order of the networks
 * @param attributes the attributes that they answer
 * @param temperatures the calibration of each attribute; empty for none
 */
record OpenEnsemble(
    ImmutableList<OpenNetwork> networks,
    Vote vote,
    ImmutableSet<Attribute> attributes,
    ImmutableMap<Attribute, Double> temperatures)
    implements AutoCloseable {

  /** Returns the crop of the first network that sees crops; empty if all see whole photos. */
  Optional<FaceCrop> crop() {
    return networks.stream().flatMap(network -> network.faces().stream()).findFirst();
  }

  /**
   * A loaded network.
   *
   * @param classifier the network, thread-safe
   * @param preprocessing its preprocessing
   * @param faces the face crop that it expects; empty for whole photos
   * @param share its share of the vote; shares sum to 1
   * @param factors the factor of each class for other shares of the classes than in training, as
   *     {@link Ensemble#voteFactors}; empty for no correction
   */
  record OpenNetwork(
      PhotoClassifier classifier,
      Preprocessing preprocessing,
      Optional<FaceCrop> faces,
      double share,
      ImmutableList<Double> factors) {

    /** Returns an answer corrected for other shares of the classes, for the vote. */
    double[] corrected(double[] row) {
      if (factors.isEmpty()) {
        return row;
      }
      double[] classes =
          Prior.scaled(Arrays.copyOf(row, FaceClass.COUNT), Doubles.toArray(factors));
      double[] corrected = row.clone();
      System.arraycopy(classes, 0, corrected, 0, classes.length);
      return corrected;
    }
  }

  /**
   * Loads the networks of an ensemble.
   *
   * @param ensemble the models
   * @param device the device to run them on
   * @param precision the precision to compute in; exported programs have their own
   * @param detector a face detector for members that were trained on its crops; empty for the
   *     detectors of the library and the models
   * @param target the shares of the labels among the photos to classify; empty for no correction
   * @param training the shares in the training of members whose card does not have them
   * @return the networks, which the caller closes
   * @throws FaceDetectors.UnavailableException if a member's face detector is not available, or no
   *     member was trained with the given one
   * @throws IOException if one cannot be loaded, or its weights were changed
   */
  static OpenEnsemble of(
      Ensemble ensemble,
      Device device,
      Precision precision,
      Optional<FaceDetector> detector,
      Optional<Prior> target,
      Optional<Prior> training)
      throws IOException {
    Optional<ImmutableList<ImmutableList<Double>>> factors =
        target.map(shares -> ensemble.voteFactors(ensemble.trainingPriors(training), shares));
    ensemble.refuseOtherDetector(detector);
    double sum = ensemble.members().stream().mapToDouble(Member::weight).sum();
    ImmutableList.Builder<OpenNetwork> networks = ImmutableList.builder();
    try {
      for (Member member : ensemble.members()) {
        networks.add(
            new OpenNetwork(
                member.load(device, precision),
                member.model().preprocessing(),
                member.model().faceCrop(detector),
                member.weight() / sum,
                factors
                    .map(all -> all.get(ensemble.members().indexOf(member)))
                    .orElse(ImmutableList.of())));
      }
      return new OpenEnsemble(
          networks.build(), ensemble.vote(), ensemble.attributes(), ensemble.temperatures());
    } catch (IOException | RuntimeException e) {
      networks.build().forEach(network -> network.classifier().close());
      throw e;
    }
  }

  @Override
  public void close() {
    networks.forEach(network -> network.classifier().close());
  }
}
