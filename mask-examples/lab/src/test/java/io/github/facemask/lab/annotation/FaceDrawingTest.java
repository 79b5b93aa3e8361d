package io.github.facemask.lab.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import io.github.facemask.lab.annotation.FaceMark.Tone;
import java.awt.Rectangle;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaceDrawingTest {

  private static final String LABEL = "worn wrongly, female, from 30 to 59, no face found";

  private static FaceMark mark(double left, double top, double right, double bottom) {
    return new FaceMark(Optional.of(new Box(left, top, right, bottom)), LABEL, Tone.WORN);
  }

  private static int rgb(Pixels photo, int y, int x) {
    return photo.at(y, x, 0) << 16 | photo.at(y, x, 1) << 8 | photo.at(y, x, 2);
  }

  @Property(tries = 300)
  void labelsLieWithinThePhotoWhateverItsSize(
      @ForAll @IntRange(min = 1, max = 700) int height,
      @ForAll @IntRange(min = 1, max = 700) int width,
      @ForAll @DoubleRange(min = -0.3, max = 1.2) double x,
      @ForAll @DoubleRange(min = -0.3, max = 1.2) double y,
      @ForAll @DoubleRange(min = 0.01, max = 1.5) double side) {
    FaceMark mark = mark(x * width, y * height, (x + side) * width, (y + side) * height);
    for (LabelLayout layout : FaceDrawing.layouts(height, width, List.of(mark, mark))) {
      if (layout != null) {
        assertThat(new Rectangle(0, 0, width, height).contains(layout.area())).isTrue();
      } else {
        assertThat(Math.min(height, width)).as("a photo with room has a label").isLessThan(25);
      }
    }
    Pixels drawn = FaceDrawing.draw(TestFiles.plain(height, width, 90, 90, 90), List.of(mark));
    assertThat(drawn.height()).isEqualTo(height);
    assertThat(drawn.width()).isEqualTo(width);
  }

  @ParameterizedTest
  @EnumSource
  void theFrameHasItsColourOnADarkOutline(Tone tone) {
    Pixels photo = TestFiles.plain(320, 320, 200, 200, 200);
    FaceMark mark = new FaceMark(Optional.of(new Box(100, 100, 220, 220)), "x", tone);
    Pixels drawn = FaceDrawing.draw(photo, List.of(mark));
    for (int at : new int[] {120, 160, 200}) { // the label is at the upper left
      assertThat(rgb(drawn, at, 220)).isEqualTo(tone.rgb());
      assertThat(rgb(drawn, 220, at)).isEqualTo(tone.rgb());
      assertThat(drawn.at(at, 222, 0)).as("outline").isLessThan(120);
      assertThat(drawn.at(at, 217, 0)).as("outline").isLessThan(120);
    }
    assertThat(rgb(drawn, 160, 160)).as("inside").isEqualTo(0xc8c8c8);
    assertThat(rgb(drawn, 300, 300)).as("outside").isEqualTo(0xc8c8c8);
    assertThat(photo.at(160, 220, 0)).as("the photo itself").isEqualTo(200);
  }

  /** On a white and on a black photo the letters are light, with dark pixels around them. */
  @ParameterizedTest
  @ValueSource(ints = {0, 255})
  void theTextIsLightOnADarkOutline(int grey) {
    FaceMark mark = mark(100, 200, 300, 400);
    Pixels drawn = FaceDrawing.draw(TestFiles.plain(500, 500, grey, grey, grey), List.of(mark));
    Rectangle area = FaceDrawing.layouts(500, 500, List.of(mark)).get(0).area();
    int light = 0;
    int dark = 0;
    for (int y = area.y; y < area.y + area.height; y++) {
      for (int x = area.x; x < area.x + area.width; x++) {
        light += drawn.at(y, x, 1) > 180 && drawn.at(y, x, 1) != 255 ? 1 : 0;
        dark += drawn.at(y, x, 1) == 0x10 ? 1 : 0;
      }
    }
    assertThat(light).isGreaterThan(300);
    assertThat(dark).isGreaterThan(300);
  }

  @Test
  void labelsOfNeighboursDoNotOverlap() {
    List<FaceMark> marks = List.of(mark(100, 100, 200, 200), mark(110, 105, 215, 210));
    List<LabelLayout> layouts = FaceDrawing.layouts(600, 600, marks);
    assertThat(layouts).doesNotContainNull();
    assertThat(layouts.get(0).area().intersects(layouts.get(1).area())).isFalse();
  }

  @Test
  void aLabelAboveAFaceAtTheTopIsBelowIt() {
    FaceMark mark = mark(100, 0, 200, 100);
    Rectangle area = FaceDrawing.layouts(400, 400, List.of(mark)).get(0).area();
    assertThat(area.y).isGreaterThan(100);
  }

  @Test
  void aLongLabelIsBrokenAfterCommasAndTheTextKept() {
    LabelLayout layout = FaceDrawing.layouts(200, 120, List.of(mark(10, 100, 60, 150))).get(0);
    assertThat(layout.lines()).hasSizeGreaterThan(1);
    assertThat(String.join(" ", layout.lines())).isEqualTo(LABEL);
  }

  @Test
  void aMarkWithoutABoxIsALabelOnly() {
    FaceMark mark = new FaceMark(Optional.empty(), "worn", Tone.WORN);
    Pixels drawn = FaceDrawing.draw(TestFiles.plain(200, 200, 90, 90, 90), List.of(mark));
    Rectangle area = FaceDrawing.layouts(200, 200, List.of(mark)).get(0).area();
    int changed = 0;
    for (int y = 0; y < 200; y++) {
      for (int x = 0; x < 200; x++) {
        if (rgb(drawn, y, x) != 0x5a5a5a) {
          changed++;
          assertThat(area.contains(x, y)).isTrue();
        }
      }
    }
    assertThat(changed).isGreaterThan(50);
  }

  /** As those who lack one kind of cone see them, by the mean of the cones that they have. */
  @Test
  void theColoursDifferInLightnessToo() {
    List<Tone> tones = List.of(Tone.NOT_WORN, Tone.WORN, Tone.INCORRECT);
    List<Double> lightness =
        tones.stream()
            .map(Tone::rgb)
            .map(c -> 0.299 * (c >> 16) + 0.587 * (c >> 8 & 255) + 0.114 * (c & 255))
            .toList();
    assertThat(lightness.get(1) - lightness.get(0)).isGreaterThan(30);
    assertThat(lightness.get(2) - lightness.get(1)).isGreaterThan(30);
  }
}
