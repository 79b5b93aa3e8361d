package io.github.facemask.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.catalog.Backbones;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Initialization;
import io.github.facemask.network.Network;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import io.github.facemask.tensor.HostTensor;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedModelTest {

  /** Set it to keep the folder, for benchmarks/peers/load_in_timm.py. */
  private static final String KEEP = "facemask.savedModel";

  @TempDir Path temporary;

  @Test
  void savedWeightsAreReadAndFitAgain() throws Exception {
    String kept = System.getProperty(KEEP);
    Path folder = kept == null ? temporary.resolve("model") : Path.of(kept);
    Network network = Backbones.get("resnet18").network(18);
    ImmutableMap<String, HostTensor> tensors = Initialization.random(network, 5);
    Digest none = new Digest("0".repeat(64));
    ModelOrigin origin =
        new ModelOrigin(new RunId("20240101-000000-abcdef"), none, none, ImmutableList.of("p1"), 1);
    java.nio.file.Files.createDirectories(folder);

    ModelFolder model = ModelFolder.write(folder, network, tensors, origin);

    Weights weights = WeightFile.read(model.weightsFile());
    LoadedWeights loaded = WeightLoading.of(network).load(weights);
    assertThat(loaded.report().complete()).isTrue();
    tensors.forEach(
        (name, tensor) ->
            assertThat(loaded.tensors().get(name).bytes()).as(name).isEqualTo(tensor.bytes()));
  }
}
