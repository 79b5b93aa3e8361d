package io.github.facemask.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.internal.weights.Safetensors;
import io.github.facemask.network.Network;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import io.github.facemask.tensor.HostTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFolderTest {

  @TempDir Path folder;

  private ModelFolder write() throws IOException {
    Network network = Backbones.get("resnet18").withInputSize(32, 48).network();
    return ModelFolder.write(
        folder.resolve("model"),
        network,
        Initialization.random(network, 1),
        Optional.of(FaceCrop.cascade()),
        new ModelOrigin(
            new RunId("run"),
            Digest.ofText("training"),
            Digest.ofText("validation"),
            ImmutableList.of("anna"),
            3));
  }

  @Test
  void aModelIsOpenedAsItWasWritten() throws IOException {
    ModelFolder written = write();

    ModelFolder read = ModelFolder.open(written.path());

    assertThat(read).isEqualTo(written);
    assertThat(read.preprocessing().width()).isEqualTo(48);
    assertThat(read.faces()).isPresent();
    assertThat(read.weights().keySet()).isEqualTo(written.weights().keySet());
  }

  @Test
  void changedWeightsAreRefused() throws IOException {
    ModelFolder written = write();
    byte[] bytes = Files.readAllBytes(written.weightsFile());
    bytes[bytes.length - 1] ^= 1;
    Files.write(written.weightsFile(), bytes);

    assertThatThrownBy(() -> ModelFolder.open(written.path()).weights())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("weights.safetensors");
  }

  @Test
  void weightsThatAreNotFiniteAreNeitherWrittenNorRead() throws IOException {
    Network network = Backbones.get("resnet18").withInputSize(32, 48).network();
    Map<String, HostTensor> weights = new LinkedHashMap<>(Initialization.random(network, 1));
    HostTensor variance = weights.get("bn1.running_var");
    float[] values = variance.toFloats();
    values[3] = Float.NaN;
    weights.put("bn1.running_var", HostTensor.ofFloats(variance.shape(), values));

    assertThatThrownBy(
            () -> ModelFolder.write(folder.resolve("broken"), network, weights, write().origin()))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("1 of the 64 numbers of bn1.running_var are NaN or infinite");
    assertThat(folder.resolve("broken")).doesNotExist();

    // A folder that something else wrote, with the right digest.
    ModelFolder model = write();
    String before = model.weightsDigest().hex();
    Safetensors.write(model.weightsFile(), weights, Map.of());
    String after = Digest.ofFile(model.weightsFile()).hex();
    Files.writeString(model.card(), Files.readString(model.card()).replace(before, after));
    assertThatThrownBy(() -> ModelFolder.open(model.path()).weights())
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("bn1.running_var");
  }

  @Test
  void aCardThatLacksAValueIsNamed() throws IOException {
    ModelFolder written = write();
    String text = Files.readString(written.card());
    Files.writeString(written.card(), text.replace("\"architecture\"", "\"family\""));

    assertThatThrownBy(() -> ModelFolder.open(written.path()))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("model.json");
  }
}
