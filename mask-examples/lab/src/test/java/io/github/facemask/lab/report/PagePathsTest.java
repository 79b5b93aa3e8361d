package io.github.facemask.lab.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class PagePathsTest {

  private static final PagePaths PATHS = PagePaths.of(Path.of("/home/anna/work/pages/a.html"));

  @Test
  void aPathIsRelativeToThePage() {
    assertThat(PATHS.relative("/home/anna/work/pages/x.jpg")).isEqualTo("x.jpg");
    assertThat(PATHS.relative("/home/anna/work/my photos/x.jpg")).isEqualTo("../my photos/x.jpg");
    assertThat(PATHS.relative("/home/anna/work/pages")).isEqualTo(".");
  }

  @Test
  void aPathOfAnotherPlaceIsShortened() {
    assertThat(PATHS.relative("/data/photos")).isEqualTo("\u2026/photos");
    assertThat(PATHS.relative("C:\\Users\\anna\\photos")).isEqualTo("\u2026/photos");
  }

  @Test
  void pathsInsideATextAreRelativeToo() {
    assertThat(PATHS.relative("mask train --data /home/anna/work/photos --weights=/data/w/r.pt"))
        .isEqualTo("mask train --data ../photos --weights=\u2026/r.pt");
    assertThat(PATHS.relative("[\"pstage\",\"/home/anna/fixes.csv\"]"))
        .isEqualTo("[\"pstage\",\"../../fixes.csv\"]");
    assertThat(PATHS.relative("12ab (each in /home/anna/work/runs/r1/photos.csv)"))
        .isEqualTo("12ab (each in ../runs/r1/photos.csv)");
  }

  @Test
  void otherTextStaysAsItIs() {
    for (String text :
        new String[] {
          "000001_male/mask1",
          "30 of 6 people",
          "12 photos/s",
          "a / b",
          "1/2",
          "runs/r1/model",
          "../photos",
          "https://example.org/a/b",
          "50 /s",
          "~/photos/x",
          ""
        }) {
      assertThat(PATHS.relative(text)).isEqualTo(text);
    }
  }
}
