package io.github.facemask.facecrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.facecrop.FaceCropSettings.PrimarySubject;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PrimarySubjectTest {

  private static Detection face(double x, double y, double side, double score) {
    return new Detection(
        new Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2), score, "test");
  }

  @Test
  void theWeightIsTheStatedFormula() {
    // In the middle of 0.4 of the height: centrality 1.
    assertThat(PrimarySubject.PORTRAIT.weight(face(192, 204.8, 96, 0.81), 512, 384))
        .isCloseTo(96 / 384.0 * 0.9, within(1e-12));
    // 160 pixels to the left: centrality 1 - 160 / 320.
    assertThat(PrimarySubject.PORTRAIT.weight(face(32, 204.8, 96, 1), 512, 384))
        .isCloseTo(96 / 384.0 * 0.25, within(1e-12));
  }

  @Test
  void ofEqualFacesTheCentralOneIsChosen() {
    Detection middle = face(192, 205, 80, 0.9);
    Detection corner = face(60, 60, 80, 0.9);
    assertThat(PrimarySubject.PORTRAIT.choose(List.of(corner, middle), 512, 384)).contains(middle);
  }

  @Test
  void ofCentralFacesTheLargerOneIsChosen() {
    Detection small = face(192, 205, 60, 0.9);
    Detection large = face(200, 220, 120, 0.7);
    assertThat(PrimarySubject.PORTRAIT.choose(List.of(small, large), 512, 384)).contains(large);
  }

  @Test
  void aLoneBackgroundFaceIsBetterThanNone() {
    Detection corner = face(40, 40, 50, 0.5);
    assertThat(PrimarySubject.PORTRAIT.choose(List.of(corner), 512, 384)).contains(corner);
    assertThat(PrimarySubject.PORTRAIT.choose(List.of(), 512, 384)).isEmpty();
  }

  @Property
  void aSmallFaceAtTheEdgeNeverBeatsALargeCentralOne(
      @ForAll @IntRange(min = 100, max = 260) int side,
      @ForAll @IntRange(min = 150, max = 234) int x,
      @ForAll @IntRange(min = 150, max = 330) int y,
      @ForAll @IntRange(min = 20, max = 50) int percent,
      @ForAll boolean leftEdge,
      @ForAll @IntRange(min = 20, max = 492) int backgroundY) {
    Detection subject = face(x, y, side, 0.6);
    Detection background = face(leftEdge ? 40 : 344, backgroundY, side * percent / 100.0, 0.99);
    assertThat(PrimarySubject.PORTRAIT.choose(List.of(background, subject), 512, 384))
        .contains(subject);
  }

  @Test
  void scoresAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> face(1, 1, 1, 1.5))
        .withMessageContaining("score is 1.5");
  }
}
