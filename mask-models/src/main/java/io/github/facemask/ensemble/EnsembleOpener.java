package io.github.facemask.ensemble;

import ai.djl.Device;
import com.google.common.collect.ImmutableList;
import io.github.facemask.catalog.TrainedModel;
import io.github.facemask.classifier.NetworkOpener;
import io.github.facemask.deploy.DeployFolder;
import io.github.facemask.training.Precision;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Opens models, runs, deployed programs and ensembles of averaged probabilities for classifying. A
 * deployed program computes with its own numbers.
 */
public final class EnsembleOpener implements NetworkOpener {

  @Override
  public ImmutableList<OpenNetwork> open(Path folder, Device device, Precision precision)
      throws IOException {
    if (DeployFolder.isOne(folder)) {
      DeployFolder deployed = DeployFolder.open(folder);
      return ImmutableList.of(new OpenNetwork(deployed.load(device), deployed.preprocessing(), 1));
    }
    Ensemble ensemble = Ensemble.open(folder);
    double sum = ensemble.members().stream().mapToDouble(Member::weight).sum();
    ImmutableList.Builder<OpenNetwork> networks = ImmutableList.builder();
    try {
      for (Member member : ensemble.members()) {
        networks.add(
            new OpenNetwork(
                TrainedModel.open(member.model().path(), device, precision),
                member.model().preprocessing(),
                member.weight() / sum));
      }
      return networks.build();
    } catch (IOException e) {
      networks.build().forEach(network -> network.classifier().close());
      throw e;
    }
  }
}
