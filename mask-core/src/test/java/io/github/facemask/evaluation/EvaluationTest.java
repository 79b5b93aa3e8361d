package io.github.facemask.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Photos;
import io.github.facemask.evaluation.Evaluation.Calibration;
import io.github.facemask.evaluation.Evaluation.Interval;
import io.github.facemask.evaluation.Evaluation.WorstPhoto;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.Digest;
import io.github.facemask.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

  private static final PhotoSet PHOTOS = Photos.people(12, 9, 3, 14, 16, 4);

  @TempDir Path folder;

  @Test
  void rightPredictionsScoreOneWithAnIntervalOfOne() {
    Evaluation evaluation = Evaluation.of(predict(p -> p.label().id(), 0.9f), PHOTOS);

    assertThat(evaluation.macroF1()).isOne();
    assertThat(evaluation.macroF1Interval().low()).isEqualTo(1, within(1e-12));
    assertThat(evaluation.macroF1Interval().high()).isEqualTo(1, within(1e-12));
    assertThat(evaluation.people()).isEqualTo(58);
    assertThat(evaluation.photos()).isEqualTo(PHOTOS.size());
    assertThat(evaluation.data()).isEqualTo(PHOTOS.digest());
  }

  @Test
  void anAttributeIsJudgedByThePredictedClass() {
    // The age is always one group too low, all else is right.
    Evaluation evaluation =
        Evaluation.of(
            predict(p -> p.label().id() - (p.label().id() % 3 > 0 ? 1 : 0), 0.8f), PHOTOS);

    assertThat(evaluation.scores(Attribute.MASK).accuracy()).isOne();
    assertThat(evaluation.scores(Attribute.GENDER).accuracy()).isOne();
    assertThat(evaluation.scores(Attribute.AGE).recall()).containsExactly(1.0, 0.0, 0.0);
    assertThat(evaluation.confusion(Attribute.AGE).count(2, 1)).isEqualTo(7 * 7);
    assertThat(evaluation.confusion(Attribute.AGE).total()).isEqualTo(PHOTOS.size());
    assertThat(Attribute.AGE.valueNames()).containsExactly("under 30", "from 30 to 59", "from 60");
  }

  @Test
  void calibrationIsTheDistanceOfConfidenceAndAccuracy() {
    // Always 0.9 sure of class 0, which 60 of the photos have.
    Evaluation evaluation = Evaluation.of(predict(p -> 0, 0.9f), PHOTOS);

    double accuracy = 60.0 / PHOTOS.size();
    assertThat(evaluation.calibration().expectedError()).isCloseTo(0.9 - accuracy, within(1e-6));
    Calibration.Bin bin = evaluation.calibration().bins().get(13);
    assertThat(bin.photos()).isEqualTo(PHOTOS.size());
    assertThat(bin.accuracy()).isEqualTo(accuracy);
    assertThat(evaluation.calibration().bins()).hasSize(15);
  }

  @Test
  void aConfidenceOnTheEdgeOfABinBelongsBelow() {
    Calibration calibration =
        Calibration.of(new double[] {0.2, 1.0, 0.0}, new boolean[] {true, true, false});

    assertThat(calibration.bins().get(2).photos()).isOne();
    assertThat(calibration.bins().get(14).photos()).isOne();
    assertThat(calibration.bins().get(0).photos()).isOne();
  }

  @Test
  void theWorstPhotosComeFirst() {
    String bad = PHOTOS.get(20).photo().id();
    PredictionTable.Builder builder = PredictionTable.builder(PredictionOrigin.unknown());
    for (FacePhoto photo : PHOTOS) {
      boolean wrong = photo.photo().id().equals(bad);
      builder.add(photo.photo().id(), row(wrong ? 17 : photo.label().id(), 0.99f));
    }

    Evaluation evaluation = Evaluation.builder(builder.build(), PHOTOS).optWorst(3).build();

    assertThat(evaluation.worst()).hasSize(3);
    WorstPhoto worst = evaluation.worst().get(0);
    assertThat(worst.photo()).isEqualTo(bad);
    assertThat(worst.predicted()).isEqualTo(FaceLabel.ofId(17));
    assertThat(worst.loss()).isCloseTo(-Math.log(0.01 / 17), within(1e-4));
  }

  @Test
  void theIntervalHoldsTheScoreAndFollowsTheSeed() {
    PredictionTable noisy = noisy();
    Evaluation evaluation = Evaluation.builder(noisy, PHOTOS).optSeed(1).build();

    Interval interval = evaluation.macroF1Interval();
    double score = evaluation.macroF1();
    assertThat(score).isBetween(interval.low(), interval.high());
    assertThat(interval.high() - interval.low()).isBetween(0.02, 0.4);
    assertThat(Evaluation.builder(noisy, PHOTOS).optSeed(1).build()).isEqualTo(evaluation);
    assertThat(Evaluation.builder(noisy, PHOTOS).optSeed(2).build().macroF1Interval())
        .isNotEqualTo(interval);
  }

  @Test
  void anIntervalByPersonIsWiderThanByPhotoWhenAPersonIsRightOrWrongAsAWhole() {
    PredictionTable.Builder builder = PredictionTable.builder(PredictionOrigin.unknown());
    for (FacePhoto photo : PHOTOS) {
      boolean wrong = photo.person().endsWith("1");
      builder.add(photo.photo().id(), row(wrong ? 3 : photo.label().id(), 0.9f));
    }
    PhotoSet strangers =
        PhotoSet.of(
            PHOTOS.stream()
                .map(p -> new FacePhoto(p.photo(), p.photo().id(), p.ageYears(), p.label()))
                .toList());

    Interval byPerson = Evaluation.of(builder.build(), PHOTOS).macroF1Interval();
    Interval byPhoto = Evaluation.of(builder.build(), strangers).macroF1Interval();

    assertThat(byPerson.high() - byPerson.low())
        .isGreaterThan(1.2 * (byPhoto.high() - byPhoto.low()));
  }

  @Test
  void aFileGivesTheSameEvaluation() throws IOException {
    Evaluation evaluation = Evaluation.builder(noisy(), PHOTOS).optSeed(4).build();
    Path file = folder.resolve("evaluation.json");

    evaluation.write(file);

    assertThat(Evaluation.read(file)).isEqualTo(evaluation);
    assertThat(Files.readString(file)).contains("\"macroF1\"").contains("\"ageScores\"");
  }

  @Test
  void aFileOfSomethingElseIsNamed() throws IOException {
    Path file = folder.resolve("other.json");
    Files.writeString(file, "{\"photos\": 3}");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> Evaluation.read(file))
        .withMessageContaining("other.json: is not an evaluation: the value 'confusion'");
  }

  @Test
  void photosWithoutPredictionsAreCountedAndNamed() {
    PredictionTable table =
        PredictionTable.builder(PredictionOrigin.unknown())
            .add(PHOTOS.get(0).photo().id(), row(0, 0.9f))
            .build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Evaluation.of(table, PHOTOS))
        .withMessageContaining("405 of 406 photos have no prediction")
        .withMessageContaining(PHOTOS.get(1).photo().id());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Evaluation.of(table, PhotoSet.of(List.of())))
        .withMessageContaining("no photos to evaluate");
  }

  private static PredictionTable noisy() {
    RandomStream random = RandomStream.of(8, "test");
    return predict(p -> random.nextDouble() < 0.7 ? p.label().id() : random.nextInt(18), 0.6f);
  }

  private static PredictionTable predict(ToIntFunction<FacePhoto> answer, float confidence) {
    PredictionTable.Builder builder =
        PredictionTable.builder(
            new PredictionOrigin(
                List.of(Digest.ofText("m")), List.of("r"), Optional.of(PHOTOS.digest())));
    for (FacePhoto photo : PHOTOS) {
      builder.add(photo.photo().id(), row(answer.applyAsInt(photo), confidence));
    }
    return builder.build();
  }

  private static float[] row(int id, float confidence) {
    float[] row = new float[FaceClass.COUNT];
    Arrays.fill(row, (1 - confidence) / (FaceClass.COUNT - 1));
    row[id] = confidence;
    return row;
  }
}
