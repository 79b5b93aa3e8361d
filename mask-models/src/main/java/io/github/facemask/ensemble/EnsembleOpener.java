package io.github.facemask.ensemble;

import ai.djl.Device;
import com.google.common.collect.ImmutableList;
import io.github.facemask.classifier.NetworkOpener;
import io.github.facemask.training.Precision;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Opens models, runs, deployed programs and ensembles, however they vote, for classifying. A
 * deployed program computes with its own numbers.
 */
public final class EnsembleOpener implements NetworkOpener {

  @Override
  public Opened open(Path folder, Device device, Precision precision) throws IOException {
    Ensemble ensemble = Ensemble.open(folder);
    double sum = ensemble.members().stream().mapToDouble(Member::weight).sum();
    ImmutableList.Builder<OpenNetwork> networks = ImmutableList.builder();
    try {
      for (Member member : ensemble.members()) {
        networks.add(
            new OpenNetwork(
                new ViewedClassifier(member.model().load(device, precision), member.view()),
                member.model().preprocessing(),
                member.weight() / sum));
      }
      return new Opened(networks.build(), ensemble.vote());
    } catch (IOException | RuntimeException e) {
      networks.build().forEach(network -> network.classifier().close());
      throw e;
    }
  }
}
