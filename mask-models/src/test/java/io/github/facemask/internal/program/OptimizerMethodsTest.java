package io.github.facemask.internal.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.optimizer.Adam;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.optimizer.Sgd;
import io.github.facemask.schedule.Schedule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Six steps of each optimizer and schedule against what PyTorch recorded. */
class OptimizerMethodsTest {

  private static final double NONE = Double.POSITIVE_INFINITY;

  static Stream<Arguments> runs() {
    return Stream.of(
        run("sgd lr=0.5 momentum=0.9 nesterov wd=0.01", new Sgd(0.5, 0.9, true, 0.01), NONE),
        run(
            "sgd lr=0.5 momentum=0.9 step(2,0.1)",
            new Sgd(0.5, 0.9, false, 0),
            NONE,
            Schedule.stepDecay(2, 0.1)),
        run("adam lr=0.05", Adam.of(0.05, 0), NONE),
        run("adamw lr=0.05 wd=0.1", AdamW.of(0.05, 0.1), NONE),
        run("adamw lr=0.05 wd=0.1 clip_norm=0.05", AdamW.of(0.05, 0.1), 0.05),
        run("adamw lr=0.05 cosine(T_max=6)", AdamW.of(0.05, 0.01), NONE, Schedule.cosine()),
        run(
            "adamw lr=0.05 cosine_restarts(T_0=2,T_mult=2)",
            AdamW.of(0.05, 0.01),
            NONE,
            Schedule.cosineRestarts(2, 2)),
        run("adamw one_cycle(max=0.1,steps=6)", AdamW.of(0.1, 0.01), NONE, Schedule.oneCycle(0.3)));
  }

  private static Arguments run(String name, FusedOptimizer optimizer, double normLimit) {
    return run(name, optimizer, normLimit, Schedule.constant());
  }

  private static Arguments run(
      String name, FusedOptimizer optimizer, double normLimit, Schedule schedule) {
    return Arguments.of(name, optimizer, normLimit, schedule);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("runs")
  void sixStepsAreAsInPyTorch(
      String name, FusedOptimizer optimizer, double normLimit, Schedule schedule)
      throws IOException {
    JsonNode expected = expected(name);
    for (int step = 0; step < 6; step++) {
      assertThat(schedule.rate(optimizer.learningRate(), step, 6))
          .isCloseTo(expected.get("lr").get(step).asDouble(), within(1e-12));
    }
    try (TwoLayerNet net = new TwoLayerNet(optimizer, normLimit)) {
      List<Double> losses = net.losses(optimizer.learningRate(), schedule);
      for (int step = 0; step < 6; step++) {
        assertThat(losses.get(step))
            .as("step %s", step)
            .isCloseTo(expected.get("losses").get(step).asDouble(), within(1e-5));
      }
    }
  }

  @Test
  void restoredStateContinuesTheSame() throws IOException {
    FusedOptimizer optimizer = AdamW.of(0.05, 0.1);
    try (TwoLayerNet through = new TwoLayerNet(optimizer, 1);
        TwoLayerNet resumed = new TwoLayerNet(optimizer, 1)) {
      assertThat(resumed.lossesWithRestore(0.05, Schedule.constant()))
          .isEqualTo(through.losses(0.05, Schedule.constant()));
    }
  }

  @Test
  void nesterovWithoutMomentumIsRefused() {
    assertThatThrownBy(() -> new Sgd(0.1, 0, true, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected above 0 with Nesterov");
  }

  private static JsonNode expected(String name) throws IOException {
    JsonNode json =
        new ObjectMapper()
            .readTree(
                Path.of("../mask-core/src/test/resources/interop/training.expected.json").toFile())
            .get("runs")
            .get(name);
    assertThat(json).as(name).isNotNull();
    return json;
  }
}
