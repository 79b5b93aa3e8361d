package io.github.facemask.lab.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.base.Splitter;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import io.github.facemask.lab.report.ClassName;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GalleryTest {

  private static final Pixels PHOTO = TestFiles.photo("photos/portrait.jpg");
  private static final FaceClass YOUNG = FaceClass.ofId(0);
  private static final FaceClass OLD = FaceClass.ofId(5);

  private static Gallery gallery(int seed) {
    return Gallery.builder(List.of(PHOTO, TestFiles.photo("photos/portrait_covered_mouth.jpg")))
        .optBatch(
            List.of(
                new LabelledPhoto(PHOTO, FaceLabel.of(YOUNG)),
                new LabelledPhoto(TestFiles.photo("photos/no_face.jpg"), FaceLabel.of(OLD)),
                new LabelledPhoto(TestFiles.photo("pillow/source.png"), FaceLabel.of(YOUNG))))
        .optSide(48)
        .optDraws(3)
        .optSeed(seed)
        .build();
  }

  private static Panel panel(Gallery gallery, String title) {
    return gallery.panels().stream().filter(p -> p.title().equals(title)).findFirst().orElseThrow();
  }

  @Test
  void everyTransformAndMixingHasAPanel() {
    assertThat(gallery(1).panels().stream().map(Panel::title))
        .containsExactly(
            "resize",
            "resize and centre crop",
            "random resized crop",
            "flip",
            "rotation",
            "affine",
            "colour jitter",
            "grey",
            "blur",
            "noise",
            "CLAHE",
            "random erasing",
            "cutout",
            "RandAugment",
            "TrivialAugment",
            "CutMix",
            "CutMix, donors from 60",
            "MixUp",
            "half face");
  }

  @Test
  void eachRowIsAPhotoBeforeAndAfterWithWhatWasDrawn() {
    Panel noise = panel(gallery(1), "noise");
    assertThat(noise.note()).isEqualTo("maxStd 25.0, minStd 5.0");
    assertThat(noise.columns()).isEqualTo(4);
    assertThat(noise.pictures()).hasSize(8);
    assertThat(noise.pictures().get(4).caption()).containsExactly("before", "48 x 48 pixels");
    for (int i : new int[] {1, 2, 3, 5, 6, 7}) {
      assertThat(noise.pictures().get(i).caption().get(0)).matches("deviation \\d+\\.\\d levels");
      assertThat(noise.pictures().get(i).pixels())
          .isNotEqualTo(noise.pictures().get(i / 4 * 4).pixels());
    }
    assertThat(panel(gallery(1), "flip").pictures().stream().map(p -> p.caption().get(0)))
        .contains("mirrored", "unchanged");
  }

  @Test
  void softLabelsStandBesideTheMixedPhotos() {
    Panel donors = panel(gallery(3), "CutMix, donors from 60");
    assertThat(donors.columns()).isEqualTo(3);
    assertThat(donors.pictures().get(0).caption())
        .containsExactly("before", "1.00 " + ClassName.brief(YOUNG));
    for (Picture picture : donors.pictures().subList(3, 9)) {
      List<String> lines = picture.caption().subList(1, picture.caption().size());
      double sum = lines.stream().mapToDouble(l -> Double.parseDouble(l.substring(0, 4))).sum();
      assertThat(sum).isCloseTo(1, within(0.011));
      assertThat(lines).anyMatch(line -> line.endsWith(ClassName.brief(OLD)));
    }
  }

  @Test
  void theSameSeedDrawsTheSame() {
    assertThat(gallery(1).panels()).isEqualTo(gallery(1).panels());
    assertThat(gallery(1).panels()).isNotEqualTo(gallery(2).panels());
  }

  @Test
  void thePageAndTheSheetsHoldEverything(@TempDir Path folder) throws IOException {
    Gallery gallery = gallery(1);
    Path page = folder.resolve("gallery.html");
    gallery.writePage(page);
    String html = Files.readString(page);
    int pictures = gallery.panels().stream().mapToInt(p -> p.pictures().size()).sum();
    assertThat(Splitter.on("data:image/jpeg;base64,").splitToList(html)).hasSize(pictures + 1);
    assertThat(html).doesNotContain("http://", "https://").contains("name=\"viewport\"");
    List<Path> sheets = gallery.writeSheets(folder.resolve("new/sheets"));
    assertThat(sheets).hasSameSizeAs(gallery.panels());
    assertThat(sheets.get(16)).hasFileName("17-cutmix-donors-from-60.png");
    Pixels sheet = PhotoDecoder.create().decode(sheets.get(9));
    assertThat(sheet.width()).isEqualTo(10 + 4 * 210);
    // The first picture is the photo before, drawn 200 pixels wide below the title.
    Pixels before = panel(gallery, "noise").pictures().get(0).pixels();
    assertThat(sheet.at(52 + 100, 10 + 100, 0)).isCloseTo(before.at(24, 24, 0), within(40));
  }

  @Test
  void choicesAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gallery.builder(List.of()).build())
        .withMessageContaining("no photos");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gallery.builder(List.of(PHOTO)).optDraws(0).build())
        .withMessageContaining("draws is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Gallery.builder(List.of(PHOTO))
                    .optBatch(List.of(new LabelledPhoto(PHOTO, FaceLabel.of(OLD))))
                    .build())
        .withMessageContaining("at least 2");
  }
}
