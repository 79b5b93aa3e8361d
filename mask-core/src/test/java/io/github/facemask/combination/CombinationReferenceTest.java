package io.github.facemask.combination;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.combination.Voter.Temperatures;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against numpy, scipy and scikit-learn; the script that asked them lies beside the numbers. */
class CombinationReferenceTest {

  private static JsonNode reference;
  private static List<PredictionTable> tables;
  private static PhotoSet truth;

  @BeforeAll
  static void read() throws IOException {
    reference =
        new ObjectMapper()
            .readTree(
                CombinationReferenceTest.class.getResourceAsStream(
                    "/combination/combination.json"));
    tables = new ArrayList<>();
    for (JsonNode member : reference.get("members")) {
      tables.add(Tables.of(rows(member)));
    }
    int[] classes = new int[reference.get("truth").size()];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = reference.get("truth").get(i).asInt();
    }
    truth = Tables.truth(classes);
  }

  private static float[][] rows(JsonNode json) {
    float[][] rows = new float[json.size()][FaceClass.COUNT];
    for (int i = 0; i < rows.length; i++) {
      for (int c = 0; c < FaceClass.COUNT; c++) {
        rows[i][c] = (float) json.get(i).get(c).asDouble();
      }
    }
    return rows;
  }

  private static PredictionTable combined(Combination combination) {
    List<Voter> voters = new ArrayList<>();
    reference.get("weights").forEach(w -> voters.add(Voter.of(w.asDouble())));
    return Vote.of(combination, voters).table(tables, PredictionOrigin.unknown());
  }

  private static void assertSame(PredictionTable table, String key, double tolerance) {
    float[][] expected = rows(reference.get(key));
    for (int i = 0; i < expected.length; i++) {
      for (int c = 0; c < FaceClass.COUNT; c++) {
        assertThat((double) table.probability(i, c))
            .as("%s of photo %d, class %d", key, i, c)
            .isCloseTo(expected[i][c], within(tolerance));
      }
    }
  }

  @Test
  void meansAreThoseOfNumpyAndScipy() {
    assertSame(combined(Combination.SOFT_VOTE), "soft", 2e-7);
    assertSame(combined(Combination.GEOMETRIC_MEAN), "geometric", 2e-7);
    assertSame(combined(Combination.RANK_MEAN), "rank", 2e-7);
    // A thousandth of a row is the soft vote, for ties.
    assertSame(combined(Combination.HARD_VOTE), "votes", 1e-3);
  }

  @Test
  void threeAnswersMakeOneClass() {
    List<Voter> voters = new ArrayList<>();
    Attribute[] answers = {Attribute.MASK, Attribute.GENDER, Attribute.AGE, Attribute.AGE};
    for (int m = 0; m < answers.length; m++) {
      double weight = reference.get("weights").get(m).asDouble();
      voters.add(new Voter(weight, 1, Optional.of(answers[m])));
    }

    assertSame(
        Vote.of(Combination.BY_ATTRIBUTE, voters).table(tables, PredictionOrigin.unknown()),
        "byAttribute",
        2e-7);
  }

  @Test
  void temperaturesAreThoseOfScipy() {
    for (int m = 0; m < tables.size(); m++) {
      assertThat(Temperatures.fit(tables.get(m), truth))
          .isCloseTo(reference.get("temperatures").get(m).asDouble(), within(1e-5));
    }
    Vote one = Vote.of(Combination.SOFT_VOTE, List.of(Voter.of(1).withTemperature(1.7)));
    assertSame(one.table(tables.subList(1, 2), PredictionOrigin.unknown()), "tempered", 2e-7);
  }

  @Test
  void greedySelectionIsThatOfANaiveOneWithScikitLearnsF1() {
    Vote equal = Vote.of(Combination.SOFT_VOTE, tables.stream().map(t -> Voter.of(1)).toList());
    for (WeightSearch search : List.of(WeightSearch.GREEDY, WeightSearch.GREEDY_ONCE)) {
      WeightSearch.Found found = search.fit(equal, tables, truth);
      JsonNode expected = reference.get(search == WeightSearch.GREEDY ? "greedy" : "greedyOnce");

      assertThat(found.macroF1()).isCloseTo(expected.get("macroF1").asDouble(), within(1e-12));
      for (int m = 0; m < tables.size(); m++) {
        assertThat(found.single().get(m))
            .isCloseTo(reference.get("single").get(m).asDouble(), within(1e-12));
        assertThat(found.weights().get(m))
            .isCloseTo(expected.get("weights").get(m).asDouble(), within(1e-12));
      }
    }
  }

  @Test
  void diversityIsThatOfNumpy() {
    Diversity first = Diversity.of(tables, truth).get(0);

    assertThat(first.agreement()).isCloseTo(reference.get("agreement").asDouble(), within(1e-12));
    assertThat(first.errorCorrelation())
        .isCloseTo(reference.get("errorCorrelation").asDouble(), within(1e-12));
  }
}
