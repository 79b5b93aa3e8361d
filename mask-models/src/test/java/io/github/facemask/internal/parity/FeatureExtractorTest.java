package io.github.facemask.internal.parity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.backbone.TrainedModel.FeatureExtractor;
import io.github.facemask.internal.weights.Safetensors;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against timm's features on formula weights; see golden/make_variants.py. */
class FeatureExtractorTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "resnet18",
        "tf_efficientnet_b0.ns_jft_in1k",
        "swin_tiny_patch4_window7_224.ms_in1k",
        "vit_tiny_patch16_224.augreg_in21k_ft_in1k"
      })
  void featuresAreTimms(String name, @TempDir Path folder) throws IOException {
    JsonNode expected =
        new ObjectMapper()
            .readTree(Path.of("src/test/resources/golden/features.json").toFile())
            .get(name);
    int size = expected.get("size").asInt();
    long seed = expected.get("seed").asLong();
    Backbone backbone = Backbones.get(name).withInputSize(size, size);
    Path file = folder.resolve("weights.safetensors");
    Safetensors.write(
        file,
        FormulaTensors.of(backbone.network(), seed, expected.get("gain").asDouble()),
        Map.of());

    try (FeatureExtractor extractor =
            FeatureExtractor.open(backbone.withWeights(file), Device.cpu(), Precision.FLOAT32);
        NDManager scope = extractor.manager().newSubManager()) {
      NDArray photos =
          scope.create(
              FormulaTensors.values("input", new Shape(2, 3, size, size), seed, 1),
              new Shape(2, 3, size, size));
      check(extractor.map(photos), expected.get("map"));
      check(extractor.pooled(photos), expected.get("pooled"));
    }
  }

  private static void check(NDArray actual, JsonNode expected) {
    List<Long> shape = new ArrayList<>();
    expected.get("shape").forEach(s -> shape.add(s.asLong()));
    assertThat(actual.getShape().getShape())
        .containsExactly(shape.stream().mapToLong(s -> s).toArray());
    float[] values = actual.toFloatArray();
    double std = expected.get("std").asDouble();
    double mean = 0;
    for (float v : values) {
      mean += v / values.length;
    }
    assertThat(mean).isCloseTo(expected.get("mean").asDouble(), within(1e-4 * std));
    for (int i = 0; i < expected.get("first").size(); i++) {
      assertThat((double) values[i])
          .isCloseTo(expected.get("first").get(i).asDouble(), within(1e-4 * std));
    }
  }
}
