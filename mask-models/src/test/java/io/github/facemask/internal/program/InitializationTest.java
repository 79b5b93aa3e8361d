package io.github.facemask.internal.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.backbone.Backbones;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.tensor.HostTensor;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class InitializationTest {

  @Test
  void tensorsOfATransformerStartAsInTimm() {
    Network network = Backbones.get("swin_tiny_patch4_window7_224").withInputSize(64, 64).network();

    Map<String, HostTensor> start = Initialization.random(network, 3);

    assertThat(deviation(start.get("layers.0.blocks.0.attn.qkv.weight")))
        .isCloseTo(0.02, within(0.0005));
    assertThat(deviation(start.get("layers.0.blocks.0.attn.relative_position_bias_table")))
        .isCloseTo(0.02, within(0.002));
    // Uniform in +-1/sqrt(48).
    assertThat(deviation(start.get("patch_embed.proj.weight")))
        .isCloseTo(1 / Math.sqrt(3 * 48), within(0.003));
    assertThat(start.get("layers.0.blocks.0.attn.qkv.bias").toFloats()).containsOnly(0f);
    assertThat(start.get("norm.weight").toFloats()).containsOnly(1f);
  }

  @Test
  void depthwiseKernelsSpreadByTheirOwnSize() {
    Map<String, HostTensor> start =
        Initialization.random(Backbones.get("tf_efficientnet_b0").network(), 3);

    assertThat(deviation(start.get("blocks.5.1.conv_dw.weight")))
        .isCloseTo(Math.sqrt(2.0 / 25), within(0.005));
  }

  @Test
  void onlyWeightsDecay() {
    Set<String> decaying =
        Backbones.get("vit_tiny_patch16_224").network().tensors().stream()
            .filter(t -> t.role().decays())
            .map(TensorSpec::name)
            .collect(Collectors.toSet());

    assertThat(decaying)
        .contains("patch_embed.proj.weight", "blocks.0.attn.qkv.weight", "head.weight")
        .doesNotContain("cls_token", "pos_embed", "norm.weight", "blocks.0.norm1.weight")
        .allMatch(name -> name.endsWith(".weight"));
    assertThat(Backbones.get("swin_tiny_patch4_window7_224").network().tensors())
        .filteredOn(t -> t.name().endsWith("relative_position_bias_table"))
        .hasSize(12)
        .noneMatch(t -> t.role().decays());
  }

  private static double deviation(HostTensor tensor) {
    float[] values = tensor.toFloats();
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / values.length;
    return Math.sqrt(squares / values.length - mean * mean);
  }
}
