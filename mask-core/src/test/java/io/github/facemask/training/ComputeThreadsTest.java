package io.github.facemask.training;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComputeThreadsTest {

  @ParameterizedTest
  @CsvSource({
    "2, 2, 2",
    "1.9, 2, 2",
    "1.3, 2, 1",
    "1, 2, 1",
    "0.1, 2, 1",
    "-0.5, 2, 1",
    "5.1, 8, 5",
    "7.9, 8, 8",
    "9, 8, 8"
  })
  void thereAreAsManyThreadsAsCoresAreLeft(double left, int most, int expected) {
    assertThat(ComputeThreads.threads(left, most)).isEqualTo(expected);
  }
}
