package io.github.facemask.cli;

import com.google.common.collect.ImmutableList;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import java.io.IOException;
import java.nio.file.Path;

/** A model that has learned nothing. */
final class Tiny {

  private Tiny() {}

  static void model(Path folder) throws IOException {
    Network network = Backbones.get("resnet18").withInputSize(32, 32).network();
    ModelFolder.write(
        folder,
        network,
        Initialization.random(network, 1),
        new ModelOrigin(
            new RunId("untrained"),
            Digest.ofText("training"),
            Digest.ofText("validation"),
            ImmutableList.of(),
            1));
  }
}
