package io.github.facemask.internal.program;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.network.Network;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what timm says of the same models; see golden/make_variants.py. */
class LayerGroupsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18",
        "resnet50",
        "tf_efficientnet_b0",
        "swin_tiny_patch4_window7_224",
        "vit_tiny_patch16_224",
        "vit_base_r50_s16_384"
      })
  void groupsAreTimms(String name) throws IOException {
    JsonNode expected =
        new ObjectMapper()
            .readTree(Path.of("src/test/resources/golden/groups.json").toFile())
            .get(name);
    Network network = Backbones.get(name).network();

    assertThat(LayerGroups.BLOCKS.of(network))
        .containsExactlyInAnyOrderEntriesOf(numbers(expected.get("fine")));
    assertThat(LayerGroups.STAGES.of(network))
        .containsExactlyInAnyOrderEntriesOf(numbers(expected.get("coarse")));
  }

  @ParameterizedTest
  @CsvFileSource(resources = "/golden/macs.tsv", delimiter = '\t', numLinesToSkip = 1)
  void multiplyAddsAreThoseThatPyTorchCounts(String name, long macs) {
    assertThat(Backbones.get(name).network().multiplyAdds()).isEqualTo(macs);
  }

  private static Map<String, Integer> numbers(JsonNode groups) {
    Map<String, Integer> numbers = new HashMap<>();
    groups.properties().forEach(e -> numbers.put(e.getKey(), e.getValue().asInt()));
    return numbers;
  }
}
