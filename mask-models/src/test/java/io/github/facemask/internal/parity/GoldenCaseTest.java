package io.github.facemask.internal.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.facemask.backbone.Backbones;
import io.github.facemask.network.Network;
import io.github.facemask.tensor.MemoryLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoldenCaseTest {

  @ParameterizedTest
  @CsvSource({
    "resnet18-64-seed1, 5, 62",
    "resnet18-224-seed1, 5, 62",
    "resnet50.a1_in1k-65-seed2, 5, 161",
    "tf_efficientnet_b0.ns_jft_in1k-96-seed1, 9, 213",
    "tf_efficientnet_b1.ns_jft_in1k-75-seed2, 9, 301",
    "tf_efficientnet_b4.ns_jft_in1k-380-seed1, 9, 418",
    "swin_tiny_patch4_window7_224.ms_in1k-224-seed1, 6, 173",
    // Windows that do not fit, odd sides to merge, and a last stage smaller than a window.
    "swin_tiny_patch4_window7_224.ms_in1k-72-seed2, 6, 173",
    "swin_base_patch4_window12_384.ms_in22k_ft_in1k-384-seed1, 6, 329",
    "vit_tiny_patch16_224.augreg_in21k_ft_in1k-48-seed2, 3, 152",
    "vit_small_r26_s32_384.augreg_in21k_ft_in1k-70-seed2, 3, 239",
    "vit_base_r50_s16_384.orig_in21k_ft_in1k-384-seed1, 3, 308"
  })
  void agreesWithTimm(String name, int probes, int parameters) throws IOException {
    GoldenCase golden = GoldenCase.read(Path.of("src/test/resources/golden", name + ".json"));
    Network network =
        Backbones.get(golden.model())
            .withInputSize(golden.inputSize(), golden.inputSize())
            .network(golden.classes());

    ParityErrors errors = golden.compare(network, MemoryLayout.CONTIGUOUS, false);

    assertThat(errors.logits()).isLessThan(1e-4);
    assertThat(errors.probes()).hasSize(probes);
    assertThat(errors.worstProbe()).isLessThan(1e-4);
    assertThat(errors.loss()).isLessThan(1e-4);
    assertThat(errors.gradientNorms()).hasSize(parameters);
    assertThat(errors.worstGradientNorm()).isLessThan(1e-4);
  }

  @Test
  void convolutionsOfFewPixelsAreExactAsProductsOfMatrices() throws IOException {
    GoldenCase golden =
        GoldenCase.read(Path.of("src/test/resources/golden/resnet18-64-seed1.json"));
    Network network = Backbones.get("resnet18").withInputSize(64, 64).network(18);

    ParityErrors errors = golden.compare(network, MemoryLayout.CHANNELS_LAST, false);

    assertThat(errors.logits()).isLessThan(1e-4);
    assertThat(errors.worstProbe()).isLessThan(1e-4);
    assertThat(errors.loss()).isLessThan(1e-4);
    assertThat(errors.worstGradientNorm()).isLessThan(1e-4);
  }

  @Test
  void channelsLastAgreesToo() throws IOException {
    GoldenCase golden =
        GoldenCase.read(Path.of("src/test/resources/golden/resnet18-224-seed1.json"));

    ParityErrors errors =
        golden.compare(Backbones.get("resnet18").network(18), MemoryLayout.CHANNELS_LAST, false);

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
        golden.compare(Backbones.get("resnet34").network(18), MemoryLayout.CONTIGUOUS, false);

    assertThat(errors.logits()).isGreaterThan(0.01);
    assertThat(errors.worstProbe()).isGreaterThan(0.01);
    assertThat(errors.loss()).isGreaterThan(0.01);
    assertThat(errors.worstGradientNorm()).isGreaterThan(0.01);
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
