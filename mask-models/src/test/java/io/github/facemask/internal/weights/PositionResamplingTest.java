package io.github.facemask.internal.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.network.TensorSpec;
import io.github.facemask.network.TensorSpec.Role;
import io.github.facemask.tensor.HostTensor;
import java.io.InputStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class PositionResamplingTest {

  /** The values come from timm; see make_expected.py beside them. */
  @Test
  void resamplesAsTimmDoes() throws Exception {
    try (InputStream in = getClass().getResourceAsStream("/resampling/expected.json")) {
      JsonNode cases = new ObjectMapper().readTree(in).get("cases");
      assertThat(cases).hasSize(8);
      for (JsonNode json : cases) {
        TensorSpec spec =
            new TensorSpec(json.get("name").asText(), shape(json.get("to")), Role.WEIGHT);

        HostTensor resampled =
            PositionResampling.resampled(
                spec,
                sine(shape(json.get("from"))),
                json.get("height").asInt(),
                json.get("width").asInt());

        assertThat(resampled.shape()).isEqualTo(spec.shape());
        float[] values = resampled.toFloats();
        for (int i = 0; i < values.length; i++) {
          assertThat(values[i])
              .as("%s %s to %s, %s", spec.name(), json.get("from"), json.get("to"), i)
              .isCloseTo((float) json.get("values").get(i).asDouble(), within(2e-6f));
        }
      }
    }
  }

  @Test
  void leavesWhatIsNoSquareOrNoTable() {
    assertThat(resampled("pos_embed", new Shape(1, 12, 2), new Shape(1, 17, 2))).isNull();
    assertThat(resampled("pos_embed", new Shape(1, 17, 2), new Shape(1, 26, 3))).isNull();
    assertThat(resampled("fc.weight", new Shape(9, 2), new Shape(25, 2))).isNull();
    String table = "attn.relative_position_bias_table";
    assertThat(resampled(table, new Shape(15, 2), new Shape(25, 2))).isNull();
    assertThat(resampled(table, new Shape(0, 2), new Shape(25, 2))).isNull();
  }

  private static HostTensor resampled(String name, Shape from, Shape to) {
    TensorSpec spec = new TensorSpec(name, to, Role.WEIGHT);
    return PositionResampling.resampled(spec, sine(from), 224, 224);
  }

  private static HostTensor sine(Shape shape) {
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(0.7 * i);
    }
    return HostTensor.ofFloats(shape, values);
  }

  private static Shape shape(JsonNode sizes) {
    return new Shape(
        StreamSupport.stream(sizes.spliterator(), false).mapToLong(JsonNode::asLong).toArray());
  }
}
