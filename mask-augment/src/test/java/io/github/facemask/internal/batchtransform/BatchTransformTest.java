package io.github.facemask.internal.batchtransform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import io.github.facemask.internal.pipeline.PhotoPipeline;
import io.github.facemask.internal.pipeline.SampledPipeline;
import io.github.facemask.mixing.Mixing.Plan;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.CropMode;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import io.github.facemask.random.RandomStream;
import io.github.facemask.transform.ColorJitter;
import io.github.facemask.transform.GaussianBlur;
import io.github.facemask.transform.Grayscale;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.PhotoTransform;
import io.github.facemask.transform.RandomResizedCrop;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchTransformTest {

  private static final List<Pixels> PHOTOS =
      List.of(
          TestFiles.photo("photos/portrait.jpg"),
          TestFiles.photo("photos/no_face.jpg"),
          TestFiles.photo("photos/portrait_covered_mouth.jpg"),
          TestFiles.photo("photos/portrait_with_background_face.jpg"));

  private static Preprocessing input(Interpolation filter) {
    return new Preprocessing(
        96,
        80,
        Preprocessing.IMAGENET_MEAN,
        Preprocessing.IMAGENET_STD,
        filter,
        0.9,
        CropMode.CENTER);
  }

  private static NDArray batch(NDManager manager, List<PhotoPart> parts) {
    PhotoPart.Size size = PhotoPart.Size.of(parts);
    ByteBuffer all = ByteBuffer.allocateDirect(parts.size() * size.bytes());
    // Padding that would show, if it had a weight.
    for (int i = 0; i < all.capacity(); i++) {
      all.put(i, (byte) (i % 2 == 0 ? 255 : 0));
    }
    PhotoPart.pack(parts, size, all);
    Shape shape = new Shape(parts.size(), size.height(), size.width(), Pixels.CHANNELS);
    return manager.create(all, shape, DataType.UINT8);
  }

  private static NDArray batch(NDManager manager, Pixels photo) {
    return batch(manager, List.of(new PhotoPart(photo, null)));
  }

  /** The difference of each value from the host's, in levels, of the device's result. */
  private static List<Double> differences(Interpolation filter, PhotoTransform... transforms)
      throws IOException {
    Preprocessing input = input(filter);
    PhotoPipeline pipeline = PhotoPipeline.of(input, List.of(transforms));
    List<PhotoPart> parts = new ArrayList<>();
    for (int i = 0; i < PHOTOS.size(); i++) {
      SampledPipeline drawn = pipeline.draw(RandomStream.of(11, "batch", i), 512, 384);
      parts.add(PhotoPart.of(PHOTOS.get(i), drawn, input, 512));
    }
    List<Double> differences = new ArrayList<>();
    try (BatchTransform transform = BatchTransform.load(input, Device.cpu());
        NDManager manager = transform.manager().newSubManager()) {
      NDArray result = transform.apply(batch(manager, parts), parts, new Plan.Nothing());
      assertThat(result.getShape()).isEqualTo(new Shape(4, 96, 80, 3));
      assertThat(result.getDataType()).isEqualTo(DataType.UINT8);
      byte[] values = result.toByteArray();
      for (int i = 0; i < PHOTOS.size(); i++) {
        byte[] host = pipeline.apply(PHOTOS.get(i), RandomStream.of(11, "batch", i)).array();
        for (int at = 0; at < host.length; at++) {
          int level = values[i * host.length + at] & 0xff;
          differences.add((double) Math.abs(level - (host[at] & 0xff)));
        }
      }
    }
    return differences;
  }

  private static void agree(List<Double> differences) {
    assertThat(differences.stream().mapToDouble(d -> d).max().orElseThrow())
        .isLessThan(BatchTransform.TOLERANCE + 0.001);
    assertThat(differences.stream().mapToDouble(d -> d).average().orElseThrow()).isLessThan(0.3);
  }

  @ParameterizedTest
  @EnumSource(Interpolation.class)
  void framingAndFlipAgreeWithTheHost(Interpolation filter) throws IOException {
    agree(differences(filter));
    agree(differences(filter, RandomResizedCrop.of(0.05, 1), HorizontalFlip.half()));
  }

  @Test
  void coloursAgreeWithTheHost() throws IOException {
    agree(
        differences(
            Interpolation.BILINEAR, RandomResizedCrop.of(0.3, 1), ColorJitter.of(0.4, 0, 0, 0)));
    agree(differences(Interpolation.BILINEAR, ColorJitter.of(0, 0.4, 0, 0)));
    agree(differences(Interpolation.BILINEAR, ColorJitter.of(0, 0, 0.4, 0)));
    agree(differences(Interpolation.BILINEAR, Grayscale.of(0.5)));
  }

  @Test
  void hueAndAllTogetherAgreeButForFiveInAThousand() throws IOException {
    // Each change multiplies a level's difference that the one before left; a hue is a quotient.
    for (List<Double> all :
        List.of(
            differences(Interpolation.BILINEAR, ColorJitter.of(0, 0, 0, 0.3)),
            differences(
                Interpolation.BILINEAR,
                RandomResizedCrop.of(0.3, 1),
                HorizontalFlip.half(),
                ColorJitter.of(0.4, 0.4, 0.4, 0.1),
                Grayscale.of(0.3)))) {
      assertThat(all.stream().mapToDouble(d -> d).max().orElseThrow()).isLessThan(5.001);
      assertThat(all.stream().mapToDouble(d -> d).average().orElseThrow()).isLessThan(0.3);
      assertThat(all.stream().filter(d -> d > BatchTransform.TOLERANCE + 0.001).count())
          .isLessThan(all.size() / 200);
    }
  }

  @Test
  void normalizeIsTheFormula() throws IOException {
    Preprocessing input = input(Interpolation.BILINEAR);
    Pixels photo = TestFiles.plain(3, 2, 10, 20, 255);
    try (BatchTransform transform = BatchTransform.load(input, Device.cpu());
        NDManager manager = transform.manager().newSubManager()) {
      NDArray result = transform.normalize(batch(manager, photo));
      assertThat(result.getShape()).isEqualTo(new Shape(1, 3, 3, 2));
      float[] values = result.toFloatArray();
      assertThat((double) values[0]).isCloseTo((10 / 255.0 - 0.485) / 0.229, within(1e-5));
      assertThat((double) values[6]).isCloseTo((20 / 255.0 - 0.456) / 0.224, within(1e-5));
      assertThat((double) values[17]).isCloseTo((1 - 0.406) / 0.225, within(1e-5));
    }
  }

  @Test
  void whatTheDeviceCannotDoIsNamed() throws IOException {
    Preprocessing input = input(Interpolation.BILINEAR);
    SampledPipeline blurred =
        PhotoPipeline.of(input, List.of(GaussianBlur.sigma(1, 1)))
            .draw(RandomStream.of(1, "t"), 512, 384);
    try (BatchTransform transform = BatchTransform.load(input, Device.cpu());
        NDManager manager = transform.manager().newSubManager()) {
      NDArray one = batch(manager, PHOTOS.get(0));
      List<PhotoPart> wrong = List.of(new PhotoPart(PHOTOS.get(0), blurred));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> transform.apply(one, wrong, new Plan.Nothing()))
          .withMessageContaining("'sigma 1.00 pixels' is not one of the device's");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> transform.apply(one, List.of(), new Plan.Nothing()))
          .withMessageContaining("0 draws for 1 photos");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> transform.normalize(manager.create(1f)))
          .withMessageContaining("expected uint8 (B, H, W, 3)");
    }
  }
}
