package io.github.facemask.loader;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.google.common.primitives.Bytes;
import com.google.common.primitives.Floats;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import io.github.facemask.internal.batchtransform.BatchTransform;
import io.github.facemask.internal.encoding.PhotoEncoder;
import io.github.facemask.label.FaceClass;
import io.github.facemask.mixing.CutMix;
import io.github.facemask.mixing.MixUp;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.CropMode;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import io.github.facemask.transform.ColorJitter;
import io.github.facemask.transform.GaussianBlur;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.PixelTransform;
import io.github.facemask.transform.RandomResizedCrop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transforms of a GPU, computed on the CPU, give the photos of the CPU's transforms. */
class DeviceTransformsTest {

  private static final Preprocessing INPUT =
      new Preprocessing(
          64,
          48,
          Preprocessing.IMAGENET_MEAN,
          Preprocessing.IMAGENET_STD,
          Interpolation.BICUBIC,
          1,
          CropMode.CENTER);

  @TempDir Path folder;
  private PhotoSet photos;

  /** Seven photos of seven sizes; the last is larger than a device gets. */
  @BeforeEach
  void write() throws IOException {
    Pixels portrait = TestFiles.photo("photos/portrait.jpg");
    List<FacePhoto> all = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      Pixels photo = i == 6 ? portrait : portrait.crop(40 + i, 30, 90 + 7 * i, 150 - 9 * i);
      Path file = folder.resolve(i + ".png");
      Files.write(file, PhotoEncoder.png(photo));
      all.add(new FacePhoto(new Photo(i + ".png", file), "person " + i, 20, FaceClass.ofId(i)));
    }
    photos = PhotoSet.of(all);
  }

  private PhotoLoader.Builder loader() {
    return PhotoLoader.builder(photos, INPUT).optBatchSize(4).optSeed(5).optThreads(2);
  }

  private record Shown(List<Byte> pixels, List<Float> targets, List<Integer> indices) {}

  private static List<Shown> read(PhotoLoader loader, int epoch, int firstBatch)
      throws IOException {
    List<Shown> all = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        BatchStream stream = loader.open(manager, epoch, firstBatch)) {
      for (Optional<PhotoBatch> next = stream.next(); next.isPresent(); next = stream.next()) {
        try (PhotoBatch batch = next.get()) {
          assertThat(batch.pixels().getShape()).isEqualTo(new Shape(batch.size(), 64, 48, 3));
          List<Byte> pixels = Bytes.asList(batch.pixels().toByteArray());
          List<Float> targets = Floats.asList(batch.targets().toFloatArray());
          all.add(new Shown(pixels, targets, batch.indices()));
        }
      }
    }
    return all;
  }

  /** Reads two epochs in both ways and returns the difference of each value. */
  private List<Integer> differences(UnaryOperator<PhotoLoader.Builder> options) throws IOException {
    PhotoLoader host = options.apply(loader()).build();
    PhotoLoader device = options.apply(loader()).transformsOnAnyDevice().build();
    assertThat(host.transformsOnDevice(Device.cpu())).isFalse();
    assertThat(host.transformsOnDevice(Device.gpu())).isTrue();
    assertThat(device.transformsOnDevice(Device.cpu())).isTrue();
    assertThat(device.parameters()).isEqualTo(host.parameters());
    List<Integer> differences = new ArrayList<>();
    for (int epoch = 0; epoch < 2; epoch++) {
      List<Shown> expected = read(host, epoch, 0);
      List<Shown> got = read(device, epoch, 0);
      assertThat(got).hasSameSizeAs(expected).hasSize(2);
      for (int b = 0; b < expected.size(); b++) {
        assertThat(got.get(b).targets()).isEqualTo(expected.get(b).targets());
        assertThat(got.get(b).indices()).isEqualTo(expected.get(b).indices());
        for (int i = 0; i < expected.get(b).pixels().size(); i++) {
          int one = expected.get(b).pixels().get(i) & 0xff;
          differences.add(Math.abs((got.get(b).pixels().get(i) & 0xff) - one));
        }
      }
    }
    return differences;
  }

  private static void agree(List<Integer> differences) {
    assertThat(differences).allMatch(d -> d <= BatchTransform.TOLERANCE);
    assertThat(differences.stream().mapToInt(d -> d).average().orElseThrow()).isLessThan(0.3);
  }

  @Test
  void photosOfDifferentSizesAgreeWithTheCpus() throws IOException {
    agree(
        differences(
            with ->
                with.optTransforms(
                    RandomResizedCrop.of(0.3, 1),
                    HorizontalFlip.half(),
                    ColorJitter.of(0.4, 0, 0, 0))));
  }

  @Test
  void mixingIsTheCpus() throws IOException {
    agree(
        differences(
            with -> with.optTransforms(RandomResizedCrop.of(0.3, 1)).optMixing(CutMix.alpha(1))));
    agree(
        differences(
            with -> with.optTransforms(RandomResizedCrop.of(0.3, 1)).optMixing(MixUp.alpha(1))));
  }

  @Test
  void whatTheDeviceCannotDoIsDoneOnTheCpu() throws IOException {
    // Photos that were transformed on the CPU pass through the device unchanged.
    assertThat(
            differences(
                with ->
                    with.optTransforms(RandomResizedCrop.of(0.3, 1), GaussianBlur.sigma(1, 2))
                        .optMixing(MixUp.alpha(1))))
        .allMatch(d -> d == 0);
    agree(
        differences(
            with ->
                with.optTransforms(
                    RandomResizedCrop.of(0.3, 1),
                    PixelTransform.randomApply(0.5, List.of(GaussianBlur.sigma(1, 2))))));
  }

  @Test
  void aRunRepeatsForAnyNumberOfThreadsAndFromItsMiddle() throws IOException {
    UnaryOperator<PhotoLoader.Builder> options =
        with ->
            with.optTransforms(RandomResizedCrop.of(0.3, 1), ColorJitter.of(0.4, 0.4, 0.4, 0.1))
                .optMixing(CutMix.alpha(1))
                .transformsOnAnyDevice();
    List<Shown> two = read(options.apply(loader()).build(), 1, 0);
    List<Shown> five = read(options.apply(loader()).optThreads(5).build(), 1, 0);
    Shown last = read(options.apply(loader()).build(), 1, 1).get(0);
    for (int b = 0; b < 2; b++) {
      assertThat(five.get(b).pixels()).isEqualTo(two.get(b).pixels());
    }
    assertThat(last.pixels()).isEqualTo(two.get(1).pixels());
    assertThat(last.targets()).isEqualTo(two.get(1).targets());
  }

  @Test
  void photosThatAreNotAugmentedStayWithTheCpu() {
    PhotoLoader plain = loader().transformsOnAnyDevice().build();
    assertThat(plain.transformsOnDevice(Device.gpu())).isFalse();
    assertThat(plain.transformsOnDevice(Device.cpu())).isFalse();
  }
}
