package io.github.facemask.internal.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Streams;
import com.google.common.primitives.Doubles;
import io.github.facemask.internal.torchscript.Program;
import io.github.facemask.internal.torchscript.ProgramMethod;
import io.github.facemask.internal.torchscript.ScriptModule;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.loss.FocalLoss;
import io.github.facemask.loss.SoftMacroF1;
import io.github.facemask.loss.SoftTargetLoss;
import io.github.facemask.network.Heads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Losses of photos with unknown attributes, against PyTorch. */
class LabelMethodsTest {

  private static final ImmutableMap<String, SoftTargetLoss> LOSSES =
      ImmutableMap.of(
          "cross entropy", CrossEntropy.plain(),
          "smoothed", CrossEntropy.smoothed(0.1),
          "weighted",
              new CrossEntropy(
                  0,
                  IntStream.rangeClosed(1, 18)
                      .mapToObj(i -> (double) i)
                      .collect(ImmutableList.toImmutableList())),
          "focal", new FocalLoss(2),
          "soft macro F1", new SoftMacroF1(1e-7));

  /** A loss and the gradient of its logits. */
  private static final class Step {
    final float loss;
    final float[] gradient;

    Step(float loss, float[] gradient) {
      this.loss = loss;
      this.gradient = gradient;
    }
  }

