package io.github.facemask.facecrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.facemask.facecrop.CropDecision.Rule;
import io.github.facemask.facecrop.FaceCropSettings.PrimarySubject;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which face is the subject, what is cut out for it, and what without one. */
class SubjectTest {

  private static FaceDetector detector(List<Detection> faces) {
    return new FaceDetector() {
      @Override
      public List<Detection> detect(Pixels photo) {
        return faces;
      }

      @Override
      public FaceCropSettings.Detector settings() {
        return new FaceCropSettings.Detector("fixed", "", Map.of());
      }

      @Override
      public boolean findsLandmarks() {
        return true;
      }
    };
  }

  private static FaceDetector fixedAt(Box box, double score) {
    return detector(List.of(new Detection(box, score, "fixed")));
  }

  @Test
  void theOnlySureFaceIsTakenWhereverItIs() {
    Box corner = new Box(2, 470, 32, 505);
    FaceCrop crop = FaceCrop.by(fixedAt(corner, 0.7));
    CropDecision decision = crop.decide("p", "", TestFiles.ramp(512, 384));
    assertThat(decision.rule()).isEqualTo(Rule.PRIMARY_SUBJECT);
    assertThat(decision.faces().get(decision.chosen()).box()).isEqualTo(corner);
    PrimarySubject none = crop.settings().subject().withThresholds(0.3, PrimarySubject.NEVER, 0.1);
    assertThat(crop.withSubject(none).decide("p", "", TestFiles.ramp(512, 384)).fallback())
        .isTrue();
  }

  @Property
  void aFallbackHoldsTheLargestFaceSeenAndTheCentre(
      @ForAll @IntRange(min = 0, max = 340) int x,
      @ForAll @IntRange(min = 0, max = 468) int y,
      @ForAll @IntRange(min = 4, max = 44) int side) {
    Box face = new Box(x, y, x + side, y + side);
    FaceCrop crop = FaceCrop.by(fixedAt(face, 0.1));
    Box region = crop.decide("p", "", TestFiles.ramp(512, 384)).crop();
    assertThat(region.sharedArea(face)).isCloseTo(face.area(), within(1e-6));
    assertThat(region.width()).isLessThanOrEqualTo(384.0000001);
    assertThat(region.width() / region.height()).isBetween(0.7, 1.0000001);
    assertThat(
            crop.withSubject(PrimarySubject.PORTRAIT)
                .decide("p", "", TestFiles.ramp(512, 384))
                .crop())
        .isEqualTo(FaceCrop.centre(512, 384));
  }

  @Test
  void ofTwoFacesTheSharpOneIsTaken() {
    // Two equal faces, mirrored around the middle; the right half of the photo is without detail.
    byte[] pixels = new byte[200 * 200 * 3];
    for (int i = 0; i < pixels.length; i++) {
      int column = i / 3 % 200;
      pixels[i] = (byte) (column < 100 ? 120 + 60 * ((column / 3 + i / 1800) % 2) : column / 2);
    }
    Pixels photo = Pixels.wrap(200, 200, pixels);
    Box left = new Box(20, 50, 80, 110);
    Box right = new Box(120, 50, 180, 110);
    FaceDetector two =
        detector(List.of(new Detection(right, 0.9, "t"), new Detection(left, 0.9, "t")));
    CropDecision decision = FaceCrop.by(two).decide("p", "", photo);
    assertThat(decision.faces().get(decision.chosen()).box()).isEqualTo(left);
    assertThat(decision.faces()).allMatch(face -> face.sharpness() > 0);
    PrimarySubject place = FaceCrop.by(two).settings().subject().withExponents(1, 2, 0.5, 0);
    CropDecision first = FaceCrop.by(two).withSubject(place).decide("p", "", photo);
    assertThat(first.faces().get(first.chosen()).box()).isEqualTo(right);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-170, -45, -12, 0.2, 7, 30, 90})
  void alignedCropsAreUpright(double degrees) {
    // A photo that is white below a line through its middle at the angle.
    int side = 200;
    byte[] pixels = new byte[side * side * 3];
    double sin = Math.sin(Math.toRadians(degrees));
    double cos = Math.cos(Math.toRadians(degrees));
    for (int i = 0; i < side * side; i++) {
      double u = i % side + 0.5 - 100;
      int row = i / side;
      double v = row + 0.5 - 100;
      Arrays.fill(pixels, 3 * i, 3 * i + 3, (byte) (v * cos - u * sin > 0 ? 255 : 0));
    }
    Pixels photo = Pixels.wrap(side, side, pixels);
    FaceDetector.Point left = new FaceDetector.Point(100 - 20 * cos, 100 - 20 * sin);
    FaceDetector.Point right = new FaceDetector.Point(100 + 20 * cos, 100 + 20 * sin);
    FaceDetector.Point middle = new FaceDetector.Point(100, 100);
    Detection face =
        new Detection(
            new Box(70, 70, 130, 130), 1, "t", List.of(left, right, middle, middle, middle));
    FaceCrop crop = FaceCrop.by(detector(List.of(face))).withMargin(0);
    assertThat(face.roll()).isCloseTo(degrees, within(1e-9));
    CropDecision aligned = crop.withAligned(true).decide("p", "", photo);
    Pixels upright = aligned.cut(photo);
    assertThat(upright.height()).isEqualTo(60);
    for (int x = 0; x < 60; x++) {
      assertThat(upright.at(27, x, 0)).isLessThan(60);
      assertThat(upright.at(32, x, 0)).isGreaterThan(195);
    }
    assertThat(crop.decide("p", "", photo).cut(photo))
        .isEqualTo(photo.crop(new Box(70, 70, 130, 130)));
  }

  @Test
  void cropsAreNotTurnedByADetectorWithoutEyes() {
    assertThatThrownBy(() -> FaceCrop.cascade().withAligned(true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a detector that finds eyes");
    assertThat(FaceCrop.cascade().withAligned(false).settings().aligned()).isFalse();
  }

  @Test
  void aCropOfAReducedPhotoIsTheSamePart() {
    FaceCrop crop = FaceCrop.by(fixedAt(new Box(40, 60, 80, 120), 1)).withMargin(0);
    CropDecision decision = crop.withSquare(false).decide("p", "", TestFiles.ramp(200, 160));
    assertThat(decision.cut(TestFiles.ramp(100, 80)))
        .isEqualTo(TestFiles.ramp(100, 80).crop(new Box(20, 30, 40, 60)));
  }

  @Test
  void settingsOfTheFirstVersionKeepTheirRule() throws IOException {
    String json =
        "{\"detector\":{\"name\":\"cascade\",\"networkSha256\":\"\",\"options\":{}},"
            + "\"beside\":0.3,\"above\":0.35,\"below\":0.35,\"square\":true,"
            + "\"lowestScore\":0.4,\"lowestWeight\":0.2}";
    FaceCropSettings old = new ObjectMapper().readValue(json, FaceCropSettings.class);
    assertThat(old.subject())
        .isEqualTo(PrimarySubject.PORTRAIT.withThresholds(0.4, PrimarySubject.NEVER, 0.2));
    assertThat(old.aligned()).isFalse();
    FaceCropSettings now = FaceCropSettings.of(old.detector());
    String written = new ObjectMapper().writeValueAsString(now);
    assertThat(new ObjectMapper().readValue(written, FaceCropSettings.class)).isEqualTo(now);
  }
}
