package io.github.facemask.facecrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropDecision.Rule;
import io.github.facemask.facecrop.CropTable.AuditMark;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import io.github.facemask.image.UnreadablePhotoException;
import io.github.facemask.label.FaceClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FaceCropTest {

  private static final Box MAIN_FACE = new Box(145, 90, 245, 235);

  private static FacePhoto photo(String id, String file, String person) {
    return new FacePhoto(
        new Photo(id, TestFiles.path("photos/" + file)), person, 30, FaceClass.ofId(0));
  }

  private static PhotoSet threePhotos() {
    return PhotoSet.of(
        List.of(
            photo("a", "portrait.jpg", "eileen"),
            photo("b", "no_face.jpg", "eileen"),
            photo("c", "no_face.jpg", "nobody")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"portrait.jpg", "portrait_covered_mouth.jpg", "portrait_with_background_face.jpg"})
  void theMainFaceIsCropped(String name) {
    CropDecision decision = FaceCrop.cascade().decide("p", "", TestFiles.photo("photos/" + name));
    assertThat(decision.rule()).isEqualTo(Rule.PRIMARY_SUBJECT);
    assertThat(decision.crop().sharedArea(MAIN_FACE)).isGreaterThan(0.95 * MAIN_FACE.area());
    assertThat(decision.crop().width())
        .isLessThan(260)
        .isCloseTo(decision.crop().height(), within(1e-9));
    assertThat(decision.reason()).contains("frontal face, score");
  }

  @Test
  void theBackgroundFaceIsRecordedAndNotChosen() {
    CropDecision decision =
        FaceCrop.cascade()
            .decide("p", "", TestFiles.photo("photos/portrait_with_background_face.jpg"));
    Box background = new Box(38, 45, 78, 95);
    assertThat(decision.faces()).hasSize(2);
    assertThat(decision.faces()).anyMatch(f -> f.box().sharedArea(background) > 1000);
    assertThat(decision.faces().get(decision.chosen()).box().sharedArea(MAIN_FACE))
        .isGreaterThan(9000);
  }

  @Test
  void withoutAFaceTheFallbackIsRecorded() {
    CropDecision decision =
        FaceCrop.cascade().decide("p", "", TestFiles.photo("photos/no_face.jpg"));
    assertThat(decision.rule()).isEqualTo(Rule.CENTER);
    assertThat(decision.chosen()).isEqualTo(-1);
    assertThat(decision.reason()).contains("no face found");
    assertThat(decision.crop().centerX()).isEqualTo(192);
  }

  @Test
  void marginsWidenTheFaceBox() {
    FaceDetector fixed = fixedAt(new Box(100, 100, 200, 220), 0.9);
    FaceCrop crop =
        FaceCrop.by(fixed).withMargins(0.1, 0.5, 0.25).withSquare(false).withLowestWeight(0);
    assertThat(crop.decide("p", "", TestFiles.ramp(600, 500)).crop())
        .isEqualTo(new Box(90, 40, 210, 250));
    assertThat(crop.withSquare(true).decide("p", "", TestFiles.ramp(600, 500)).crop())
        .isEqualTo(new Box(45, 40, 255, 250));
  }

  @Property
  void cropsLieWithinThePhotoAndHoldTheFace(
      @ForAll @IntRange(max = 300) int x,
      @ForAll @IntRange(max = 400) int y,
      @ForAll @IntRange(min = 10, max = 84) int side) {
    FaceCrop crop = FaceCrop.by(fixedAt(new Box(0, 0, 1, 1), 1));
    Box face = new Box(x, y, x + side, y + side);
    Box region = crop.region(face, 512, 384);
    assertThat(region.left()).isNotNegative();
    assertThat(region.top()).isNotNegative();
    assertThat(region.right()).isLessThanOrEqualTo(384.0000001);
    assertThat(region.bottom()).isLessThanOrEqualTo(512.0000001);
    assertThat(region.sharedArea(face)).isCloseTo(face.area(), within(1e-6));
    assertThat(region.width()).isCloseTo(region.height(), within(1e-6));
  }

  @Test
  void weakFacesAreRecordedAndNotUsed() {
    FaceCrop crop = FaceCrop.by(fixedAt(new Box(10, 10, 60, 60), 0.2)).withLowestScore(0.5);
    CropDecision decision = crop.decide("p", "", TestFiles.ramp(100, 100));
    assertThat(decision.rule()).isEqualTo(Rule.CENTER);
    assertThat(decision.faces()).hasSize(1);
    assertThat(decision.reason()).contains("1 faces found, none with a score of 0.5");
  }

  @Test
  void aLoneFaceInTheBackgroundIsRecordedAndNotUsed() {
    Box background = new Box(20, 60, 80, 130);
    FaceCrop crop = FaceCrop.by(fixedAt(background, 0.5));
    CropDecision decision = crop.decide("p", "", TestFiles.ramp(512, 384));
    assertThat(decision.rule()).isEqualTo(Rule.CENTER);
    assertThat(decision.chosen()).isEqualTo(-1);
    assertThat(decision.crop().sharedArea(background)).isEqualTo(background.area());
    assertThat(decision.faces()).hasSize(1);
    assertThat(decision.reason())
        .startsWith("1 faces found, all in the background (weight at most 0.0");
    CropDecision any = crop.withLowestWeight(0).decide("p", "", TestFiles.ramp(512, 384));
    assertThat(any.rule()).isEqualTo(Rule.PRIMARY_SUBJECT);
    assertThat(any.settings()).isNotEqualTo(decision.settings());
  }

  @Test
  void cascadesThatAgreeMakeOneSurerFace() {
    Detection frontal = new Detection(new Box(100, 100, 200, 200), 0.5, "frontal");
    Detection eyes = new Detection(new Box(105, 100, 205, 200), 0.4, "eyes");
    Detection sameKind = new Detection(new Box(98, 100, 198, 200), 0.3, "frontal");
    Detection other = new Detection(new Box(10, 10, 60, 60), 0.45, "profile");
    List<Detection> faces = CascadeDetector.merged(List.of(other, eyes, sameKind, frontal));
    assertThat(faces).hasSize(2).contains(other);
    assertThat(faces.get(0).box()).isEqualTo(frontal.box());
    assertThat(faces.get(0).score()).isCloseTo(0.7, within(1e-12));
  }

  @Test
  void pairsOfEyesBecomeFaces() {
    Detection left = new Detection(new Box(90, 70, 113, 93), 0.7, "eyes");
    Detection right = new Detection(new Box(128, 71, 151, 94), 0.8, "eyes");
    Detection far = new Detection(new Box(128, 150, 151, 173), 0.8, "eyes");
    List<Detection> faces = CascadeDetector.facesOfEyes(List.of(right, left, far));
    assertThat(faces).hasSize(1);
    Box face = faces.get(0).box();
    assertThat(face.centerX()).isCloseTo(120.5, within(0.1));
    assertThat(face.left()).isLessThan(85);
    assertThat(face.bottom()).isGreaterThan(120);
  }

  @Test
  void aPersonsMedianReplacesAMissingFace() throws IOException {
    CropTable table = CropRun.of(threePhotos(), FaceCrop.cascade()).run();
    CropDecision found = table.find("a").orElseThrow();
    CropDecision median = table.find("b").orElseThrow();
    assertThat(median.rule()).isEqualTo(Rule.PERSON_MEDIAN);
    assertThat(median.crop().overlap(found.crop())).isGreaterThan(0.999);
    assertThat(median.reason()).contains("median of 1 other crops");
    assertThat(table.find("c").orElseThrow().rule()).isEqualTo(Rule.CENTER);
    assertThat(table.counts()).hasSize(3).containsEntry(Rule.CENTER, 1L);
  }

  @Test
  void theTableSurvivesItsFile(@TempDir Path folder) throws IOException {
    CropTable table = CropRun.of(threePhotos(), FaceCrop.cascade()).withThreads(2).run();
    table.write(folder.resolve("crops.jsonl"));
    CropTable read = CropTable.read(folder.resolve("crops.jsonl"));
    assertThat(read.decisions()).isEqualTo(table.decisions());
    assertThat(read.digest()).isEqualTo(table.digest());
    assertThat(CropRun.of(threePhotos(), FaceCrop.cascade()).withThreads(1).run().decisions())
        .isEqualTo(table.decisions());
  }

  @Test
  void aBrokenLineIsNamed(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("crops.jsonl"), "\n{\"photoId\": 3,\n");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> CropTable.read(file))
        .withMessageContaining("crops.jsonl:2: the line is not a crop decision");
  }

  @Test
  void knownDecisionsAreNotMadeAgain() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    FaceDetector counting =
        new FaceDetector() {
          @Override
          public List<Detection> detect(Pixels photo) {
            calls.incrementAndGet();
            return List.of(new Detection(new Box(10, 10, 30, 30), 0.4, "test"));
          }

          @Override
          public FaceCropSettings.Detector settings() {
            return new FaceCropSettings.Detector("counting", "", Map.of());
          }
        };
    CropTable first = CropRun.of(threePhotos(), FaceCrop.by(counting)).run();
    assertThat(calls.get()).isEqualTo(3);
    CropTable second = CropRun.of(threePhotos(), FaceCrop.by(counting)).withKnown(first).run();
    assertThat(calls.get()).isEqualTo(3);
    assertThat(second.decisions()).isEqualTo(first.decisions());
    assertThat(first.counts()).containsOnlyKeys(Rule.CENTER); // a fallback is remembered as well
    CropRun.of(threePhotos(), FaceCrop.by(counting).withMargin(1)).withKnown(first).run();
    assertThat(calls.get()).isEqualTo(6);
  }

  @Test
  void aReviewIsObeyed(@TempDir Path folder) throws IOException {
    Box own = new Box(5, 6, 105, 126);
    CropReview review =
        CropReview.of(
            List.of(
                new CropReview.Verdict("a", CropReview.Action.FALLBACK, null),
                new CropReview.Verdict("b", CropReview.Action.BOX, own)));
    review.write(folder.resolve("review.jsonl"));
    CropTable table =
        CropRun.of(threePhotos(), FaceCrop.cascade())
            .withReview(CropReview.read(folder.resolve("review.jsonl")))
            .run();
    assertThat(table.find("b").orElseThrow().crop()).isEqualTo(own);
    assertThat(table.find("b").orElseThrow().rule()).isEqualTo(Rule.OWN_BOX);
    assertThat(table.find("a").orElseThrow().rule()).isEqualTo(Rule.PERSON_MEDIAN);
    assertThat(table.find("a").orElseThrow().reason()).contains("rejected");
  }

  @Test
  void anAuditHoldsForTheCropsThatWereShown(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("crops.jsonl");
    CropTable table = CropRun.of(threePhotos(), FaceCrop.cascade()).run();
    table.write(file);
    assertThat(CropTable.read(file).audited()).isFalse();
    new AuditMark(table.digest().hex(), 3, 2, 3).write(file);
    assertThat(CropTable.read(file).audited()).isTrue();

    CropTable wider =
        CropRun.of(threePhotos(), FaceCrop.cascade().withMargin(1))
            .withKnown(CropTable.read(file))
            .run();
    assertThat(wider.audited()).isFalse();
    wider.write(file);
    assertThat(CropTable.read(file).audited()).isFalse();

    Files.writeString(AuditMark.fileOf(file), "{");
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> CropTable.read(file))
        .withMessageContainingAll("crops.jsonl.audited.json", "audit the crops again");
  }

  @Test
  void whoGaveTheVerdictsNeedNotLookAgain() throws IOException {
    CropTable shown = CropRun.of(threePhotos(), FaceCrop.cascade()).run().asAudited();
    CropReview review =
        CropReview.of(
            List.of(
                new CropReview.Verdict("a", CropReview.Action.BOX, new Box(150, 100, 240, 220))));
    CropTable obeyed =
        CropRun.of(threePhotos(), FaceCrop.cascade()).withKnown(shown).withReview(review).run();
    assertThat(obeyed.find("b").orElseThrow().crop()) // the median of the drawn box
        .isNotEqualTo(shown.find("b").orElseThrow().crop());
    assertThat(obeyed.audited()).isTrue();
    assertThat(CropRun.of(threePhotos(), FaceCrop.cascade()).withReview(review).run().audited())
        .isFalse();
  }

  @Test
  void anUnreadablePhotoStopsTheRunByName(@TempDir Path folder) throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.jpg"), "no");
    List<Photo> photos = new ArrayList<>(threePhotos().photos());
    photos.add(new Photo("d", broken));
    assertThatExceptionOfType(UnreadablePhotoException.class)
        .isThrownBy(() -> CropRun.of(photos, FaceCrop.cascade()).run())
        .withMessageContaining("broken.jpg");
  }

  private static FaceDetector fixedAt(Box box, double score) {
    return new FaceDetector() {
      @Override
      public List<Detection> detect(Pixels photo) {
        return List.of(new Detection(box, score, "fixed"));
      }

      @Override
      public FaceCropSettings.Detector settings() {
        return new FaceCropSettings.Detector("fixed", "", Map.of());
      }
    };
  }
}
