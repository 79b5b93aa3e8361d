package io.github.facemask.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.Evaluation.Interval;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scores of photos with unknown attributes. */
class LabelMatrixTest {

  @TempDir Path folder;

  @Property
  void anAttributeIsScoredOverThePhotosThatKnowIt(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 47) Integer> labels,
      @ForAll @Size(60) List<@IntRange(max = 17) Integer> predictions) {
    LabelMatrix.Builder builder = LabelMatrix.builder();
    for (int i = 0; i < labels.size(); i++) {
      builder.add(FaceLabel.ofId(labels.get(i)), predictions.get(i));
    }
    LabelMatrix counts = builder.build();

    double sum = 0;
    int known = 0;
    for (Attribute attribute : Attribute.values()) {
      ConfusionMatrix.Builder expected = ConfusionMatrix.builder(attribute.valueNames().size());
      for (int i = 0; i < labels.size(); i++) {
        OptionalInt truth = FaceLabel.ofId(labels.get(i)).value(attribute);
        if (truth.isPresent()) {
          expected.add(truth.getAsInt(), attribute.of(FaceClass.ofId(predictions.get(i))));
        }
      }
      assertThat(counts.attribute(attribute)).isEqualTo(expected.build());
      if (expected.build().total() > 0) {
        sum += ClassificationScores.of(expected.build()).macroF1();
        known++;
      }
    }
    assertThat(counts.known()).hasSize(known);
    boolean complete = labels.stream().allMatch(label -> label < 18);
    if (!complete && known > 0) {
      assertThat(counts.macroF1()).isCloseTo(sum / known, within(1e-12));
    }
    if (complete) {
      assertThat(counts.macroF1())
          .isCloseTo(ClassificationScores.of(counts.classes()).macroF1(), within(1e-12));
    }
  }

  @Property(tries = 100)
  void anIntervalHoldsItsOwnScore(
      @ForAll @Size(min = 1, max = 25) List<@IntRange(max = 46) Integer> labels,
      @ForAll @Size(25) List<@IntRange(max = 17) Integer> predictions) {
    Evaluation evaluation = evaluation(labels, predictions);

    assertThat(evaluation.macroF1())
        .isBetween(
            evaluation.macroF1Interval().low() - 1e-12,
            evaluation.macroF1Interval().high() + 1e-12);
    for (Attribute attribute : evaluation.counts().known()) {
      Interval interval = evaluation.intervals().attributes().get(attribute);
      assertThat(evaluation.scores(attribute).macroF1())
          .isBetween(interval.low() - 1e-12, interval.high() + 1e-12);
    }
    for (int id = 0; id < 18; id++) {
      if (evaluation.scores().support().get(id) > 0) {
        Interval interval = evaluation.intervals().classes().get(id);
        assertThat(evaluation.scores().f1().get(id))
            .isBetween(interval.low() - 1e-12, interval.high() + 1e-12);
      }
    }
  }

  @Test
  void anIntervalIsWidenedToItsScoreAlone() {
    Interval interval = new Interval(0.4, 0.5, 10, 1);

    assertThat(interval.holding(0.45)).isEqualTo(interval);
    assertThat(interval.holding(0.6)).isEqualTo(new Interval(0.4, 0.6, 10, 1));
    assertThat(interval.holding(0.3)).isEqualTo(new Interval(0.3, 0.5, 10, 1));
    assertThat(interval.holding(Double.NaN)).isEqualTo(interval);
  }

  @Test
  void aMaskModelThatIsRightIsNotPunishedForAbsentClasses() throws IOException {
    // Masks worn and not worn, in 20 photos; gender and age are unknown. One is wrong.
    List<Integer> labels = new ArrayList<>();
    List<Integer> predictions = new ArrayList<>();
    int worn = FaceLabel.of(FaceClass.ofId(0)).only(Set.of(Attribute.MASK)).id();
    int none = FaceLabel.of(FaceClass.ofId(12)).only(Set.of(Attribute.MASK)).id();
    for (int i = 0; i < 20; i++) {
      labels.add(i % 2 == 0 ? worn : none);
      predictions.add(i == 0 || i % 2 == 1 ? 12 : 0);
    }

    Evaluation evaluation = evaluation(labels, predictions);

    // scikit-learn: f1_score(average="macro") of these.
    assertThat(evaluation.macroF1()).isCloseTo((18.0 / 19 + 20.0 / 21) / 2, within(1e-12));
    assertThat(evaluation.score().toString()).isEqualTo("mask F1 0.9499 (2 of 3 present)");
    assertThat(evaluation.counts().accuracy()).isEqualTo(0.95);
    assertThat(evaluation.counts().known()).containsExactly(Attribute.MASK);
    assertThat(evaluation.calibration().expectedError()).isLessThan(0.1);
    assertThat(evaluation.worst().get(0).truth().id()).isEqualTo(worn);
    evaluation.write(folder.resolve("evaluation.json"));
    assertThat(Evaluation.read(folder.resolve("evaluation.json"))).isEqualTo(evaluation);
  }

  @Test
  void theCompetitionsRuleStandsBesideAScoreOfFewerClasses() {
    LabelMatrix counts =
        LabelMatrix.builder()
            .add(FaceLabel.ofId(0), 0)
            .add(FaceLabel.ofId(3), 3)
            .add(FaceLabel.ofId(5), 5)
            .build();

    assertThat(counts.score().toString())
        .isEqualTo("macro F1 1.0000 (3 of 18 present, 0.1667 by the competition's rule)");
    assertThat(counts.score(Attribute.MASK).toString())
        .isEqualTo("mask F1 1.0000 (1 of 3 present)");
  }

  @Test
  void photosWithoutAnyLabelAreNotScored() {
    int unknown = FaceLabel.UNKNOWN.id();

    Evaluation evaluation = evaluation(List.of(0, unknown, 5), List.of(0, 9, 5));

    assertThat(evaluation.photos()).isEqualTo(2);
    assertThat(evaluation.macroF1()).isOne();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> evaluation(List.of(unknown), List.of(3)))
        .withMessageContaining("expected one or more with a known attribute");
  }

  private static Evaluation evaluation(List<Integer> labels, List<Integer> predictions) {
    List<FacePhoto> photos = new ArrayList<>();
    PredictionTable.Builder table = PredictionTable.builder(PredictionOrigin.unknown());
    for (int i = 0; i < labels.size(); i++) {
      String id = "photo" + i;
      photos.add(
          new FacePhoto(
              new Photo(id, Path.of(id + ".jpg")),
              "person" + i / 2,
              OptionalInt.empty(),
              FaceLabel.ofId(labels.get(i))));
      float[] row = new float[18];
      row[predictions.get(i)] = 1;
      table.add(id, row);
    }
    return Evaluation.builder(table.build(), PhotoSet.of(photos)).optResamples(60).build();
  }
}
