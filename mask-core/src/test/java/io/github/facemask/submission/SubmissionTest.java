package io.github.facemask.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.facemask.dataset.Photo;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionTest {

  private static final List<Photo> PHOTOS =
      List.of(
          new Photo("c.jpg", Path.of("c.jpg")),
          new Photo("a.jpg", Path.of("a.jpg")),
          new Photo("b.jpg", Path.of("b.jpg")));

  @TempDir Path folder;

  @Test
  void answersStandInTheOrderOfInfo() throws IOException {
    Path file = folder.resolve("out/submission.csv");

    Submission submission = Submission.of(PHOTOS, table("a.jpg", 17, "b.jpg", 3, "c.jpg", 0));
    submission.write(file);

    assertThat(file).hasContent("ImageID,ans\nc.jpg,0\na.jpg,17\nb.jpg,3\n");
    assertThat(submission.classCounts()).hasSize(18);
    assertThat(submission.classCounts()[17]).isOne();
    assertThat(submission.classCounts()[1]).isZero();
  }

  @Test
  void aPhotoWithoutPredictionIsRefusedAndNoFileIsLeft() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Submission.of(PHOTOS, table("a.jpg", 17, "c.jpg", 0))
                    .write(folder.resolve("submission.csv")))
        .withMessage(
            "1 of 3 photos of info.csv have no prediction, the first is 'b.jpg'; predict them all");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void predictionsOfOtherPhotosAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Submission.of(PHOTOS, table("a.jpg", 1, "b.jpg", 1, "c.jpg", 1, "d.jpg", 1)))
        .withMessageContaining("4 predictions for 3 photos");
  }

  private static PredictionTable table(Object... idsAndClasses) {
    PredictionTable.Builder builder = PredictionTable.builder(PredictionOrigin.unknown());
    for (int i = 0; i < idsAndClasses.length; i += 2) {
      float[] row = new float[FaceClass.COUNT];
      row[(Integer) idsAndClasses[i + 1]] = 1;
      builder.add((String) idsAndClasses[i], row);
    }
    return builder.build();
  }
}
