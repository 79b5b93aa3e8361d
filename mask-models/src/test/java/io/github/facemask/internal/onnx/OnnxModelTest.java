package io.github.facemask.internal.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.collect.ImmutableSet;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.internal.parity.FormulaTensors;
import io.github.facemask.internal.passes.ExportedProgram;
import io.github.facemask.internal.passes.NetworkGroup;
import io.github.facemask.internal.program.ProgramModel;
import io.github.facemask.internal.program.TrainingPlan;
import io.github.facemask.label.Attribute;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.network.Heads;
import io.github.facemask.network.Network;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.MemoryLayout;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainableNetwork.TrainingConfig;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ONNX models in ONNX Runtime against the networks that they were written from. */
class OnnxModelTest {

  private static final double PROBABILITIES = 1e-4;
  private static final double LOGITS = 1e-3;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "resnet18, 64, 64",
    "resnet50, 48, 64",
    "tf_efficientnet_b0, 75, 64",
    "tf_efficientnet_b0, 70, 94",
    "swin_tiny_patch4_window7_224, 224, 224",
    "swin_tiny_patch4_window7_224, 72, 60",
    "vit_tiny_patch16_224, 48, 64",
    "vit_small_r26_s32_384, 64, 70"
  })
  void aFamilyAnswersInOnnxRuntimeAsInTraining(String name, int height, int width)
      throws IOException {
    Network network = Backbones.get(name).withInputSize(height, width).network();

    Difference difference = compare(network, 3);

    assertThat(difference.probabilities()).isLessThan(PROBABILITIES);
    assertThat(difference.logits()).isLessThan(LOGITS);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "resnet18",
    "swin_base_patch4_window12_384",
    "tf_efficientnet_b4_ns",
    "vit_base_r50_s16_384"
  })
  void aSeedBackboneOfItsOwnSizeAnswersAsInTraining(String name) throws IOException {
    Difference difference = compare(Backbones.get(name).network(), 2);

    System.out.println(name + " " + difference);
    assertThat(difference.probabilities()).isLessThan(PROBABILITIES);
    assertThat(difference.logits()).isLessThan(LOGITS);
  }

  @ParameterizedTest
  @CsvSource({
    "ATTRIBUTES, MASK GENDER AGE",
    "YEARS, MASK GENDER AGE",
    "YEARS, MASK AGE",
    "YEARS, AGE",
    "ATTRIBUTES, MASK GENDER",
    "CLASSES, MASK",
    "CLASSES, GENDER AGE"
  })
  void everyFormOfHeadsAnswersAsItsProgram(Heads heads, String words) throws IOException {
    ImmutableSet<Attribute> attributes =
        Arrays.stream(words.split(" ", -1))
            .map(Attribute::valueOf)
            .collect(ImmutableSet.toImmutableSet());
    Network network =
        Backbones.get("resnet18")
            .withInputSize(48, 48)
            .withHeads(heads)
            .withAttributes(attributes)
            .network();

    Difference difference = compare(network, 3);

    assertThat(difference.probabilities()).isLessThan(PROBABILITIES);
    assertThat(difference.logits()).isLessThan(LOGITS);
    assertThat(difference.years()).isLessThan(1e-2);
  }

  @Test
  void anyNumberOfPhotosFits() throws IOException {
    Network network = Backbones.get("vit_tiny_patch16_224").withInputSize(48, 48).network();
    Path file = write(NetworkGroup.of(network, FormulaTensors.of(network, 2, 1)));
    try (OnnxClassifier onnx = OnnxClassifier.load(file, network.attributes(), false);
        NDManager scope = onnx.manager().newSubManager()) {
      float[] five = onnx.classify(photos(scope, network, 5)).toFloatArray();
      float[] one = onnx.classify(photos(scope, network, 1)).toFloatArray();
      assertThat(five).hasSize(5 * 18);
      assertThat(largest(one, Arrays.copyOf(five, 18))).isLessThan(1e-5);
    }
  }

  /** The largest differences of the outputs; those of the logits by their spread. */
  private record Difference(double probabilities, double logits, double years) {}

  private Difference compare(Network network, int count) throws IOException {
    Map<String, HostTensor> weights = FormulaTensors.of(network, 1, 1);
    Path file = write(NetworkGroup.of(network, weights));
    Map<String, float[]> found;
    float[] answers;
    try (OnnxClassifier onnx =
            OnnxClassifier.load(file, network.attributes(), network.answersYears());
        NDManager scope = onnx.manager().newSubManager()) {
      found = onnx.run(photos(scope, network, count));
      answers = onnx.classify(photos(scope, network, count)).toFloatArray();
    }
    try (ExportedProgram program =
            ExportedProgram.load(network, weights, Device.cpu(), Precision.FLOAT32);
        NDManager scope = program.manager().newSubManager()) {
      float[] expected = program.classify(photos(scope, network, count)).toFloatArray();
      int columns = expected.length / count;
      double years = 0;
      double probabilities = 0;
      assertThat(answers).hasSameSizeAs(expected);
      for (int i = 0; i < expected.length; i++) {
        double off = Math.abs(answers[i] - expected[i]);
        if (network.answersYears() && i % columns == columns - 1) {
          years = Math.max(years, off);
        } else {
          probabilities = Math.max(probabilities, off);
        }
      }
      float[] logits = trained(network, weights, count);
      return new Difference(probabilities, error(found.get(OnnxModel.LOGITS), logits), years);
    }
  }

  private Path write(NetworkGroup group) throws IOException {
    Path file = Files.createTempDirectory(folder, "onnx").resolve("model.onnx");
    OnnxModel.write(group, Map.of("labels", "[]")).write(file);
    return file;
  }

  /** The logits of the training program, without the age. */
  private static float[] trained(Network network, Map<String, HostTensor> weights, int count)
      throws IOException {
    TrainingConfig setup =
        new TrainingConfig(
            Device.cpu(),
            Precision.FLOAT32,
            CrossEntropy.plain(),
            AdamW.of(1e-3, 0),
            Double.POSITIVE_INFINITY,
            0,
            MemoryLayout.CONTIGUOUS,
            0);
    try (ProgramModel model =
            ProgramModel.load(network, weights, setup, TrainingPlan.all(network), List.of());
        NDManager scope = model.manager().newSubManager()) {
      return model
          .logits(photos(scope, network, count))
          .get(":, :" + network.classes())
          .toFloatArray();
    }
  }

  private static double largest(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    double largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(found[i] - expected[i]));
    }
    return largest;
  }

  private static double error(float[] found, float[] expected) {
    double mean = 0;
    for (float v : expected) {
      mean += v / expected.length;
    }
    double variance = 0;
    for (float v : expected) {
      variance += (v - mean) * (v - mean) / expected.length;
    }
    return largest(found, expected) / Math.sqrt(variance);
  }

  private static NDArray photos(NDManager scope, Network network, int count) {
    int height = network.preprocessing().height();
    int width = network.preprocessing().width();
    byte[] pixels = new byte[count * height * width * 3];
    new Random(4).nextBytes(pixels);
    return scope.create(
        ByteBuffer.wrap(pixels), new Shape(count, height, width, 3), DataType.UINT8);
  }
}
