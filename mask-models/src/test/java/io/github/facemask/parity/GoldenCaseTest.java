package io.github.facemask.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.facemask.backbone.resnet.ResNet;
import io.github.facemask.network.Network;
import io.github.facemask.script.MemoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GoldenCaseTest {

  @ParameterizedTest
  @ValueSource(strings = {"resnet18-64-seed1", "resnet18-224-seed1"})
  void resnetAgreesWithTimm(String name) throws IOException {
    GoldenCase golden = GoldenCase.read(Path.of("src/test/resources/golden", name + ".json"));
    Network network = ResNet.RESNET18.network(golden.classes());

    ParityErrors errors = golden.compare(network, MemoryLayout.CONTIGUOUS, false);

    assertThat(errors.logits()).isLessThan(1e-4);
    assertThat(errors.probes()).hasSize(5);
    assertThat(errors.worstProbe()).isLessThan(1e-4);
    assertThat(errors.loss()).isLessThan(1e-4);
    assertThat(errors.gradientNorms()).hasSize(62);
    assertThat(errors.worstGradientNorm()).isLessThan(1e-4);
  }

  @Test
  void channelsLastAgreesToo() throws IOException {
    GoldenCase golden =
        GoldenCase.read(Path.of("src/test/resources/golden/resnet18-224-seed1.json"));

    ParityErrors errors =
        golden.compare(ResNet.RESNET18.network(18), MemoryLayout.CHANNELS_LAST, false);

    assertThat(errors.logits()).isLessThan(1e-4);
    assertThat(errors.worstProbe()).isLessThan(1e-4);
    assertThat(errors.loss()).isLessThan(1e-4);
    // PyTorch's own channels-last batch norm is 6e-4 from its row-major one here.
    assertThat(errors.worstGradientNorm()).isLessThan(1e-3);
  }

  @Test
  void anotherNetworkIsFarFromTheReference() throws IOException {
    GoldenCase golden =
        GoldenCase.read(Path.of("src/test/resources/golden/resnet18-64-seed1.json"));

    ParityErrors errors =
        golden.compare(ResNet.RESNET34.network(18), MemoryLayout.CONTIGUOUS, true);

    assertThat(errors.logits()).isGreaterThan(0.01);
  }

  @Test
  void aFileOfAnotherFormIsRefusedByName(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("x.json"), "{\"model\": \"resnet18\"}");

    assertThatThrownBy(() -> GoldenCase.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("x.json")
        .hasMessageContaining("lacks 'seed'");
  }
}
