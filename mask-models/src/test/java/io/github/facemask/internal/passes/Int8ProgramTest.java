package io.github.facemask.internal.passes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.internal.parity.FormulaTensors;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.model.Target;
import io.github.facemask.network.Network;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs of bytes against the float32 program of the same weights. */
class Int8ProgramTest {

  private static final int PHOTOS = 6;

  @ParameterizedTest
  @CsvSource({
    "resnet18, 96, 80, 20, 0",
    "resnet50, 64, 64, 53, 0",
    "vit_tiny_patch16_224, 48, 64, 0, 48",
    "vit_small_r26_s32_384, 64, 70, 0, 48",
    "swin_tiny_patch4_window7_224, 72, 60, 0, 51"
  })
  void bytesChangeTheLogitsLittle(String name, int height, int width, int convolutions, int linears)
      throws IOException {
    assumeTrue(
        linears == 0 || Processor.here().computesBfloat16(),
        "what transformers compute beside bytes is bfloat16, which oneDNN lacks on this processor");
    assumeTrue(
        linears == 0 || Processor.here().addsBytesExactly(),
        "sums of bytes overflow on this processor, which has no VNNI; an export is refused on it");
    Network network = Backbones.get(name).withInputSize(height, width).network();
    Map<String, HostTensor> weights = FormulaTensors.of(network, 1, 1);

    ExportProgram written = ExportProgram.write(network, weights, calibrate(network, weights));

    float[] exact =
        logits(
            network,
            ExportProgram.write(network, weights, Precision.FLOAT32, Target.PORTABLE).module());
    float[] bytes = logits(network, written.module());
    assertThat(rootMeanSquare(bytes, exact)).isBetween(1e-5, 0.12);
    assertThat(written.explanation())
        .contains(
            convolutions
                + " convolutions and "
                + linears
                + " linear maps in int8, calibrated on "
                + PHOTOS
                + " photos");
  }

  @Test
  void normalisedPhotosAnswerAsTheirBytes() throws IOException {
    Network network = Backbones.get("resnet18").withInputSize(64, 64).network();
    Map<String, HostTensor> weights = FormulaTensors.of(network, 1, 1);
    ExportProgram written = ExportProgram.write(network, weights, calibrate(network, weights));
    try (Program program = Program.load(written.module(), Device.cpu());
        NDManager scope = program.manager().newSubManager()) {
      NDArray photos = photos(scope, network);
      NDArray mean = scope.create(new float[] {0.485f, 0.456f, 0.406f});
      NDArray std = scope.create(new float[] {0.229f, 0.224f, 0.225f});
      NDArray normal =
          photos.toType(DataType.FLOAT32, true).div(255).sub(mean).div(std).transpose(0, 3, 1, 2);

      assertThat(program.forward(normal, false).toFloatArray())
          .containsExactly(program.forward(photos, false).toFloatArray());
    }
  }

  @Test
  void weightsAreHalfAStepOffAtMost() {
    Network network = Backbones.get("resnet18").withInputSize(64, 64).network();
    Plan before = Plan.of(network, FormulaTensors.of(network, 1, 1));
    QuantizedLayers layers = QuantizedLayers.of(new FuseSums().apply(before));
    String path = "layer4.1.conv2";

    Plan after =
        new QuantizeWeights(
                new QuantizedLayers(
                    ImmutableSet.of("conv1", path), layers.linears(), layers.followers()),
                network.preprocessing())
            .apply(before);

    float[] exact = before.weights().get(path + ".weight").toFloats();
    HostTensor rounded = after.weights().get(path + ".weight");
    assertThat(rounded.type()).isEqualTo(DataType.INT8);
    ByteBuffer bytes = rounded.bytes();
    float[] scales = after.weights().get(QuantizeWeights.scales(path)).toFloats();
    int each = exact.length / scales.length;
    for (int i = 0; i < exact.length; i++) {
      float scale = scales[i / each];
      assertThat(bytes.get(i) * scale).isCloseTo(exact[i], within(0.5001f * scale));
    }
  }

  @Test
  void aNetworkWithoutSuchLayersIsRefused() {
    Network network = Backbones.get("tf_efficientnet_b0").withInputSize(64, 64).network();

    assertThatThrownBy(() -> Calibrator.of(network, FormulaTensors.of(network, 1, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tf_efficientnet_b0 of 64 x 64 pixels has neither");
  }

  @Test
  void aCalibrationNeedsPhotos() throws IOException {
    Network network = Backbones.get("resnet18").withInputSize(64, 64).network();

    try (Calibrator calibrator = Calibrator.of(network, FormulaTensors.of(network, 1, 1))) {
      assertThatThrownBy(calibrator::calibration)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no photos");
    }
  }

  @Test
  void aGridCutsAFewValuesFarOutForFinerSteps() {
    Histogram histogram = new Histogram();
    histogram.widen(-1, 1);
    float[] counts = new float[Histogram.BINS];
    Arrays.fill(counts, 10_000);
    histogram.add(counts, 0);
    QuantizationParameters even = histogram.best();
    histogram.widen(-1, 40);
    float[] one = new float[Histogram.BINS];
    one[Histogram.BINS - 1] = 1;
    histogram.add(one, 0);

    QuantizationParameters cut = histogram.best();

    assertThat(even.scale()).isCloseTo(2 / 255.0, within(2e-4));
    assertThat(255 * cut.scale()).isBetween(2.0, 20.0);
    assertThat(cut.scale() * (255 - cut.zeroPoint())).isGreaterThanOrEqualTo(0.9);
  }

  /** The differences by the spread of the expected values. */
  private static double rootMeanSquare(float[] actual, float[] expected) {
    double mean = 0;
    for (float value : expected) {
      mean += value / expected.length;
    }
    double spread = 0;
    double squares = 0;
    for (int i = 0; i < expected.length; i++) {
      spread += (expected[i] - mean) * (expected[i] - mean);
      squares += (actual[i] - expected[i]) * (actual[i] - expected[i]);
    }
    return Math.sqrt(squares / spread);
  }

  private static Calibration calibrate(Network network, Map<String, HostTensor> weights)
      throws IOException {
    try (Calibrator calibrator = Calibrator.of(network, weights);
        NDManager scope = calibrator.manager().newSubManager()) {
      calibrator.observe(photos(scope, network));
      return calibrator.calibration();
    }
  }

  private static float[] logits(Network network, ScriptModule module) throws IOException {
    try (Program program = Program.load(module, Device.cpu());
        NDManager scope = program.manager().newSubManager()) {
      return program.forward(photos(scope, network), false).toFloatArray();
    }
  }

  private static NDArray photos(NDManager scope, Network network) {
    int height = network.preprocessing().height();
    int width = network.preprocessing().width();
    byte[] pixels = new byte[PHOTOS * height * width * 3];
    new Random(4).nextBytes(pixels);
    return scope.create(
        ByteBuffer.wrap(pixels), new Shape(PHOTOS, height, width, 3), DataType.UINT8);
  }
}
