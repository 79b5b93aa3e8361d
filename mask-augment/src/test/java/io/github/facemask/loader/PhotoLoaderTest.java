package io.github.facemask.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.dataset.Batch;
import com.google.common.primitives.Ints;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.CropRun;
import io.github.facemask.facecrop.CropTable;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import io.github.facemask.internal.pipeline.PhotoPipeline;
import io.github.facemask.label.FaceClass;
import io.github.facemask.mixing.CutMix;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.CropMode;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import io.github.facemask.random.RandomStream;
import io.github.facemask.sampling.PhotoSampler;
import io.github.facemask.sampling.WeightedSampler;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.RandomResizedCrop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PhotoLoaderTest {

  private static final Preprocessing INPUT =
      new Preprocessing(
          24,
          20,
          Preprocessing.IMAGENET_MEAN,
          Preprocessing.IMAGENET_STD,
          Interpolation.BILINEAR,
          1,
          CropMode.CENTER);
  private static final List<String> FILES =
      List.of(
          "photos/portrait.jpg",
          "photos/no_face.jpg",
          "pillow/source.png",
          "photos/portrait_covered_mouth.jpg",
          "images/plain.png",
          "pillow/noise.png",
          "images/photo.bmp");

  private static PhotoSet photos(int count) {
    List<FacePhoto> photos = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path file = TestFiles.path(FILES.get(i % FILES.size()));
      photos.add(new FacePhoto(new Photo("p" + i, file), "p", 20, FaceClass.ofId(i % 18)));
    }
    return PhotoSet.of(photos);
  }

  private static final class Seen {

    final Shape shape;
    final byte[] pixels;
    final float[] targets;
    final int[] indices;

    Seen(PhotoBatch batch) {
      shape = batch.pixels().getShape();
      pixels = batch.pixels().toByteArray();
      targets = batch.targets().toFloatArray();
      indices = Ints.toArray(batch.indices());
    }
  }

  private static List<Seen> pass(PhotoLoader dataset, int epoch) throws IOException {
    return pass(dataset, epoch, 0);
  }

  private static List<Seen> pass(PhotoLoader dataset, int epoch, int firstBatch)
      throws IOException {
    List<Seen> seen = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager();
        BatchStream stream = dataset.open(manager, epoch, firstBatch)) {
      for (Optional<PhotoBatch> next = stream.next(); next.isPresent(); next = stream.next()) {
        try (PhotoBatch batch = next.get()) {
          assertThat(batch.pixels().getDataType()).isEqualTo(DataType.UINT8);
          seen.add(new Seen(batch));
        }
      }
    }
    return seen;
  }

  private static PhotoLoader.Builder training(int count, int threads) {
    return PhotoLoader.builder(photos(count), INPUT)
        .optTransforms(RandomResizedCrop.of(0.5, 1), HorizontalFlip.half())
        .optMixing(CutMix.alpha(1))
        .optBatchSize(4)
        .optSeed(5)
        .optThreads(threads);
  }

  @ParameterizedTest
  @EnumSource(Augmentation.Preset.class)
  void everyPresetGivesTheSameBatchesByOneAndByEightThreads(Augmentation.Preset preset)
      throws IOException {
    List<List<Seen>> passes = new ArrayList<>();
    for (int threads : new int[] {1, 8}) {
      PhotoLoader loader =
          PhotoLoader.builder(photos(22), INPUT)
              .optAugmentation(preset.augmentation())
              .optSampler(WeightedSampler.inverseFrequency())
              .optBatchSize(4)
              .optSeed(5)
              .optThreads(threads)
              .build();
      passes.add(pass(loader, 1));
    }
    assertThat(passes.get(0)).hasSize(6).hasSameSizeAs(passes.get(1));
    for (int i = 0; i < passes.get(0).size(); i++) {
      assertThat(passes.get(1).get(i).pixels).isEqualTo(passes.get(0).get(i).pixels);
      assertThat(passes.get(1).get(i).targets).isEqualTo(passes.get(0).get(i).targets);
    }
    assertThat(passes.get(0).get(0).pixels).isNotEqualTo(passes.get(0).get(5).pixels);
  }

  @Test
  void aBrokenPassGoesOnWithTheSameBatches() throws IOException {
    PhotoLoader dataset = training(22, 2).optSampler(WeightedSampler.inverseFrequency()).build();
    List<Seen> whole = pass(dataset, 3);

    for (int first : new int[] {0, 2, 5, 6}) {
      List<Seen> rest = pass(dataset, 3, first);
      assertThat(rest).hasSize(6 - first);
      for (int i = 0; i < rest.size(); i++) {
        assertThat(rest.get(i).pixels).isEqualTo(whole.get(first + i).pixels);
        assertThat(rest.get(i).targets).isEqualTo(whole.get(first + i).targets);
        assertThat(rest.get(i).indices).isEqualTo(whole.get(first + i).indices);
      }
    }
    assertThat(dataset.parameters().get("balance").toString()).contains("byPerson");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pass(dataset, 3, 7))
        .withMessage("first batch is 7, expected 0 to 6");
  }

  @Test
  void withoutTransformsPhotosComeOnceInOrderAsEvaluationSeesThem() throws IOException {
    PhotoLoader dataset = PhotoLoader.builder(photos(7), INPUT).optBatchSize(3).build();
    List<Seen> seen = pass(dataset, 0);
    assertThat(seen).hasSize(3);
    assertThat(seen.get(0).shape).isEqualTo(new Shape(3, 24, 20, 3));
    assertThat(seen.get(2).shape).isEqualTo(new Shape(1, 24, 20, 3));
    assertThat(seen.get(1).indices).containsExactly(3, 4, 5);
    Pixels expected =
        PhotoPipeline.of(INPUT, List.of())
            .apply(
                PhotoDecoder.create().decode(TestFiles.path(FILES.get(4))),
                RandomStream.of(0, "t"));
    byte[] second = new byte[expected.array().length];
    System.arraycopy(seen.get(1).pixels, second.length, second, 0, second.length);
    assertThat(second).isEqualTo(expected.array());
    for (int i = 0; i < 18; i++) {
      assertThat(seen.get(1).targets[18 + i]).isEqualTo(i == 4 ? 1 : 0);
    }
  }

  @Test
  void batchesAreTheSameForAnyNumberOfThreads() throws IOException {
    List<Seen> one = pass(training(30, 1).build(), 3);
    for (int threads : new int[] {2, 8}) {
      List<Seen> many = pass(training(30, threads).build(), 3);
      assertThat(many).hasSameSizeAs(one);
      for (int i = 0; i < one.size(); i++) {
        assertThat(many.get(i).pixels).isEqualTo(one.get(i).pixels);
        assertThat(many.get(i).targets).isEqualTo(one.get(i).targets);
        assertThat(many.get(i).indices).isEqualTo(one.get(i).indices);
      }
    }
  }

  @Test
  void anEpochNeedsNoEarlierOne() throws IOException {
    PhotoLoader dataset = training(8, 2).build();
    byte[] first = pass(dataset, 0).get(1).pixels;
    byte[] second = pass(dataset, 1).get(1).pixels;
    assertThat(second).isNotEqualTo(first);
    assertThat(pass(training(8, 2).build(), 1).get(1).pixels).isEqualTo(second);
  }

  @Test
  void theCacheChangesTheSpeedAndNotTheBatches(@TempDir Path folder) throws IOException {
    Path file = Files.copy(TestFiles.path("photos/portrait.jpg"), folder.resolve("p.jpg"));
    PhotoSet set =
        PhotoSet.of(List.of(new FacePhoto(new Photo("a", file), "p", 20, FaceClass.ofId(1))));
    PhotoLoader roomy = PhotoLoader.builder(set, INPUT).optCacheBytes(1 << 20).build();
    PhotoLoader tiny = PhotoLoader.builder(set, INPUT).optCacheBytes(1).build();
    byte[] first = pass(roomy, 0).get(0).pixels;
    assertThat(pass(tiny, 0).get(0).pixels).isEqualTo(first);
    Files.delete(file);
    assertThat(pass(roomy, 1).get(0).pixels).isEqualTo(first); // no file is needed any more
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> pass(tiny, 1))
        .withMessageContaining("photo 'a'");
  }

  @Test
  void theCacheFileServesLaterRunsAndFollowsTheFiles(@TempDir Path folder) throws IOException {
    Path file = Files.copy(TestFiles.path("photos/portrait.jpg"), folder.resolve("p.jpg"));
    Path kept = folder.resolve("cache");
    PhotoSet set =
        PhotoSet.of(List.of(new FacePhoto(new Photo("a", file), "p", 20, FaceClass.ofId(1))));
    PhotoLoader first = PhotoLoader.builder(set, INPUT).optCacheFolder(kept).build();
    List<Integer> progress = new ArrayList<>();
    first.fillCache(progress::add);
    assertThat(progress).containsExactly(1);
    byte[] pixels = pass(first, 0).get(0).pixels;
    assertThat(pass(PhotoLoader.builder(set, INPUT).optCacheBytes(9999).build(), 0).get(0).pixels)
        .isEqualTo(pixels);
    PhotoLoader second = PhotoLoader.builder(set, INPUT).optCacheFolder(kept).build();
    second.fillCache(done -> progress.add(-done));
    assertThat(progress).containsExactly(1); // nothing was built again
    assertThat(pass(second, 0).get(0).pixels).isEqualTo(pixels);
    Files.copy(TestFiles.path("photos/no_face.jpg"), file, StandardCopyOption.REPLACE_EXISTING);
    PhotoLoader third = PhotoLoader.builder(set, INPUT).optCacheFolder(kept).build();
    assertThat(pass(third, 0).get(0).pixels).isNotEqualTo(pixels);
  }

  @Test
  void theFirstUnreadablePhotoIsNamed(@TempDir Path folder) throws IOException {
    List<FacePhoto> list = new ArrayList<>(photos(20).stream().toList());
    for (int broken : new int[] {6, 7, 13}) {
      Path file = Files.writeString(folder.resolve("broken" + broken + ".jpg"), "no photo");
      list.set(broken, new FacePhoto(new Photo("b" + broken, file), "p", 20, FaceClass.ofId(0)));
    }
    for (int threads : new int[] {1, 2, 8}) {
      PhotoLoader dataset =
          PhotoLoader.builder(PhotoSet.of(list), INPUT).optBatchSize(4).optThreads(threads).build();
      try (NDManager manager = NDManager.newBaseManager();
          BatchStream stream = dataset.open(manager, 0)) {
        stream.next().orElseThrow().close();
        assertThatExceptionOfType(IOException.class)
            .isThrownBy(stream::next)
            .withMessageContaining("photo 'b6'")
            .withMessageContaining("broken6.jpg")
            .withMessageContaining("it is text");
        assertThatIllegalStateException().isThrownBy(stream::next);
      }
    }
  }

  @Test
  void closingEarlyStopsTheThreads() throws IOException {
    PhotoLoader dataset = training(200, 4).build();
    try (NDManager manager = NDManager.newBaseManager()) {
      BatchStream stream = dataset.open(manager, 0);
      stream.next().orElseThrow().close();
      stream.close();
      assertThat(Thread.getAllStackTraces().keySet())
          .noneMatch(thread -> thread.getName().startsWith("photo-loader-"));
      assertThatIllegalStateException().isThrownBy(stream::next);
    }
  }

  @Test
  void anOpenBatchIsNotOverwritten() throws IOException {
    PhotoLoader dataset = PhotoLoader.builder(photos(28), INPUT).optBatchSize(2).build();
    try (NDManager manager = NDManager.newBaseManager();
        BatchStream stream = dataset.open(manager, 0)) {
      PhotoBatch kept = stream.next().orElseThrow();
      byte[] before = kept.pixels().toByteArray();
      for (Optional<PhotoBatch> next = stream.next(); next.isPresent(); next = stream.next()) {
        next.get().close();
      }
      assertThat(kept.pixels().toByteArray()).isEqualTo(before);
    }
  }

  @Test
  void closedBatchesLeaveNothingWithTheManager() throws IOException {
    PhotoLoader dataset = training(12, 2).build();
    try (NDManager manager = NDManager.newBaseManager();
        BatchStream stream = dataset.open(manager, 0)) {
      for (Optional<PhotoBatch> next = stream.next(); next.isPresent(); next = stream.next()) {
        PhotoBatch batch = next.get();
        batch.close();
        assertThat(batch.pixels().isReleased()).isTrue();
        assertThat(batch.targets().isReleased()).isTrue();
      }
      assertThat(manager.getManagedArrays()).isEmpty();
      assertThat(stream.secondsWaited()).isPositive();
    }
  }

  @Test
  void theSamplerDecidesTheOrder() throws IOException {
    PhotoSampler backwardsTwice =
        new PhotoSampler() {
          @Override
          public int[] epochOrder(PhotoSet photos, long seed, int epoch) {
            return new int[] {4, 4, 1 + epoch, (int) seed};
          }

          @Override
          public int photosPerEpoch(PhotoSet photos) {
            return 4;
          }

          @Override
          public Map<String, Object> parameters() {
            return Map.of("name", "backwards");
          }
        };
    PhotoLoader dataset =
        PhotoLoader.builder(photos(5), INPUT)
            .optSampler(backwardsTwice)
            .optTransforms(RandomResizedCrop.of(0.3, 1))
            .optSeed(3)
            .build();
    assertThat(dataset.photosPerEpoch()).isEqualTo(4);
    Seen seen = pass(dataset, 1).get(0);
    assertThat(seen.indices).containsExactly(4, 4, 2, 3);
    byte[] first = Arrays.copyOf(seen.pixels, 24 * 20 * 3);
    byte[] again = Arrays.copyOfRange(seen.pixels, 24 * 20 * 3, 2 * 24 * 20 * 3);
    assertThat(again).isNotEqualTo(first); // the same photo, drawn anew
    assertThat(dataset.parameters()).containsEntry("sampler", Map.of("name", "backwards"));
  }

  @Test
  void unlabelledPhotosHaveZeroTargets() throws IOException {
    PhotoLoader dataset = PhotoLoader.unlabelled(photos(3).photos(), INPUT).build();
    assertThat(pass(dataset, 0).get(0).targets).hasSize(3 * 18).containsOnly(0f);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PhotoLoader.unlabelled(photos(3).photos(), INPUT)
                    .optMixing(CutMix.alpha(1))
                    .build())
        .withMessageContaining("no labels");
  }

  @Test
  void cropsComeBeforeTheTransforms() throws IOException {
    PhotoSet set = photos(1);
    Box face = new Box(131, 83, 259, 211);
    CropTable table =
        CropTable.of(
            List.of(
                new CropDecision(
                    "p0",
                    "",
                    512,
                    384,
                    face,
                    CropDecision.Rule.OWN_BOX,
                    "test",
                    -1,
                    List.of(),
                    FaceCropSettings.of(new FaceCropSettings.Detector("test", "", Map.of())))));
    byte[] pixels =
        pass(PhotoLoader.builder(set, INPUT).optCrops(table.asAudited()).build(), 0).get(0).pixels;
    Pixels cut = TestFiles.photo("photos/portrait.jpg").crop(83, 131, 128, 128);
    assertThat(pixels)
        .isEqualTo(PhotoPipeline.of(INPUT, List.of()).apply(cut, RandomStream.of(0, "t")).array());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhotoLoader.builder(photos(2), INPUT).optCrops(table.asAudited()).build())
        .withMessageContaining("no decision on photo 'p1'");
  }

  @Test
  void aFaceCropIsDecidedWithTheFirstBatch() throws IOException {
    PhotoSet set = photos(2);
    CropTable table = CropRun.of(set, FaceCrop.cascade()).run();
    assertThat(
            pass(
                    PhotoLoader.builder(set, INPUT)
                        .optFaceCrop(FaceCrop.cascade())
                        .optUnauditedCrops()
                        .build(),
                    0)
                .get(0)
                .pixels)
        .isEqualTo(
            pass(PhotoLoader.builder(set, INPUT).optCrops(table.asAudited()).build(), 0)
                .get(0)
                .pixels);
  }

  @Test
  void cropsThatNobodyWasShownAreRefusedForLabelledPhotos() throws IOException {
    PhotoSet set = photos(1);
    CropTable table = CropRun.of(set, FaceCrop.cascade()).run();
    for (PhotoLoader.Builder unseen :
        List.of(
            PhotoLoader.builder(set, INPUT).optCrops(table),
            PhotoLoader.builder(set, INPUT).optFaceCrop(FaceCrop.cascade()))) {
      assertThatIllegalArgumentException()
          .isThrownBy(unseen::build)
          .withMessageContainingAll(
              "crop table is not audited", "AuditMark", "optUnauditedCrops()");
      assertThat(unseen.optUnauditedCrops().build()).isNotNull();
    }
    assertThat(PhotoLoader.unlabelled(set.photos(), INPUT).optCrops(table).build()).isNotNull();
  }

  @Test
  void djlSeesTheSameBatchesAnEpochAfterTheOther() throws Exception {
    PhotoLoader dataset = training(10, 2).build();
    DjlPhotoDataset djl = DjlPhotoDataset.of(dataset);
    djl.prepare();
    for (int epoch = 0; epoch < 2; epoch++) {
      List<Seen> expected = pass(dataset, epoch);
      int number = 0;
      try (NDManager manager = NDManager.newBaseManager()) {
        for (Batch batch : djl.getData(manager)) {
          try (batch) {
            Seen seen = expected.get(number);
            assertThat(batch.getData().singletonOrThrow().toByteArray()).isEqualTo(seen.pixels);
            assertThat(batch.getLabels().singletonOrThrow().toFloatArray()).isEqualTo(seen.targets);
            assertThat(batch.getSize()).isEqualTo(seen.indices.length);
            assertThat(batch.getProgress()).isEqualTo(number++);
            assertThat(batch.getProgressTotal()).isEqualTo(3);
          }
        }
      }
      assertThat(number).isEqualTo(3);
    }
  }

  @Test
  void djlsPassEndsWithItsManagerAndNamesABrokenPhoto(@TempDir Path folder) throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      DjlPhotoDataset.of(training(40, 3).build()).getData(manager).iterator().next().close();
      assertThat(loaderThreads()).isPositive();
    }
    assertThat(loaderThreads()).isZero();

    Path broken = Files.writeString(folder.resolve("broken.jpg"), "no");
    PhotoSet set =
        PhotoSet.of(List.of(new FacePhoto(new Photo("a", broken), "p", 20, FaceClass.ofId(1))));
    try (NDManager manager = NDManager.newBaseManager()) {
      Iterator<Batch> pass =
          DjlPhotoDataset.of(PhotoLoader.builder(set, INPUT).build()).getData(manager).iterator();
      assertThatExceptionOfType(UncheckedIOException.class)
          .isThrownBy(pass::hasNext)
          .withMessageContaining("photo 'a'");
      assertThat(pass.hasNext()).isFalse();
    }
  }

  private static long loaderThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("photo-loader"))
        .count();
  }

  @Test
  void noPhotosAreNoBatches() throws IOException {
    assertThat(pass(PhotoLoader.unlabelled(List.of(), INPUT).build(), 0)).isEmpty();
  }

  @Test
  void choicesAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhotoLoader.builder(photos(1), INPUT).optBatchSize(0).build())
        .withMessageContaining("batch size is 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhotoLoader.builder(photos(1), INPUT).optThreads(0).build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhotoLoader.builder(photos(1), INPUT).optBatchSize(2_000_000).build())
        .withMessageContainingAll("batch size is ", "fill 2 GiB");
  }

  @Test
  void thePixelsOutliveTheStream() throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray pixels;
      byte[] before;
      try (BatchStream stream = PhotoLoader.builder(photos(4), INPUT).build().open(manager, 0)) {
        pixels = stream.next().orElseThrow().pixels();
        before = pixels.toByteArray();
      }
      assertThat(pixels.toByteArray()).isEqualTo(before);
    }
  }
}
