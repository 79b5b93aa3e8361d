package io.github.facemask.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClassificationScoresTest {

  static Stream<JsonNode> references() throws IOException {
    try (InputStream in =
        ClassificationScoresTest.class.getResourceAsStream("/metrics.expected.json")) {
      return StreamSupport.stream(new ObjectMapper().readTree(in).spliterator(), false);
    }
  }

  @ParameterizedTest
  @MethodSource("references")
  void scoresAreThoseOfScikitLearn(JsonNode expected) {
    int classes = expected.get("classes").asInt();
    ConfusionMatrix matrix =
        ConfusionMatrix.of(ints(expected.get("truth")), ints(expected.get("predicted")), classes);
    ClassificationScores scores = ClassificationScores.of(matrix);

    JsonNode cells = expected.get("confusion[truth][predicted]");
    for (int t = 0; t < classes; t++) {
      for (int p = 0; p < classes; p++) {
        assertThat(matrix.count(t, p)).isEqualTo(cells.get(t).get(p).asLong());
      }
    }
    close(scores.precision(), expected.get("precision"));
    close(scores.recall(), expected.get("recall"));
    close(scores.f1(), expected.get("f1"));
    assertThat(scores.support().stream().mapToInt(Long::intValue).toArray())
        .isEqualTo(ints(expected.get("support")));
    close(scores.competitionMacroF1(), expected.get("macro_f1_all_labels_zero"));
    close(scores.macroF1(), expected.get("macro_f1_present_labels"));
    close(scores.weightedF1(), expected.get("weighted_f1"));
  }

  @Test
  void rowsAreTheTruthAndColumnsThePrediction() {
    ConfusionMatrix matrix = ConfusionMatrix.builder(3).add(0, 2).add(0, 2).add(1, 1).build();

    assertThat(matrix.count(0, 2)).isEqualTo(2);
    assertThat(matrix.count(2, 0)).isZero();
    assertThat(matrix.support(0)).isEqualTo(2);
    assertThat(matrix.predicted(2)).isEqualTo(2);
    assertThat(matrix.correct()).isOne();
  }

  @Test
  void aMatrixDoesNotChangeWhenCountingGoesOn() {
    ConfusionMatrix.Builder builder = ConfusionMatrix.builder(2).add(0, 0);
    ConfusionMatrix before = builder.build();
    builder.add(0, 1);

    assertThat(before.total()).isOne();
    assertThat(builder.build().total()).isEqualTo(2);
  }

  @Test
  void nothingCountedScoresZero() {
    ClassificationScores scores = ClassificationScores.of(ConfusionMatrix.builder(18).build());

    assertThat(scores.macroF1()).isZero();
    assertThat(scores.competitionMacroF1()).isZero();
    assertThat(scores.weightedF1()).isZero();
    assertThat(scores.accuracy()).isZero();
  }

  @Test
  void aClassOutOfRangeIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConfusionMatrix.builder(18).add(18, 0))
        .withMessage("class is 18, expected 0 to 17");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ConfusionMatrix.of(new int[2], new int[3], 18))
        .withMessageContaining("2 true and 3 predicted");
  }

  private static int[] ints(JsonNode array) {
    return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
  }

  private static void close(List<Double> actual, JsonNode expected) {
    assertThat(actual.size()).isEqualTo(expected.size());
    for (int i = 0; i < actual.size(); i++) {
      close(actual.get(i), expected.get(i));
    }
  }

  private static void close(double actual, JsonNode expected) {
    assertThat(actual).isCloseTo(expected.asDouble(), within(1e-12));
  }
}
