package io.github.facemask.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.evaluation.Evaluation.Interval;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class F1DifferenceTest {

  private static PhotoSet truth() {
    List<FacePhoto> photos = new ArrayList<>();
    for (int i = 0; i < 72; i++) {
      Photo photo = new Photo("p" + i, Path.of("p" + i));
      photos.add(new FacePhoto(photo, "person" + i / 2, 40, FaceClass.ofId(i % 18)));
    }
    return PhotoSet.of(photos);
  }

  /** Right but for every n-th photo. */
  private static PredictionTable wrongEvery(int n) {
    PredictionTable.Builder table = PredictionTable.builder(PredictionOrigin.unknown());
    for (int i = 0; i < 72; i++) {
      float[] row = new float[FaceClass.COUNT];
      row[i % n == 0 ? (i + 1) % 18 : i % 18] = 1;
      table.add("p" + i, row);
    }
    return table.build();
  }

  @Test
  void theSamePredictionsDifferByNothingInEveryDraw() {
    F1Difference same = F1Difference.between(wrongEvery(5), wrongEvery(5), truth());

    assertThat(same.difference()).isZero();
    assertThat(same.interval().low()).isZero();
    assertThat(same.interval().high()).isZero();
  }

  @Test
  void aBetterOneIsAboveAndTheIntervalHoldsIt() {
    F1Difference better = F1Difference.between(wrongEvery(2), wrongEvery(71), truth());

    assertThat(better.difference()).isPositive();
    assertThat(better.interval().low()).isPositive().isLessThan(better.difference());
    assertThat(better.interval().high()).isGreaterThan(better.difference());
  }

  @Test
  void classesAndAttributesHaveIntervalsAroundTheirScores() {
    Evaluation evaluation = Evaluation.of(wrongEvery(5), truth());

    for (int c = 0; c < FaceClass.COUNT; c++) {
      Interval interval = evaluation.intervals().classes().get(c);
      assertThat(evaluation.scores().f1().get(c))
          .isBetween(interval.low() - 1e-9, interval.high() + 1e-9);
    }
    for (Attribute attribute : Attribute.values()) {
      Interval interval = evaluation.intervals().attributes().get(attribute);
      assertThat(evaluation.scores(attribute).macroF1()).isBetween(interval.low(), interval.high());
    }
  }
}
