package io.github.facemask.lab.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.google.common.base.Splitter;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.augmentation.Augmentation.Preset;
import io.github.facemask.batch.BatchSource;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import io.github.facemask.lab.report.ClassName;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.mixing.CutMix;
import io.github.facemask.preprocessing.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GalleryTest {

  private static final Pixels PHOTO = TestFiles.photo("photos/portrait.jpg");
  private static final FaceClass YOUNG = FaceClass.ofId(0);
  private static final FaceClass OLD = FaceClass.ofId(5);

  private static final Augmentation AUGMENTATION =
      Preset.STRONG.augmentation().withMixing(Optional.of(CutMix.alpha(1)));

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
        .optAugmentation(AUGMENTATION)
        .build();
  }

  /** The pictures of the batches that training would get, epoch by epoch. */
  private static List<List<Pixels>> trained(
      List<String> files, List<FaceClass> classes, Augmentation augmentation, int epochs)
      throws IOException {
    List<FacePhoto> photos = new ArrayList<>();
    for (int i = 0; i < files.size(); i++) {
      Photo photo = new Photo("p" + i, TestFiles.path(files.get(i)));
      photos.add(new FacePhoto(photo, "p" + i, 20, classes.get(i)));
    }
    Preprocessing input =
        new Preprocessing(
            48,
            48,
            Preprocessing.IMAGENET_MEAN,
            Preprocessing.IMAGENET_STD,
            Preprocessing.Interpolation.BILINEAR,
            0.875,
            Preprocessing.CropMode.CENTER);
    PhotoLoader loader =
        PhotoLoader.builder(PhotoSet.of(photos), input)
            .optAugmentation(augmentation)
            .optCacheBytes(1 << 24)
            .optThreads(2)
            .optSeed(1)
            .build();
    List<List<Pixels>> all = new ArrayList<>();
    for (int epoch = 0; epoch < epochs; epoch++) {
      try (NDManager manager = NDManager.newBaseManager();
          BatchSource.BatchStream stream = loader.open(manager, epoch);
          PhotoBatch batch = stream.next().orElseThrow()) {
        byte[] bytes = batch.pixels().toByteArray();
        List<Pixels> seen = new ArrayList<>();
        for (int i = 0; i < files.size(); i++) {
          int size = 48 * 48 * 3;
          seen.add(Pixels.wrap(48, 48, Arrays.copyOfRange(bytes, i * size, (i + 1) * size)));
        }
        all.add(seen);
      }
    }
    return all;
  }

  @Test
  void thePhotosAreThoseOfTrainingToTheLastBit() throws IOException {
    List<List<Pixels>> trained =
        trained(
            List.of("photos/portrait.jpg", "photos/portrait_covered_mouth.jpg"),
            List.of(YOUNG, YOUNG),
            AUGMENTATION.withMixing(Optional.empty()),
            3);
    Panel panel = panel(gallery(1), "training photos");

    assertThat(panel.columns()).isEqualTo(4);
    assertThat(panel.note()).startsWith("random-resized-crop {area 0.5..1");
    for (int epoch = 0; epoch < 3; epoch++) {
      for (int photo = 0; photo < 2; photo++) {
        Picture picture = panel.pictures().get(photo * 4 + 1 + epoch);
        assertThat(picture.pixels()).isEqualTo(trained.get(epoch).get(photo));
        assertThat(picture.caption()).contains("epoch " + (epoch + 1));
      }
    }
  }

  @Test
  void theBatchesAreThoseOfTrainingToTheLastBit() throws IOException {
    List<List<Pixels>> trained =
        trained(
            List.of("photos/portrait.jpg", "photos/no_face.jpg", "pillow/source.png"),
            List.of(YOUNG, OLD, YOUNG),
            AUGMENTATION,
            3);
    Panel panel = panel(gallery(1), "training batches");

    assertThat(panel.columns()).isEqualTo(3);
    for (int epoch = 0; epoch < 3; epoch++) {
      for (int photo = 0; photo < 3; photo++) {
        assertThat(panel.pictures().get(3 * (1 + epoch) + photo).pixels())
            .isEqualTo(trained.get(epoch).get(photo));
      }
    }
  }

  @Test
  void eachPresetHasARow() {
    Panel panel = panel(gallery(1), "augmentation presets");

    assertThat(panel.pictures()).hasSize(Preset.values().length * 4);
    assertThat(panel.pictures().get(8).caption()).containsExactly("strong", "before");
  }

  private static Panel panel(Gallery gallery, String title) {
    return gallery.panels().stream().filter(p -> p.title().equals(title)).findFirst().orElseThrow();
  }

  @Test
  void everyTransformAndMixingHasAPanel() {
    assertThat(gallery(1).panels().stream().map(Panel::title))
        .containsExactly(
            "training photos",
            "training batches",
            "augmentation presets",
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
            "AugMix",
            "one of",
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
    assertThat(sheets.get(21)).hasFileName("22-cutmix-donors-from-60.png");
    Pixels sheet = PhotoDecoder.create().decode(sheets.get(12));
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
