package io.github.facemask.prediction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Correction of answers for other shares of the labels than in training. */
class PriorTest {

  private static final Set<Attribute> MASK = Set.of(Attribute.MASK);

  @TempDir Path folder;

  private static JsonNode reference() throws IOException {
    return new ObjectMapper().readTree(Path.of("src/test/resources/prior/prior.json").toFile());
  }

  private static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    Arrays.setAll(values, i -> array.get(i).asDouble());
    return values;
  }

  /** Answers of the mask alone, spread evenly over gender and age. */
  private static PredictionTable masks(JsonNode rows) {
    PredictionOrigin origin = PredictionOrigin.unknown().withAttributes(MASK);
    PredictionTable.Builder table = PredictionTable.builder(origin);
    for (int row = 0; row < rows.size(); row++) {
      float[] values = new float[FaceClass.COUNT];
      for (int id = 0; id < values.length; id++) {
        values[id] = (float) (rows.get(row).get(id / 6).asDouble() / 6);
      }
      table.add("p" + row, values);
    }
    return table.build();
  }

  /** The shares of the classes with these shares of the mask. */
  private static Prior training(double[] mask) {
    double[] shares = new double[FaceClass.COUNT];
    // Within a mask state the classes are uneven, which must not matter for its answers.
    Arrays.setAll(shares, id -> mask[id / 6] * (1 + id % 6) / 21.0);
    return Prior.of(shares);
  }

  @Test
  void correctedAnswersAreThoseOfAModelWithTheseShares() throws IOException {
    JsonNode reference = reference();
    Prior target = Prior.of(MASK, doubles(reference.get("target")));

    PredictionTable corrected =
        target.correct(
            masks(reference.get("answers")), training(doubles(reference.get("training"))));

    for (int row = 0; row < corrected.size(); row++) {
      for (FaceLabel label : FaceLabel.knowing(MASK)) {
        double expected =
            reference
                .get("corrected")
                .get(row)
                .get(label.mask().orElseThrow().ordinal())
                .asDouble();
        assertThat(label.probability(corrected.probabilities(row)))
            .isCloseTo(expected, within(1e-5));
      }
    }
  }

  @Test
  void sharesAreEstimatedFromAnswersWithoutLabels() throws IOException {
    JsonNode reference = reference();

    Prior estimate =
        Prior.estimate(
            masks(reference.get("answers")), training(doubles(reference.get("training"))));

    assertThat(estimate.attributes()).isEqualTo(MASK);
    double[] expected = doubles(reference.get("estimate"));
    double[] counts = doubles(reference.get("shares"));
    for (int i = 0; i < expected.length; i++) {
      assertThat(estimate.shares().get(i)).isCloseTo(expected[i], within(1e-4));
      // Near the true shares, and far from those of training.
      assertThat(estimate.shares().get(i)).isCloseTo(counts[i] / 200, within(0.1));
    }
  }

  @Test
  void theFormulaByHand() {
    double[] p = new double[FaceClass.COUNT];
    p[0] = 0.6;
    p[1] = 0.4;
    double[] training = new double[FaceClass.COUNT];
    training[0] = 0.75;
    training[1] = 0.25;
    double[] target = new double[FaceClass.COUNT];
    target[0] = 0.2;
    target[1] = 0.8;

    double[] corrected =
        Prior.scaled(p, Prior.of(target).factors(Prior.of(training), Set.of(Attribute.values())));

    double first = 0.6 * 0.2 / 0.75;
    double second = 0.4 * 0.8 / 0.25;
    assertThat(corrected[0]).isCloseTo(first / (first + second), within(1e-12));
    assertThat(corrected[1]).isCloseTo(second / (first + second), within(1e-12));
  }

  @Test
  void theSameSharesChangeNothing() {
    double[] p = new double[FaceClass.COUNT];
    Arrays.setAll(p, id -> (id + 1) / 171.0);
    Prior same = Prior.of(p);

    assertThat(Prior.scaled(p, same.factors(same, Set.of(Attribute.values()))))
        .containsExactly(p, within(1e-12));
    assertThat(same.factors(same, Set.of())).containsOnly(1.0);
  }

  @Test
  void unknownAttributesDoNotDiluteWhatIsKnown() {
    double[] counts = new double[FaceLabel.COUNT];
    int[] masks = {90, 9, 1};
    int[] ages = {50, 30, 20};
    for (FaceLabel label : FaceLabel.values()) {
      if (label.known().equals(MASK)) {
        counts[label.id()] = masks[label.mask().orElseThrow().ordinal()];
      } else if (label.known().equals(Set.of(Attribute.AGE))) {
        counts[label.id()] = ages[label.age().orElseThrow().ordinal()];
      }
    }
    counts[FaceLabel.UNKNOWN.id()] = 1000;

    Prior prior = Prior.ofLabelCounts(counts);

    assertThat(prior.only(MASK).toArray())
        .containsExactly(new double[] {0.9, 0.09, 0.01}, within(1e-6));
    assertThat(prior.only(Set.of(Attribute.AGE)).toArray())
        .containsExactly(new double[] {0.5, 0.3, 0.2}, within(1e-6));
    assertThat(prior.only(Set.of(Attribute.GENDER)).toArray())
        .containsExactly(new double[] {0.5, 0.5}, within(1e-6));
    // Masks and ages are never known of one photo: nothing joins them.
    assertThat(prior.shares().get(0)).isCloseTo(0.9 * 0.5 * 0.5, within(1e-6));
  }

  @Test
  void completeCountsAreDividedByTheirSum() {
    double[] counts = new double[FaceLabel.COUNT];
    counts[3] = 30;
    counts[17] = 10;

    Prior prior = Prior.ofLabelCounts(counts);

    assertThat(prior.shares().get(3)).isEqualTo(0.75);
    assertThat(prior.shares().get(17)).isEqualTo(0.25);
  }

  @Test
  void sharesAreReadFromFiles() throws IOException {
    Path masks = folder.resolve("masks.csv");
    Files.writeString(masks, "# seen in May\nmask,share\nnot worn,6\nworn, 3\nworn_wrongly,1\n");
    assertThat(Prior.read(masks)).isEqualTo(Prior.of(MASK, doubles("worn", 3, 1, 6)));

    StringBuilder classes = new StringBuilder("class,share\n");
    for (int id = 17; id >= 0; id--) {
      classes.append(id).append(',').append(id + 1).append('\n');
    }
    Path all = folder.resolve("classes.csv");
    Files.writeString(all, classes);
    assertThat(Prior.read(all).shares().get(17)).isEqualTo(18 / 171.0);
  }

  @Test
  void roundedSharesAndCountsAreRead() throws IOException {
    Path rounded = folder.resolve("rounded.csv");
    Files.writeString(rounded, "mask,share\nworn,0.33\nworn wrongly,0.33\nnot worn,0.33\n");
    Path counts = folder.resolve("counts.csv");
    Files.writeString(counts, "gender,share\nmale,30\nfemale,90\n");

    assertThat(Prior.read(rounded).toArray())
        .containsExactly(new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, within(1e-12));
    assertThat(Prior.read(counts).shares()).containsExactly(0.25, 0.75);
  }

  @Test
  void aFolderIsToldWithItsName() {
    assertThatThrownBy(() -> Prior.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessage(folder + ": is a folder, expected a CSV file of shares");
  }

  @Test
  void aCorrectedTableSaysSoInItsFileAndIsNotCorrectedAgain() throws IOException {
    Prior training = training(new double[] {0.4, 0.4, 0.2});
    Prior target = Prior.of(MASK, 0.7, 0.2, 0.1);
    PredictionTable own = masks(new ObjectMapper().readTree("[[0.5,0.3,0.2],[0.1,0.2,0.7]]"));
    Path file = folder.resolve("corrected.csv");

    target.correct(own, training).write(file);
    PredictionTable read = PredictionTable.read(file);

    assertThat(own.origin().prior()).isEmpty();
    assertThat(read.origin().prior()).contains(target);
    assertThat(Files.readAllLines(file).get(0))
        .contains(
            "\"prior\":{\"attributes\":[\"mask\"],\"shares\":{\"worn\":"
                + target.shares().get(0)
                + ",");
    for (PredictionTable corrected : List.of(read, PredictionTable.union(List.of(read)))) {
      assertThatThrownBy(() -> target.correct(corrected, training))
          .hasMessage(
              "table is corrected for other shares of mask before, expected a model's own answers;"
                  + " predict again without a prior");
      assertThatThrownBy(() -> Prior.estimate(corrected, training))
          .hasMessageContaining("table is corrected for other shares of mask before");
    }
  }

  @Test
  void differentlyCorrectedTablesAreNotJoined() throws IOException {
    Prior training = training(new double[] {0.4, 0.4, 0.2});
    PredictionTable own = masks(new ObjectMapper().readTree("[[0.5,0.3,0.2]]"));
    PredictionTable corrected = Prior.of(MASK, 0.7, 0.2, 0.1).correct(own, training);

    assertThatThrownBy(() -> PredictionTable.union(List.of(own, corrected)))
        .hasMessageContaining("corrected for different shares");
  }

  @Test
  void sharesThatTheModelDoesNotAnswerAreRefused() throws IOException {
    Prior genders = Prior.of(Set.of(Attribute.GENDER, Attribute.AGE), 1, 1, 1, 1, 1, 1);
    PredictionTable own = masks(new ObjectMapper().readTree("[[0.5,0.3,0.2]]"));

    assertThatThrownBy(() -> genders.correct(own, Prior.uniform()))
        .hasMessage(
            "prior is shares of gender, age, expected shares of what the model answers, which is"
                + " mask");
    // Shares of more than the model answers are summed over the rest.
    assertThat(Prior.uniform().correct(own, Prior.uniform()).origin().prior())
        .contains(Prior.uniform().only(MASK));
  }

  /** The values in the order of the mask states' numbers. */
  private static double[] doubles(String first, double worn, double wrongly, double not) {
    assertThat(Attribute.MASK.valueNames()).containsExactly(first, "worn wrongly", "not worn");
    return new double[] {worn, wrongly, not};
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mask,part/worn,1|:1: header is mask,part, expected 'class,share'",
        "mask,share/worn,1/worn,2|:3: has 'worn' again, expected each label once",
        "mask,share/worn,x|:2: share is x, expected a number of 0 or more",
        "mask,share/worn,-1|:2: share is -1, expected a number of 0 or more",
        "mask,share/half,1|:2: mask is half, expected one of worn, worn wrongly, not worn",
        "mask,share/worn,1,2|:2: number of cells is 3, expected 2",
        "mask,share/worn,1|:2: lacks the share of 'worn wrongly'",
        "class,share/18,1|:2: class is 18, expected 0 to 17",
        "gender,share/male,0/female,0|:3: sum of the shares is 0, expected a number above 0",
        "gender,share/male,0.5/female,0.52|:3: sum of the shares is 1.020, expected 1 within 0.01",
        "gender,share/male,60/female,40.5|:3: sum of the shares is 100.5, expected 1 within 0.01",
        "#|:1: holds no shares"
      })
  void aFaultIsToldByItsLine(String lines, String told) throws IOException {
    Path file = folder.resolve("faulty.csv");
    Files.writeString(file, lines.replace('/', '\n'));

    assertThatThrownBy(() -> Prior.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(told);
  }
}
