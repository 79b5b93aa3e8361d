package io.github.facemask.lab.cropaudit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.base.Splitter;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropDecision.Rule;
import io.github.facemask.facecrop.CropReview;
import io.github.facemask.facecrop.CropRun;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.image.TestFiles;
import io.github.facemask.label.FaceClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CropAuditTest {

  private static final Box USUAL = new Box(100, 100, 220, 220);

  private static Detection face(Box box, double score) {
    return new Detection(box, score, "test");
  }

  private static CropDecision decision(String id, Rule rule, Box crop, Detection... faces) {
    return new CropDecision(
        id,
        "",
        512,
        384,
        crop,
        rule,
        "test",
        faces.length > 0 ? 0 : -1,
        List.of(faces),
        FaceCropSettings.of(new FaceCropSettings.Detector("test", "", Map.of())));
  }

  private static CropDecision good(String id, Box box) {
    return decision(id, Rule.PRIMARY_SUBJECT, box, face(box, 0.9));
  }

  private static CropAudit audit(CropDecision... decisions) {
    List<FacePhoto> photos = new ArrayList<>();
    for (CropDecision decision : decisions) {
      photos.add(
          new FacePhoto(
              new Photo(decision.photoId(), TestFiles.path("photos/portrait.jpg")),
              "one person",
              30,
              FaceClass.ofId(0)));
    }
    return CropAudit.builder(PhotoSet.of(photos), CropTable.of(List.of(decisions))).build();
  }

  private static AuditedCrop of(CropAudit audit, String id) {
    return audit.crops().stream()
        .filter(crop -> crop.photo().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void goodCropsHaveNoFlags() {
    CropAudit audit =
        audit(good("a", USUAL), good("b", USUAL.moved(5, 5)), good("c", USUAL.moved(-5, 3)));
    assertThat(audit.flagged()).isEmpty();
    assertThat(audit.crops()).hasSize(3);
  }

  @Test
  void aCropUnlikeThePersonsOthersIsFound() {
    CropAudit audit =
        audit(
            good("a", USUAL),
            good("b", USUAL.moved(4, 0)),
            good("c", USUAL.moved(0, 4)),
            good("far", USUAL.moved(100, 150)),
            good("large", new Box(40, 40, 280, 280)));
    assertThat(of(audit, "far").flags()).containsOnlyKeys(Flag.PERSON_OUTLIER);
    assertThat(of(audit, "large").flags()).containsOnlyKeys(Flag.PERSON_OUTLIER);
    assertThat(audit.flagged()).hasSize(2);
    assertThat(audit.counts()).containsEntry(Flag.PERSON_OUTLIER, 2);
  }

  @Test
  void eachDefectHasItsFlag() {
    Box corner = new Box(20, 20, 70, 70);
    Box small = new Box(150, 150, 190, 190);
    Box edge = new Box(0, 100, 120, 220);
    assertThat(of(audit(decision("a", Rule.CENTER, USUAL)), "a").flags())
        .containsOnlyKeys(Flag.NO_FACE);
    assertThat(
            of(
                    audit(
                        decision(
                            "a", Rule.PRIMARY_SUBJECT, USUAL, face(USUAL, 0.9), face(corner, 0.9))),
                    "a")
                .flags())
        .containsOnlyKeys(Flag.SECOND_FACE);
    assertThat(of(audit(good("a", small)), "a").flags()).containsOnlyKeys(Flag.TOO_SMALL);
    assertThat(of(audit(good("a", edge)), "a").flags()).containsOnlyKeys(Flag.CUT_OFF);
    assertThat(of(audit(decision("a", Rule.PRIMARY_SUBJECT, USUAL, face(USUAL, 0.4))), "a").flags())
        .containsOnlyKeys(Flag.LOW_SCORE);
  }

  @Test
  void aBoxThatAPersonDrewIsNotQuestioned() {
    CropAudit audit = audit(decision("a", Rule.OWN_BOX, new Box(0, 0, 10, 10)));
    assertThat(audit.flagged()).isEmpty();
  }

  @Test
  void theWorstComesFirst() {
    CropAudit audit =
        audit(
            good("a", USUAL),
            decision("low", Rule.PRIMARY_SUBJECT, USUAL, face(USUAL, 0.5)),
            decision("none", Rule.CENTER, USUAL),
            good("b", USUAL));
    assertThat(audit.crops().stream().map(crop -> crop.photo().id()))
        .containsExactly("none", "low", "a", "b");
  }

  @Test
  void aPhotoWithoutADecisionIsNamed() {
    PhotoSet photos =
        PhotoSet.of(
            List.of(new FacePhoto(new Photo("x", Path.of("x.jpg")), "p", 30, FaceClass.ofId(0))));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CropAudit.builder(photos, CropTable.of(List.of())).build())
        .withMessageContaining("no decision on photo 'x'");
  }

  @Test
  void aPhotoThatCannotBeDecodedIsMarkedOnThePage(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("mine.jpg");
    Files.copy(TestFiles.path("photos/portrait.jpg"), file);
    PhotoSet photos =
        PhotoSet.of(List.of(new FacePhoto(new Photo("x", file), "p", 30, FaceClass.ofId(0))));
    CropTable table = CropRun.of(photos, FaceCrop.cascade()).run();
    Files.writeString(file, "no photo");
    Path page = folder.resolve("audit.html");

    AuditPage.write(CropAudit.builder(photos, table).build(), page, 100);

    assertThat(Files.readString(page))
        .contains("mine.jpg: it is text, expected JPEG")
        .doesNotContain("data:image", folder.toString());
  }

  @Test
  void thePageHoldsEverythingAndEscapesNames(@TempDir Path folder) throws IOException {
    List<FacePhoto> list = new ArrayList<>();
    for (String name : List.of("portrait_with_background_face", "no_face", "portrait")) {
      list.add(
          new FacePhoto(
              new Photo("<" + name + ">", TestFiles.path("photos/" + name + ".jpg")),
              "p & q",
              30,
              FaceClass.ofId(0)));
    }
    PhotoSet photos = PhotoSet.of(list);
    byte[] before = Files.readAllBytes(TestFiles.path("photos/portrait.jpg"));
    CropTable table = CropRun.of(photos, FaceCrop.cascade()).run();
    Path page = folder.resolve("audit.html");
    AuditPage.write(CropAudit.builder(photos, table).build(), page, 100);
    String html = Files.readString(page);
    assertThat(html)
        .contains("data-id=\"&lt;no_face&gt;\"", "p &amp; q", "second face (1)", "no face (1)")
        .doesNotContain("<no_face>", "src=\"http", "href=\"http");
    assertThat(Splitter.on("data:image/jpeg;base64,").splitToList(html)).hasSize(4);
    assertThat(html.indexOf("data-id=\"&lt;no_face"))
        .isLessThan(html.indexOf("data-id=\"&lt;portrait&gt;"));
    assertThat(Files.readAllBytes(TestFiles.path("photos/portrait.jpg"))).isEqualTo(before);
    AuditPage.write(CropAudit.builder(photos, table).build(), page, 1);
    assertThat(Files.readString(page)).doesNotContain("&lt;portrait&gt;");
  }

  @Test
  void whatThePageSavesIsAReview(@TempDir Path folder) throws IOException {
    Path saved =
        Files.writeString(
            folder.resolve("crop-review.jsonl"),
            """
            {"photoId":"a","action":"ACCEPT"}
            {"photoId":"b","action":"BOX","box":{"left":1.5,"top":2,"right":30,"bottom":40.25}}
            {"photoId":"a","action":"FALLBACK"}
            """);
    CropReview review = CropReview.read(saved);
    assertThat(review.find("a").orElseThrow().action()).isEqualTo(CropReview.Action.FALLBACK);
    assertThat(review.find("b").orElseThrow().box()).isEqualTo(new Box(1.5, 2, 30, 40.25));
  }
}
