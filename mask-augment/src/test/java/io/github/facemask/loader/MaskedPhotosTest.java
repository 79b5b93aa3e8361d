package io.github.facemask.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import com.google.common.primitives.Ints;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.facecrop.FaceDetector.Point;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.MaskState;
import io.github.facemask.mixing.CutMix;
import io.github.facemask.overlay.MaskOverlay;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.CropMode;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import io.github.facemask.sampling.WeightedSampler;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.RandomResizedCrop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskedPhotosTest {

  private static final Preprocessing INPUT =
      new Preprocessing(
          48,
          36,
          Preprocessing.IMAGENET_MEAN,
          Preprocessing.IMAGENET_STD,
          Interpolation.BILINEAR,
          1,
          CropMode.CENTER);
  private static final Path PORTRAIT = TestFiles.path("photos/portrait.jpg");
  private static final Path NO_FACE = TestFiles.path("photos/no_face.jpg");
  private static final Detection FACE =
      new Detection(
          new Box(138.9, 81.9, 254.9, 225.2),
          0.94,
          "yunet",
          List.of(
              new Point(166.8, 135.2),
              new Point(222.9, 137.4),
              new Point(191.7, 162.8),
              new Point(165.6, 184.5),
              new Point(216.7, 187.1)));
  private static final MaskOverlay OVERLAY = MaskOverlay.of(0.4, 0.3);

  /** Class 12 and on wear no mask; every fourth photo here wears one, every fifth has no face. */
  private static PhotoSet photos(int count) {
    List<FacePhoto> photos = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      FaceClass label = FaceClass.ofId(i % 4 == 0 ? i % 12 : 12 + i % 6);
      photos.add(
          new FacePhoto(new Photo("p" + i, i % 5 == 0 ? NO_FACE : PORTRAIT), "q" + i, 20, label));
    }
    return PhotoSet.of(photos);
  }

  private static CropTable faces(PhotoSet photos, boolean crops) {
    FaceCropSettings settings =
        FaceCropSettings.of(new FaceCropSettings.Detector("test", "", Map.of()));
    List<CropDecision> decisions = new ArrayList<>();
    for (FacePhoto photo : photos) {
      boolean found = photo.photo().file().equals(PORTRAIT);
      decisions.add(
          new CropDecision(
              photo.photo().id(),
              "",
              512,
              384,
              crops ? new Box(100, 60, 300, 260) : Box.whole(512, 384),
              found ? CropDecision.Rule.PRIMARY_SUBJECT : CropDecision.Rule.CENTER,
              "",
              found ? 0 : -1,
              found ? List.of(FACE) : List.of(),
              settings));
    }
    return CropTable.of(decisions);
  }

  private static final class Seen {

    private final byte[] pixels;
    private final float[] targets;
    private final int[] indices;

    Seen(PhotoBatch batch) {
      pixels = batch.pixels().toByteArray();
      targets = batch.targets().toFloatArray();
      indices = Ints.toArray(batch.indices());
    }
  }

  private static List<Seen> pass(PhotoLoader loader, int epoch, int first) throws IOException {
    List<Seen> seen = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager();
        BatchStream stream = loader.open(manager, epoch, first)) {
      for (Optional<PhotoBatch> next = stream.next(); next.isPresent(); next = stream.next()) {
        try (PhotoBatch batch = next.get()) {
          seen.add(new Seen(batch));
        }
      }
    }
    return seen;
  }

  private static PhotoLoader.Builder training(PhotoSet photos, int threads) {
    return PhotoLoader.builder(photos, INPUT)
        .optSampler(WeightedSampler.inverseFrequency())
        .optTransforms(RandomResizedCrop.of(0.5, 1), HorizontalFlip.half())
        .optMixing(CutMix.alpha(1))
        .optOverlay(OVERLAY)
        .optOverlaidFaces(faces(photos, false))
        .optBatchSize(8)
        .optSeed(5)
        .optThreads(threads);
  }

  private static void assertEqual(List<Seen> one, List<Seen> two) {
    assertThat(two).hasSameSizeAs(one);
    for (int i = 0; i < one.size(); i++) {
      assertThat(two.get(i).pixels).isEqualTo(one.get(i).pixels);
      assertThat(two.get(i).targets).isEqualTo(one.get(i).targets);
      assertThat(two.get(i).indices).isEqualTo(one.get(i).indices);
    }
  }

  @Test
  void oneThreadAndEightGiveTheSameBatchesAlsoFromTheMiddleAndFromACache() throws IOException {
    PhotoSet photos = photos(60);
    for (int epoch : new int[] {0, 3}) {
      List<Seen> one = pass(training(photos, 1).build(), epoch, 0);
      assertEqual(one, pass(training(photos, 8).build(), epoch, 0));
      assertEqual(one.subList(3, one.size()), pass(training(photos, 2).build(), epoch, 3));
      assertEqual(one, pass(training(photos, 2).optCacheBytes(1 << 20).build(), epoch, 0));
    }
  }

  @Test
  void thePictureAndTheLabelChangeTogether() throws IOException {
    PhotoSet photos = photos(60);
    PhotoLoader plain = PhotoLoader.builder(photos, INPUT).optBatchSize(1).build();
    PhotoLoader masked =
        PhotoLoader.builder(photos, INPUT)
            .optOverlay(OVERLAY)
            .optOverlaidFaces(faces(photos, false))
            .optBatchSize(1)
            .optSeed(5)
            .build();
    List<Seen> stored =
        pass(PhotoLoader.builder(photos, INPUT).optCacheBytes(1).optBatchSize(1).build(), 0, 0);
    List<Seen> before = pass(plain, 0, 0);
    List<Seen> after = pass(masked, 1, 0);
    int changed = 0;
    for (int i = 0; i < photos.size(); i++) {
      boolean other = !Arrays.equals(stored.get(i).pixels, after.get(i).pixels);
      assertThat(!Arrays.equals(before.get(i).targets, after.get(i).targets)).isEqualTo(other);
      boolean bare = photos.get(i).label().mask().orElseThrow() == MaskState.NOT_WORN;
      if (other) {
        assertThat(bare && i % 5 != 0).isTrue();
        changed++;
      }
    }
    assertThat(changed).isBetween(15, 36);
  }

  @Test
  void theSamplerBalancesTheLabelsWithTheMasks() throws IOException {
    List<FacePhoto> bare = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      bare.add(new FacePhoto(new Photo("p" + i, PORTRAIT), "q" + i, 20, FaceClass.ofId(12)));
    }
    PhotoSet photos = PhotoSet.of(bare);
    PhotoLoader loader =
        PhotoLoader.builder(photos, INPUT)
            .optSampler(WeightedSampler.inverseFrequency())
            .optOverlay(MaskOverlay.of(0.1, 0.05))
            .optOverlaidFaces(faces(photos, false))
            .optSeed(5)
            .build();
    Map<?, ?> balance = (Map<?, ?>) loader.parameters().get("balance");
    List<?> drawn = (List<?>) balance.get("drawn");
    List<?> available = (List<?>) balance.get("available");
    // Class 0 wears a mask, 6 wears it wrongly, 12 does not.
    assertThat((Integer) available.get(0)).isCloseTo(60, within(30));
    for (int label : new int[] {0, 6, 12}) {
      assertThat((Integer) drawn.get(label)).isCloseTo(200, within(50));
    }
    Map<?, ?> overlay = (Map<?, ?>) loader.parameters().get("overlay");
    assertThat(((Map<?, ?>) overlay.get("firstEpoch")).get("bareFaces")).isEqualTo(600);
    assertThat(((Map<?, ?>) overlay.get("firstEpoch")).get("worn")).isEqualTo(available.get(0));
  }

  @Test
  void masksLieOnTheFaceOfACropToo() throws IOException {
    PhotoSet photos = photos(8);
    PhotoLoader.Builder cropped =
        PhotoLoader.builder(photos, INPUT)
            .optCrops(faces(photos, true))
            .optUnauditedCrops()
            .optBatchSize(1);
    List<Seen> bare = pass(cropped.optCacheBytes(1).build(), 0, 0);
    List<Seen> masked =
        pass(
            cropped.optOverlay(MaskOverlay.of(1, 0)).optOverlaidFaces(faces(photos, true)).build(),
            0,
            0);
    Pixels before = Pixels.wrap(48, 36, bare.get(1).pixels);
    Pixels after = Pixels.wrap(48, 36, masked.get(1).pixels);
    // The crop is resized to 48 rows and its middle 36 columns; the mouth is at (191, 186).
    int x = (int) ((191 - 100) * 48 / 200.0) - 6;
    int y = (int) ((186 - 60) * 48 / 200.0);
    assertThat(Math.abs(after.at(y, x, 0) - before.at(y, x, 0))).isGreaterThan(8);
    int eye = (int) ((135 - 60) * 48 / 200.0);
    assertThat(after.at(eye, x - 6, 0)).isCloseTo(before.at(eye, x - 6, 0), within(3));
  }

  @Test
  void aPointOfATurnedCropIsWhereTheCropHasIt() throws IOException {
    byte[] array = new byte[200 * 160 * 3];
    int x = 97;
    int y = 88;
    array[(y * 160 + x) * 3] = (byte) 255;
    Detection leaning =
        new Detection(
            new Box(50, 60, 110, 130),
            0.9,
            "test",
            List.of(
                new Point(65, 80),
                new Point(95, 95),
                new Point(75, 100),
                new Point(60, 110),
                new Point(85, 120)));
    FaceDetector detector =
        new FaceDetector() {
          @Override
          public List<Detection> detect(Pixels photo) {
            return List.of(leaning);
          }

          @Override
          public FaceCropSettings.Detector settings() {
            return new FaceCropSettings.Detector("test", "", Map.of());
          }

          @Override
          public boolean findsLandmarks() {
            return true;
          }
        };
    CropDecision decision =
        FaceCrop.by(detector).withAligned(true).decide("p", "", Pixels.wrap(200, 160, array));
    assertThat(decision.roll()).isGreaterThan(20);
    Pixels cut = decision.cut(Pixels.wrap(200, 160, array));
    Detection marked =
        new Detection(
            new Box(0, 0, 9, 9),
            1,
            "",
            List.of(
                new Point(x + 0.5, y + 0.5),
                new Point(0, 0),
                new Point(0, 0),
                new Point(0, 0),
                new Point(0, 0)));
    Point at =
        marked
            .inPart(decision.crop(), decision.roll(), cut.height(), cut.width())
            .landmarks()
            .get(0);
    int best = 0;
    for (int i = 0; i < cut.height() * cut.width(); i++) {
      best = (cut.array()[3 * i] & 255) > (cut.array()[3 * best] & 255) ? i : best;
    }
    assertThat(at.x()).isCloseTo(best % cut.width() + 0.5, within(1.0));
    int row = best / cut.width();
    assertThat(at.y()).isCloseTo(row + 0.5, within(1.0));
  }

  @Test
  void theFacesOfARunAreWrittenBesideIt(@TempDir Path run) throws IOException {
    PhotoSet photos = photos(8);
    training(photos, 1).build().writeTo(run);
    CropTable written = CropTable.read(run.resolve(PhotoLoader.FACES_FILE));
    assertThat(written.digest()).isEqualTo(faces(photos, false).digest());
    assertThat(written.decisions().get(1).faces().get(0).landmarks()).hasSize(5);

    CropTable crops = faces(photos, true);
    Files.delete(run.resolve(PhotoLoader.FACES_FILE));
    training(photos, 1)
        .optCrops(crops)
        .optUnauditedCrops()
        .optOverlay(OVERLAY)
        .optOverlaidFaces(crops)
        .build()
        .writeTo(run);
    assertThat(run.resolve(PhotoLoader.FACES_FILE)).doesNotExist();
    assertThat(run.resolve(PhotoLoader.CROPS_FILE)).exists();
  }

  @Test
  void overlaysThatCannotBeAreRefused() throws IOException {
    PhotoSet photos = photos(4);
    CropTable faces = faces(photos, false);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PhotoLoader.unlabelled(photos.photos(), INPUT)
                    .optOverlay(OVERLAY)
                    .optOverlaidFaces(faces)
                    .build())
        .withMessageContaining("labelled");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PhotoLoader.builder(photos, INPUT)
                    .optFaceCrop(FaceCrop.cascade())
                    .optUnauditedCrops()
                    .optOverlay(OVERLAY)
                    .optOverlaidFaces(faces)
                    .build())
        .withMessageContaining("table of crops");
    PhotoLoader loader =
        PhotoLoader.builder(photos, INPUT)
            .optOverlay(OVERLAY)
            .optOverlaidFaces(faces)
            .optDecoder(PhotoDecoder.create())
            .build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> loader.features(() -> null))
        .withMessageContaining("no overlay");
  }
}
