package io.github.facemask.lab.cropaudit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropRun;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.lab.synthetic.FaceBox;
import io.github.facemask.lab.synthetic.SyntheticFaces;
import io.github.facemask.lab.synthetic.SyntheticTruth;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.MaskState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CropAccuracyTest {

  private static final Box SUBJECT = new Box(100, 100, 200, 220);
  private static final Box OTHER = new Box(10, 20, 60, 80);

  private static SyntheticTruth truth(String id, boolean other) {
    return new SyntheticTruth(
        id,
        FaceClass.ofId(0),
        20,
        new FaceBox(100, 100, 100, 120),
        other ? Optional.of(new FaceBox(10, 20, 50, 60)) : Optional.empty());
  }

  private static CropDecision crop(String id, int chosen, Box crop, Box... faces) {
    return new CropDecision(
        id,
        "",
        512,
        384,
        crop,
        chosen < 0 ? CropDecision.Rule.CENTER : CropDecision.Rule.PRIMARY_SUBJECT,
        "test",
        chosen,
        List.of(faces).stream().map(box -> new Detection(box, 1, "test")).toList(),
        FaceCropSettings.of(new FaceCropSettings.Detector("test", "", Map.of())));
  }

  @Test
  void eachCropIsCountedOnce() {
    Box large = new Box(50, 50, 250, 250);
    Box elsewhere = new Box(300, 300, 350, 350);
    CropTable table =
        CropTable.of(
            List.of(
                crop("right", 0, large, SUBJECT, OTHER),
                crop("wrong of both", 1, OTHER, SUBJECT, OTHER),
                crop("wrong of one", 0, OTHER, OTHER),
                crop("elsewhere", 0, elsewhere, elsewhere),
                crop("fallback", -1, large),
                crop("alone", 0, large, SUBJECT)));
    CropAccuracy accuracy =
        CropAccuracy.of(
            table,
            List.of(
                truth("right", true),
                truth("wrong of both", true),
                truth("wrong of one", true),
                truth("elsewhere", true),
                truth("fallback", true),
                truth("not in the table", true),
                truth("alone", false)));
    assertThat(accuracy.rows()).hasSize(6);
    assertThat(accuracy.rows().get(0))
        .isEqualTo(new CropAccuracy.Row(MaskState.WORN, false, 1, 1, 1, 0, 0, 0, 1, 0, 0));
    assertThat(accuracy.rows().get(1))
        .isEqualTo(new CropAccuracy.Row(MaskState.WORN, true, 5, 2, 1, 2, 1, 1, 2, 2, 1));
    assertThat(accuracy.rightOfBoth()).isEqualTo(0.5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CropAccuracy.of(table, List.of(truth("x", false))))
        .withMessageContaining("none of the 1 photos");
  }

  @Test
  void theSubjectIsCroppedAndNeverTheBackground(@TempDir Path folder) throws IOException {
    Path root = folder.resolve("photos");
    SyntheticFaces.builder(root)
        .optPeople(36)
        .optEvaluationPhotos(0)
        .optSeed(3)
        .optThreads(2)
        .optBackgroundFaces(0.6)
        .build()
        .write();
    CropTable table = CropRun.of(PstageFolder.read(root), FaceCrop.cascade()).run();
    CropAccuracy accuracy = CropAccuracy.of(table, SyntheticTruth.read(root));
    int photos = accuracy.rows().stream().mapToInt(CropAccuracy.Row::photos).sum();
    assertThat(photos).isEqualTo(252);
    assertThat(accuracy.rightOfBoth()).isGreaterThanOrEqualTo(0.99);
    assertThat(accuracy.rows().stream().mapToInt(CropAccuracy.Row::bothFound).sum())
        .isGreaterThan(50);
    assertThat(accuracy.rows().stream().mapToInt(CropAccuracy.Row::backgroundPerson).sum())
        .isLessThanOrEqualTo(photos / 100);
    for (CropAccuracy.Row row : accuracy.rows()) {
      double least = row.mask() == MaskState.WORN ? 0.85 : 0.95;
      assertThat((double) row.right() / row.photos()).as(row.toString()).isGreaterThan(least);
    }
    assertThat(accuracy.rows().stream().mapToInt(CropAccuracy.Row::held).sum())
        .isGreaterThan(photos * 95 / 100);
  }
}
