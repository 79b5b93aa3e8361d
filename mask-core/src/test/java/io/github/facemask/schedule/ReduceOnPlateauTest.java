package io.github.facemask.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rates recorded from torch 2.7.1: ReduceLROnPlateau(mode="max", eps=0) on a rate of 1. */
class ReduceOnPlateauTest {

  @Test
  void reducesWherePyTorchDoes() {
    check(
        ReduceOnPlateau.of(0.5, 1),
        List.of(0.3, 0.4, 0.39, 0.38, 0.41, 0.41, 0.41, 0.2, 0.41003, 0.5),
        List.of(1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125, 0.125));
    check(
        ReduceOnPlateau.of(0.1, 0),
        List.of(0.5, 0.5, 0.6, 0.59, 0.58, 0.7),
        List.of(1.0, 0.1, 0.1, 0.01, 0.001, 0.001));
  }

  @Test
  void negativeScoresToo() {
    check(
        ReduceOnPlateau.of(0.3, 2),
        List.of(-1.2, -1.1, -1.15, -1.12, -1.11, -1.0, -1.0, -1.0, -1.0, -0.9),
        List.of(1.0, 1.0, 1.0, 1.0, 0.3, 0.3, 0.3, 0.3, 0.3, 0.3));
  }

  @Test
  void refusesWhatWouldNotReduce() {
    assertThatThrownBy(() -> ReduceOnPlateau.of(1, 3))
        .hasMessage("factor is 1.0, expected above 0 and below 1");
  }

  private static void check(ReduceOnPlateau rule, List<Double> scores, List<Double> rates) {
    List<Double> soFar = new ArrayList<>();
    for (int i = 0; i < scores.size(); i++) {
      soFar.add(scores.get(i));
      assertThat(rule.scale(soFar)).as("epoch %s", i + 1).isCloseTo(rates.get(i), within(1e-12));
    }
  }
}
