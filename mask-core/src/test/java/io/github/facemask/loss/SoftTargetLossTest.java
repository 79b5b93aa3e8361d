package io.github.facemask.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScriptModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SoftTargetLossTest {

  static Stream<Arguments> losses() {
    ImmutableList<Double> weights =
        IntStream.rangeClosed(1, 18)
            .mapToObj(i -> (double) i)
            .collect(ImmutableList.toImmutableList());
    return Stream.of(
        Arguments.of("cross_entropy", CrossEntropy.plain()),
        Arguments.of("label_smoothing=0.1", CrossEntropy.smoothed(0.1)),
        Arguments.of("focal gamma=2", new FocalLoss(2)),
        Arguments.of("class weights 1..18", new CrossEntropy(0, weights)),
        Arguments.of("soft_macro_f1_loss eps=1e-7", new SoftMacroF1(1e-7)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("losses")
  void equalsPyTorch(String name, SoftTargetLoss loss) throws IOException {
    JsonNode expected = reference();
    assertThat((double) value(loss, logits(expected), oneHot(expected)))
        .isCloseTo(expected.get(name).asDouble(), within(1e-5));
  }

  @Test
  void focalWithoutFocusIsCrossEntropy() throws IOException {
    float[] soft = new float[3 * 18];
    for (int i = 0; i < soft.length; i++) {
      soft[i] = 1f / 18;
    }
    float[] logits = logits(reference());
    assertThat(value(new FocalLoss(0), logits, soft))
        .isCloseTo(value(CrossEntropy.plain(), logits, soft), within(1e-6f));
  }

  @Test
  void aSumWeighsItsTerms() throws IOException {
    JsonNode expected = reference();
    SoftTargetLoss sum =
        new WeightedSum(
            ImmutableList.of(
                new WeightedSum.Term(0.25, CrossEntropy.plain()),
                new WeightedSum.Term(2, new SoftMacroF1(1e-7))));
    double parts =
        0.25 * expected.get("cross_entropy").asDouble()
            + 2 * expected.get("soft_macro_f1_loss eps=1e-7").asDouble();
    assertThat((double) value(sum, logits(expected), oneHot(expected)))
        .isCloseTo(parts, within(1e-5));
  }

  private static float value(SoftTargetLoss loss, float[] logits, float[] targets)
      throws IOException {
    ScriptModule module =
        ScriptModule.builder()
            .method(
                ProgramMethod.FORWARD.signature("x: Tensor, y: Tensor", "Tensor")
                    + "  return "
                    + loss.expression("x", "y")
                    + "\n")
            .build();
    try (Program program = Program.load(module, Device.cpu());
        NDManager manager = program.manager().newSubManager()) {
      NDArray x = manager.create(logits, new Shape(3, 18));
      NDArray y = manager.create(targets, new Shape(3, 18));
      return program.call(ProgramMethod.FORWARD, x, y).singletonOrThrow().getFloat();
    }
  }

  private static float[] logits(JsonNode reference) {
    float[] logits = new float[3 * 18];
    int i = 0;
    for (JsonNode row : reference.get("logits")) {
      for (JsonNode value : row) {
        logits[i++] = (float) value.asDouble();
      }
    }
    return logits;
  }

  private static float[] oneHot(JsonNode reference) {
    float[] targets = new float[3 * 18];
    for (int row = 0; row < 3; row++) {
      targets[row * 18 + reference.get("targets").get(row).asInt()] = 1;
    }
    return targets;
  }

  private static JsonNode reference() throws IOException {
    return new ObjectMapper()
        .readTree(Path.of("src/test/resources/interop/training.expected.json").toFile())
        .get("losses");
  }
}
