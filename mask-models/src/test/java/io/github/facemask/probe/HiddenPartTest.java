package io.github.facemask.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.encoding.PhotoEncoder;
import io.github.facemask.label.FaceClass;
import io.github.facemask.probe.OcclusionProbe.HiddenPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HiddenPartTest {

  private static final Box FACE = new Box(40, 30, 60, 60);

  @Test
  void noPixelIsOfTwoPartsButTheRimOfTheFace() {
    for (int y = 0; y < 100; y++) {
      for (int x = 0; x < 100; x++) {
        boolean clothes = HiddenPart.CLOTHES.covers(FACE, x, y);
        boolean background = HiddenPart.BACKGROUND.covers(FACE, x, y);
        assertThat(clothes && background).isFalse();
        assertThat(background && HiddenPart.FACE.covers(FACE, x, y)).isFalse();
      }
    }
    assertThat(HiddenPart.FACE.covers(FACE, 50, 45)).isTrue();
    assertThat(HiddenPart.CLOTHES.covers(FACE, 50, 70)).isTrue();
    assertThat(HiddenPart.BACKGROUND.covers(FACE, 5, 5)).isTrue();
    // Hair stays with the head.
    assertThat(HiddenPart.BACKGROUND.covers(FACE, 50, 20)).isFalse();
  }

  @Test
  void aHiddenPartIsGreyAndTheRestIsAsItWas(@TempDir Path folder) throws IOException {
    byte[] white = new byte[100 * 100 * 3];
    Arrays.fill(white, (byte) 255);
    Path file = folder.resolve("white.png");
    Files.write(file, PhotoEncoder.png(Pixels.wrap(100, 100, white)));
    PhotoSet photos =
        PhotoSet.of(List.of(new FacePhoto(new Photo("a", file), "anna", 40, FaceClass.ofId(4))));

    PhotoSet hidden = HiddenPart.FACE.hide(photos, Map.of("a", FACE), folder);

    Pixels pixels = PhotoDecoder.create().decode(hidden.get(0).photo().file());
    assertThat(pixels.at(45, 50, 0)).isEqualTo(127);
    assertThat(pixels.at(5, 5, 0)).isEqualTo(255);
    assertThat(hidden.get(0).person()).isEqualTo("anna");
    assertThat(hidden.digest()).isEqualTo(photos.digest());
  }
}
