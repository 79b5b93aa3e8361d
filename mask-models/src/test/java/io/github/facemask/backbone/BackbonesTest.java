package io.github.facemask.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.network.Network;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.preprocessing.Preprocessing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackbonesTest {

  private static final Path GOLDEN = Path.of("src/test/resources/golden");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18",
        "tf_efficientnet_b0.ns_jft_in1k",
        "tf_efficientnet_b4.ns_jft_in1k",
        "swin_tiny_patch4_window7_224.ms_in1k",
        "swin_base_patch4_window12_384.ms_in22k_ft_in1k",
        "vit_base_r50_s16_384.orig_in21k_ft_in1k"
      })
  void tensorsAreTimmsInNameOrderShapeAndType(String name) throws IOException {
    List<String> expected = new ArrayList<>();
    JsonNode listing = read(name + ".state_dict.json");
    listing
        .properties()
        .forEach(e -> expected.add(line(e.getKey(), e.getValue().get(0), e.getValue().get(1))));

    Network network = Backbones.get(name).network(1000);

    assertThat(lines(network)).containsExactlyElementsOf(expected);
  }

  /** The checksum is of the lines "name type [sizes]" of timm's state_dict with 18 classes. */
  @ParameterizedTest
  @CsvFileSource(resources = "/golden/variants.tsv", delimiter = '\t', numLinesToSkip = 1)
  void everyVariantHasTimmsTensors(
      String name, int height, int width, long parameters, int tensors, String crc32) {
    Backbone own = Backbones.get(name);
    Backbone backbone = height == 0 ? own : own.withInputSize(height, width);
    Network network = backbone.network();

    assertThat(network.parameterCount()).isEqualTo(parameters);
    assertThat(network.tensors()).hasSize(tensors);
    CRC32 crc = new CRC32();
    crc.update(String.join("\n", lines(network)).getBytes(StandardCharsets.UTF_8));
    assertThat(String.format(Locale.ROOT, "%08x", crc.getValue())).isEqualTo(crc32);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18-64-seed1",
        "tf_efficientnet_b0.ns_jft_in1k-96-seed1",
        "tf_efficientnet_b4.ns_jft_in1k-380-seed1",
        "swin_tiny_patch4_window7_224.ms_in1k-224-seed1",
        "swin_base_patch4_window12_384.ms_in22k_ft_in1k-384-seed1",
        "vit_base_r50_s16_384.orig_in21k_ft_in1k-384-seed1"
      })
  void preprocessingLicenceAndSourceAreTimms(String file) throws IOException {
    JsonNode golden = read(file + ".json");
    JsonNode expected = golden.get("pretrained_cfg");

    Backbone backbone = Backbones.get(golden.get("model").asText());

    PretrainedSource source = backbone.pretrained();
    assertThat(source.architecture()).isEqualTo(expected.get("architecture").asText());
    assertThat(source.tag()).isEqualTo(expected.get("tag").asText());
    assertThat(source.licence()).isEqualTo(expected.get("license").asText());
    assertThat(source.hubId()).isEqualTo(expected.get("hf_hub_id").asText());
    assertThat(source.classes()).isEqualTo(expected.get("num_classes").asInt());
    Preprocessing actual = backbone.preprocessing();
    assertThat(actual).isEqualTo(source.preprocessing());
    assertThat(List.of(3, actual.height(), actual.width())).hasToString(text(expected, "size"));
    assertThat(actual.mean()).hasToString(text(expected, "mean"));
    assertThat(actual.std()).hasToString(text(expected, "std"));
    assertThat(actual.interpolation().name())
        .isEqualToIgnoringCase(text(expected, "interpolation"));
    assertThat(actual.cropRatio()).isEqualTo(expected.get("crop_pct").asDouble());
    assertThat(actual.cropMode().name()).isEqualToIgnoringCase(text(expected, "crop_mode"));
  }

  @ParameterizedTest
  @CsvSource({
    "tf_efficientnet_b4_ns, tf_efficientnet_b4.ns_jft_in1k",
    "tf_efficientnet_b4.ns_jft_in1k, tf_efficientnet_b4.ns_jft_in1k",
    "tf_efficientnet_b7_ap, tf_efficientnet_b7.ap_in1k",
    "swin_base_patch4_window12_384, swin_base_patch4_window12_384.ms_in22k_ft_in1k",
    "swin_large_patch4_window7_224_in22k, swin_large_patch4_window7_224.ms_in22k",
    "vit_base_resnet50_384, vit_base_r50_s16_384.orig_in21k_ft_in1k",
    "VIT_Tiny_patch16_224, vit_tiny_patch16_224.augreg_in21k_ft_in1k",
    "resnet18.tv_in1k, resnet18.tv_in1k"
  })
  void oldAndTaggedNamesResolve(String name, String full) {
    assertThat(Backbones.get(name).pretrained().name()).isEqualTo(full);
  }

  @Test
  void aTagDecidesThePreprocessing() {
    assertThat(Backbones.get("tf_efficientnet_b0.ap_in1k").preprocessing().mean())
        .containsExactly(0.5, 0.5, 0.5);
    assertThat(Backbones.get("tf_efficientnet_b0_ns").network().preprocessing().mean())
        .containsExactly(0.485, 0.456, 0.406);
  }

  @Test
  void anUnknownNameListsNearOnes() {
    assertThatThrownBy(() -> Backbones.get("swin_bas_patch4_window12_384"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("backbone is swin_bas_patch4_window12_384")
        .hasMessageContaining("swin_base_patch4_window12_384");
  }

  @Test
  void anUnknownTagListsTheTagsOfTheArchitecture() {
    assertThatThrownBy(() -> Backbones.get("resnet18.a4_in1k"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("resnet18.a1_in1k, resnet18.a2_in1k, resnet18.a3_in1k");
  }

  @Test
  void aSizeThatPatchesDoNotFitIsRefused() {
    assertThatThrownBy(
            () -> Backbones.get("vit_tiny_patch16_224").withInputSize(224, 230).network())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("230")
        .hasMessageContaining("multiple of 16");
    assertThatThrownBy(
            () -> Backbones.get("swin_tiny_patch4_window7_224").withInputSize(30, 32).network())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("30 x 32")
        .hasMessageContaining("multiples of 4");
  }

  @Test
  void optionsChangeTheNetworksPreprocessing() {
    Preprocessing changed =
        Backbones.get("resnet18").withInputSize(96, 64).network().preprocessing();

    assertThat(changed).isEqualTo(Backbones.get("resnet18").preprocessing().withSize(96, 64));
  }

  private static String text(JsonNode cfg, String key) {
    JsonNode value = cfg.get(key.equals("size") ? "input_size" : key);
    return value.isArray() ? value.toString().replace(",", ", ") : value.asText();
  }

  private static List<String> lines(Network network) {
    return network.tensors().stream().map(BackbonesTest::line).toList();
  }

  private static String line(TensorSpec spec) {
    String sizes =
        Arrays.stream(spec.shape().getShape())
            .mapToObj(Long::toString)
            .collect(Collectors.joining(", ", "[", "]"));
    return spec.name() + " " + spec.type().name().toLowerCase(Locale.ROOT) + " " + sizes;
  }

  private static String line(String name, JsonNode type, JsonNode sizes) {
    return name + " " + type.asText() + " " + sizes.toString().replace(",", ", ");
  }

  private static JsonNode read(String file) throws IOException {
    return new ObjectMapper().readTree(GOLDEN.resolve(file).toFile());
  }
}