  static Stream<Arguments> losses() {
    return Stream.of(Heads.CLASSES, Heads.ATTRIBUTES)
        .flatMap(heads -> LOSSES.keySet().stream().map(loss -> Arguments.of(heads, loss)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("losses")
  void lossAndGradientAreThoseOfPyTorch(Heads heads, String name) throws IOException {
    JsonNode reference = reference();
    String head = heads == Heads.CLASSES ? "classes" : "heads";
    JsonNode expected = reference.get("losses").get(head + ", " + name);

    Step step = step(heads, LOSSES.get(name), floats(reference.get(head)), targets(reference));

    assertThat((double) step.loss).isCloseTo(expected.get("value").asDouble(), within(2e-5));
    float[] gradient = floats(expected.get("gradient"));
    for (int i = 0; i < gradient.length; i++) {
      assertThat(step.gradient[i]).as("gradient %s", i).isCloseTo(gradient[i], within(2e-6f));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross entropy", "weighted"})
  void yearsAreLearntAsInPyTorch(String name) throws IOException {
    JsonNode reference = reference();
    JsonNode expected = reference.get("losses").get("years, " + name);

    Step step =
        step(Heads.YEARS, LOSSES.get(name), floats(reference.get("years")), yearTargets(reference));

    assertThat((double) step.loss).isCloseTo(expected.get("value").asDouble(), within(2e-5));
    float[] gradient = floats(expected.get("gradient"));
    for (int i = 0; i < gradient.length; i++) {
      assertThat(step.gradient[i]).as("gradient %s", i).isCloseTo(gradient[i], within(2e-6f));
    }
    // The second photo knows the mask alone.
    assertThat(Arrays.copyOfRange(step.gradient, 106 + 3, 2 * 106)).containsOnly(0f);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("losses")
  void unknownAttributesHaveGradientsOfExactlyZero(Heads heads, String name) throws IOException {
    JsonNode reference = reference();
    float[] logits = floats(reference.get(heads == Heads.CLASSES ? "classes" : "heads"));
    int rows = reference.get("mixes").size();
    FaceLabel mask = label(Optional.of(MaskState.WORN), Optional.empty(), Optional.empty());
    float[] targets = new float[rows * FaceLabel.COUNT];
    for (int row = 0; row < rows; row++) {
      FaceLabel label = row % 2 == 0 ? FaceLabel.UNKNOWN : mask;
      targets[row * FaceLabel.COUNT + label.id()] = 1;
    }

    float[] gradient = step(heads, LOSSES.get(name), logits, targets).gradient;

    int width = logits.length / rows;
    for (int row = 0; row < rows; row++) {
      float[] own = Arrays.copyOfRange(gradient, row * width, (row + 1) * width);
      if (row % 2 == 0) {
        assertThat(own).containsOnly(0f);
      } else if (heads == Heads.ATTRIBUTES) {
        assertThat(Arrays.copyOfRange(own, 3, 8)).containsOnly(0f);
        assertThat(Arrays.copyOf(own, 3)).doesNotContain(0f);
      } else {
        // Within a mask state the gradient is proportional to the probability: nothing is taught
        // about gender and age.
        for (int state = 0; state < 3; state++) {
          double ratio = own[6 * state] / Math.exp(logits[row * width + 6 * state]);
          for (int other = 1; other < 6; other++) {
            int at = 6 * state + other;
            assertThat(own[at] / Math.exp(logits[row * width + at]))
                .isCloseTo(ratio, within(1e-4 * Math.abs(ratio) + 1e-9));
          }
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("losses")
  void withAllAttributesKnownTheLossIsThatOfTheClasses(Heads heads, String name)
      throws IOException {
    JsonNode reference = reference();
    float[] logits = floats(reference.get("classes"));
    int rows = reference.get("mixes").size();
    float[] classes = new float[rows * 18];
    float[] labels = new float[rows * FaceLabel.COUNT];
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < 18; c++) {
        float share = c == row ? 0.7f : c == (7 * row + 3) % 18 ? 0.3f : 0;
        classes[row * 18 + c] = share;
        labels[row * FaceLabel.COUNT + c] = share;
      }
    }
    SoftTargetLoss loss = LOSSES.get(name);

    Step plain = step(loss.expression("x", "y"), "", logits, classes);

    assertThat(step(Heads.CLASSES, loss, logits, labels).loss).isCloseTo(plain.loss, within(1e-5f));
  }

  @Test
  void aPhotoIsCorrectIfTheClassAgreesWithWhatIsKnown() throws IOException {
    ScriptModule module =
        ScriptModule.builder().method(LabelMethods.correct(Heads.CLASSES)).build();
    FaceLabel worn = label(Optional.of(MaskState.WORN), Optional.empty(), Optional.empty());
    FaceLabel woman = label(Optional.empty(), Optional.of(Gender.FEMALE), Optional.empty());
    FaceLabel oldMasked =
        label(Optional.of(MaskState.WORN), Optional.empty(), Optional.of(AgeGroup.FROM_60));
    FaceLabel[] labels = {worn, woman, oldMasked, FaceLabel.ofId(2), FaceLabel.UNKNOWN};
    float[] logits = new float[labels.length * 18];
    float[] targets = new float[labels.length * FaceLabel.COUNT];
    for (int row = 0; row < labels.length; row++) {
      // Always class 2: mask worn, male, from 60.
      logits[row * 18 + 2] = 1;
      targets[row * FaceLabel.COUNT + labels[row].id()] = 1;
    }
    try (Program program = Program.load(module, Device.cpu());
        NDManager manager = program.manager().newSubManager()) {
      NDArray x = manager.create(logits, new Shape(labels.length, 18));
      NDArray y = manager.create(targets, new Shape(labels.length, FaceLabel.COUNT));
      assertThat(program.call(ProgramMethod.CORRECT, x, y).singletonOrThrow().getFloat())
          .isEqualTo(3);
    }
  }

  private static Step step(Heads heads, SoftTargetLoss loss, float[] logits, float[] targets)
      throws IOException {
    String logP = ProgramMethod.LABEL_LOG_P.invocation("x");
    int columns = heads == Heads.YEARS ? FaceLabel.COUNT + 101 : FaceLabel.COUNT;
    return step(
        loss.labelExpression("log_p", "y", columns),
        LabelMethods.labelLogP(heads, ImmutableSet.copyOf(Attribute.values())),
        "  log_p = " + logP + "\n",
        logits,
        targets);
  }

  private static Step step(String loss, String methods, float[] logits, float[] targets)
      throws IOException {
    return step(loss, methods, "", logits, targets);
  }

  private static Step step(
      String loss, String method, String before, float[] logits, float[] targets)
      throws IOException {
    ScriptModule.Builder module = ScriptModule.builder();
    if (!method.isEmpty()) {
      module.method(method);
    }
    module.method(
        ProgramMethod.FORWARD.signature("x: Tensor, y: Tensor", "Tensor")
            + before
            + "  return "
            + loss
            + "\n");
    int rows = 16;
    try (Program program = Program.load(module.build(), Device.cpu());
        NDManager manager = program.manager().newSubManager()) {
      NDArray x = manager.create(logits, new Shape(rows, logits.length / rows));
      x.setRequiresGradient(true);
      NDArray y = manager.create(targets, new Shape(rows, targets.length / rows));
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray value = program.callTraining(ProgramMethod.FORWARD, x, y).singletonOrThrow();
        collector.backward(value);
        return new Step(value.getFloat(), x.getGradient().toFloatArray());
      }
    }
  }

  private static float[] targets(JsonNode reference) {
    float[] targets = new float[reference.get("mixes").size() * FaceLabel.COUNT];
    int row = 0;
    for (JsonNode parts : reference.get("mixes")) {
      for (JsonNode part : parts) {
        JsonNode label = part.get(1);
        int id =
            label(
                    value(label.get(0), MaskState.values()),
                    value(label.get(1), Gender.values()),
                    value(label.get(2), AgeGroup.values()))
                .id();
        targets[row * FaceLabel.COUNT + id] += (float) part.get(0).asDouble();
      }
      row++;
    }
    return targets;
  }

  private static float[] yearTargets(JsonNode reference) {
    int columns = FaceLabel.COUNT + 101;
    float[] targets = new float[reference.get("mixes").size() * columns];
    for (int row = 0; row < reference.get("mixes").size(); row++) {
      JsonNode parts = reference.get("mixes").get(row);
      for (int part = 0; part < parts.size(); part++) {
        float share = (float) parts.get(part).get(0).asDouble();
        JsonNode values = parts.get(part).get(1);
        JsonNode age = reference.get("ages").get(row).get(part);
        FaceLabel label =
            label(
                value(values.get(0), MaskState.values()),
                value(values.get(1), Gender.values()),
                age.isNull() ? value(values.get(2), AgeGroup.values()) : Optional.empty());
        targets[row * columns + label.id()] += share;
        if (!age.isNull()) {
          double[] shares =
              IntStream.range(0, 101)
                  .mapToDouble(year -> Math.exp(-Math.pow(year - age.asInt(), 2) / 8))
                  .toArray();
          double sum = Arrays.stream(shares).sum();
          for (int year = 0; year < 101; year++) {
            targets[row * columns + FaceLabel.COUNT + year] += (float) (share * shares[year] / sum);
          }
        }
      }
    }
    return targets;
  }

  private static <T> Optional<T> value(JsonNode number, T[] values) {
    return number.isNull() ? Optional.empty() : Optional.of(values[number.asInt()]);
  }

  private static FaceLabel label(
      Optional<MaskState> mask, Optional<Gender> gender, Optional<AgeGroup> age) {
    return FaceLabel.of(mask, gender, age);
  }

  private static float[] floats(JsonNode rows) {
    float[] values = new float[rows.size() * rows.get(0).size()];
    int i = 0;
    for (JsonNode row : rows) {
      for (JsonNode value : row) {
        values[i++] = (float) value.asDouble();
      }
    }
    return values;
  }

  private static JsonNode reference() throws IOException {
    Path file = Path.of("src/test/resources/golden/partial_labels.json");
    return new ObjectMapper().readTree(file.toFile());
  }

  @Test
  void theReferenceHoldsEveryLoss() throws IOException {
    Map<String, SoftTargetLoss> all = LOSSES;
    assertThat(reference().get("losses").size())
        .isEqualTo(2 * all.size() + 2 + 4 * ADJUSTED.size());
  }

  private static final ImmutableList<String> ADJUSTED =
      ImmutableList.of("logit adjusted", "logit adjusted, tau 1.5", "balanced softmax");

  private static SoftTargetLoss adjusted(String name) throws IOException {
    return switch (name) {
      case "logit adjusted" -> new CrossEntropy.LogitAdjusted(1, doubles("prior"));
      case "balanced softmax" -> new CrossEntropy.BalancedSoftmax(doubles("counts"));
      default -> new CrossEntropy.LogitAdjusted(1.5, doubles("prior"));
    };
  }

  private static ImmutableList<Double> doubles(String name) throws IOException {
    return Streams.stream(reference().get(name))
        .map(JsonNode::asDouble)
        .collect(ImmutableList.toImmutableList());
  }

  static Stream<Arguments> adjustedLosses() {
    return Stream.of(Heads.values())
        .flatMap(heads -> ADJUSTED.stream().map(loss -> Arguments.of(heads, loss)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("adjustedLosses")
  void adjustedLogitsAreThoseOfPyTorch(Heads heads, String name) throws IOException {
    JsonNode reference = reference();
    String head = heads == Heads.CLASSES ? "classes" : heads == Heads.YEARS ? "years" : "heads";
    JsonNode expected = reference.get("losses").get(head + ", " + name);

    Step step =
        step(
            heads,
            adjusted(name),
            floats(reference.get(head)),
            heads == Heads.YEARS ? yearTargets(reference) : targets(reference));

    assertThat((double) step.loss).isCloseTo(expected.get("value").asDouble(), within(2e-5));
    float[] gradient = floats(expected.get("gradient"));
    for (int i = 0; i < gradient.length; i++) {
      assertThat(step.gradient[i]).as("gradient %s", i).isCloseTo(gradient[i], within(2e-6f));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"logit adjusted", "logit adjusted, tau 1.5", "balanced softmax"})
  void adjustedLogitsOfKnownClassesAreThoseOfTheAuthors(String name) throws IOException {
    JsonNode reference = reference();
    JsonNode expected = reference.get("losses").get("hard, " + name);
    float[] logits = floats(reference.get("classes"));
    float[] targets = new float[logits.length];
    float[] labels = new float[logits.length / 18 * FaceLabel.COUNT];
    for (int row = 0; row < reference.get("hard").size(); row++) {
      targets[row * 18 + reference.get("hard").get(row).asInt()] = 1;
      labels[row * FaceLabel.COUNT + reference.get("hard").get(row).asInt()] = 1;
    }

    Step plain = step(adjusted(name).expression("x", "y"), "", logits, targets);

    assertThat((double) plain.loss).isCloseTo(expected.get("value").asDouble(), within(1e-5));
    float[] gradient = floats(expected.get("gradient"));
    for (int i = 0; i < gradient.length; i++) {
      assertThat(plain.gradient[i]).as("gradient %s", i).isCloseTo(gradient[i], within(1e-6f));
    }
    assertThat(step(Heads.CLASSES, adjusted(name), logits, labels).loss)
        .isCloseTo(plain.loss, within(1e-5f));
  }

  @Test
  void withEqualSharesNothingIsAdjusted() throws IOException {
    JsonNode reference = reference();
    float[] logits = floats(reference.get("heads"));
    SoftTargetLoss even =
        new CrossEntropy.LogitAdjusted(2, ImmutableList.copyOf(Collections.nCopies(18, 1 / 18.0)));

    Step plain = step(Heads.ATTRIBUTES, CrossEntropy.plain(), logits, targets(reference));

    Step adjusted = step(Heads.ATTRIBUTES, even, logits, targets(reference));
    assertThat(adjusted.loss).isCloseTo(plain.loss, within(1e-5f));
    for (int i = 0; i < logits.length; i++) {
      assertThat(adjusted.gradient[i]).isCloseTo(plain.gradient[i], within(1e-6f));
    }
  }

  @Test
  void aClassWithoutPhotosKeepsTheLossFinite() throws IOException {
    double[] prior = new double[18];
    Arrays.fill(prior, 1, 18, 1 / 17.0);
    JsonNode reference = reference();
    for (SoftTargetLoss loss :
        ImmutableList.of(
            new CrossEntropy.LogitAdjusted(1, ImmutableList.copyOf(Doubles.asList(prior))),
            new CrossEntropy.BalancedSoftmax(ImmutableList.copyOf(Doubles.asList(prior))))) {
      Step step = step(Heads.CLASSES, loss, floats(reference.get("classes")), targets(reference));
      assertThat(step.loss).isFinite().isPositive();
      for (float value : step.gradient) {
        assertThat(value).isFinite();
      }
    }
  }
}
