package io.github.facemask.ensemble;

import ai.djl.Device;
import com.google.common.collect.ImmutableList;
import io.github.facemask.combination.Vote;
import io.github.facemask.prediction.PhotoClassifier;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.tensor.Precision;
import java.io.IOException;

/**
 * The networks of an ensemble, loaded. Safe for several threads.
 *
 * @param networks at least one
 * @param vote how they answer, in the order of the networks
 */
public record OpenEnsemble(ImmutableList<OpenNetwork> networks, Vote vote)
    implements AutoCloseable {

  /**
   * A network that is loaded.
   *
   * @param classifier the network, safe for several threads
   * @param preprocessing what it expects of photos
   * @param share its share of the answer; shares sum to 1
   */
  public record OpenNetwork(
      PhotoClassifier classifier, Preprocessing preprocessing, double share) {}

  /**
   * Loads the networks of an ensemble.
   *
   * @param ensemble the models
   * @param device where to run them
   * @param precision the precision to compute in; exported programs have their own
   * @return the networks, which the caller closes
   * @throws IOException if one cannot be loaded, or its weights were changed
   */
  public static OpenEnsemble of(Ensemble ensemble, Device device, Precision precision)
      throws IOException {
    double sum = ensemble.members().stream().mapToDouble(Member::weight).sum();
    ImmutableList.Builder<OpenNetwork> networks = ImmutableList.builder();
    try {
      for (Member member : ensemble.members()) {
        networks.add(
            new OpenNetwork(
                new MemberClassifier(member.model().load(device, precision), member),
                member.model().preprocessing(),
                member.weight() / sum));
      }
      return new OpenEnsemble(networks.build(), ensemble.vote());
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
