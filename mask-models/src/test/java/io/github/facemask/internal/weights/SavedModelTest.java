package io.github.facemask.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import io.github.facemask.tensor.HostTensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
    Files.createDirectories(folder);

    ModelFolder model = ModelFolder.write(folder, network, tensors, origin);

    Weights weights = WeightFile.read(model.weightsFile());
    LoadedWeights loaded = WeightLoading.of(network).load(weights);
    assertThat(loaded.report().complete()).isTrue();
    tensors.forEach(
        (name, tensor) ->
            assertThat(loaded.tensors().get(name).bytes()).as(name).isEqualTo(tensor.bytes()));
  }

  @Test
  void aKillBetweenCardAndWeightsLeavesTheNewModel() throws Exception {
    Network network = Backbones.get("resnet18").withInputSize(32, 32).network(18);
    Path folder = temporary.resolve("killed");
    ModelFolder old = write(folder, network, 1);
    ModelFolder next = write(temporary.resolve("next"), network, 2);
    // As the kill leaves it: the new card is there, its weights not in their place yet.
    Files.move(next.weightsFile(), folder.resolve(".weights.new"));
    Files.move(next.card(), old.card(), StandardCopyOption.REPLACE_EXISTING);

    ModelFolder found = ModelFolder.open(folder);

    assertThat(found.weightsDigest()).isEqualTo(next.weightsDigest());
    assertThat(found.weights()).hasSize(network.tensors().size());
    ModelFolder third = write(folder, network, 3);
    assertThat(ModelFolder.open(folder).weights()).isNotEmpty();
    assertThat(Digest.ofFile(third.weightsFile())).isEqualTo(third.weightsDigest());
    assertThat(folder.toFile().list()).containsOnly("model.json", "weights.safetensors");
  }

  private static ModelFolder write(Path folder, Network network, long seed) throws Exception {
    Digest none = new Digest("0".repeat(64));
    return ModelFolder.write(
        folder,
        network,
        Initialization.random(network, seed),
        new ModelOrigin(new RunId("run"), none, none, ImmutableList.of("p1"), 1));
  }
}
