package io.github.facemask.facecrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.image.TestFiles;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YuNetDetectorTest {

  private static final Path GREEN_SQUARES = TestFiles.path("yunet/green_squares.onnx");
  private static final String REAL = "facemask.yunet";

  /** A grey photo with rectangles of a green as strong as given. */
  private static Pixels squares(int height, int width, int[]... squares) {
    byte[] array = new byte[height * width * 3];
    Arrays.fill(array, (byte) 100);
    for (int[] square : squares) {
      for (int y = square[1]; y < square[1] + square[2]; y++) {
        for (int x = square[0]; x < square[0] + square[2]; x++) {
          int at = (y * width + x) * 3;
          array[at] = 0;
          array[at + 1] = (byte) square[3];
          array[at + 2] = 0;
        }
      }
    }
    return Pixels.wrap(height, width, array);
  }

  @Test
  void whatTheNetworkFindsHasItsPlaceAndScore() throws IOException {
    YuNetDetector detector = YuNetDetector.of(GREEN_SQUARES);
    List<Detection> faces =
        detector.detect(
            squares(256, 320, new int[] {64, 32, 32, 204}, new int[] {224, 192, 32, 255}));
    assertThat(faces).hasSize(2);
    // A cell's score is the root of class times object, both the share of green.
    assertThat(faces.get(0).score()).isCloseTo(1, within(1e-5));
    assertThat(faces.get(0).box()).isEqualTo(new Box(224, 192, 256, 224));
    assertThat(faces.get(1).score()).isCloseTo(0.8, within(1e-5));
    assertThat(faces.get(1).box()).isEqualTo(new Box(64, 32, 96, 64));
  }

  @Test
  void largePhotosAreSearchedSmallAndBoxesAreInTheirPixels() throws IOException {
    YuNetDetector detector = YuNetDetector.of(GREEN_SQUARES);
    // The network's face is a cell of 32 pixels: 64 of 640 at the usual size, 128 at half of it.
    Pixels large = squares(512, 640, new int[] {128, 64, 64, 255}, new int[] {384, 256, 128, 255});
    List<Box> boxes = detector.detect(large).stream().map(Detection::box).toList();
    assertThat(boxes).contains(new Box(128, 64, 192, 128), new Box(384, 256, 512, 384));
    // At its own size, a square of 64 pixels is four faces.
    assertThat(boxes).contains(new Box(128, 64, 160, 96), new Box(160, 96, 192, 128));
  }

  @Test
  void aSmallPhotoIsScaledUp() throws IOException {
    // A cell of 32 of 320 pixels is 4 of 40.
    assertThat(YuNetDetector.of(GREEN_SQUARES).detect(squares(40, 40, new int[] {8, 16, 4, 255})))
        .extracting(Detection::box)
        .contains(new Box(8, 16, 12, 20));
  }

  @Test
  void thePrimarySubjectIsChosenAsWithAnyDetector() throws IOException {
    FaceCrop crop = FaceCrop.by(YuNetDetector.of(GREEN_SQUARES)).withLowestWeight(0.02);
    CropDecision decision =
        crop.decide(
            "p", "", squares(320, 256, new int[] {0, 0, 32, 255}, new int[] {96, 96, 32, 230}));
    assertThat(decision.faces()).hasSize(2);
    assertThat(decision.faces().get(decision.chosen()).box()).isEqualTo(new Box(96, 96, 128, 128));
    assertThat(decision.settings().detector().name()).isEqualTo("yunet");
    assertThat(decision.settings().detector().networkSha256())
        .isEqualTo(Digest.ofFile(GREEN_SQUARES).hex());
  }

  @Test
  void threadsFindTheSame() throws IOException {
    YuNetDetector detector = YuNetDetector.of(GREEN_SQUARES);
    Pixels photo = squares(96, 128, new int[] {32, 32, 32, 255});
    List<Detection> alone = detector.detect(photo);
    assertThat(IntStream.range(0, 16).parallel().mapToObj(i -> detector.detect(photo)))
        .allMatch(alone::equals);
  }

  @Test
  void aMissingFileIsNamed(@TempDir Path folder) {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> YuNetDetector.of(folder.resolve("none.onnx")))
        .withMessageContaining("none.onnx");
  }

  @Test
  void aBrokenFileIsNamedWithWhatIsExpected(@TempDir Path folder) throws IOException {
    byte[] whole = Files.readAllBytes(GREEN_SQUARES);
    for (byte[] content :
        List.of(
            new byte[0],
            "text".getBytes(StandardCharsets.UTF_8),
            Arrays.copyOf(whole, whole.length / 2))) {
      Path file = Files.write(folder.resolve("broken.onnx"), content);
      assertThatExceptionOfType(InvalidFileException.class)
          .isThrownBy(() -> YuNetDetector.of(file))
          .withMessageContainingAll("broken.onnx", "FaceDetectorYN");
    }
    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> YuNetDetector.of(folder))
        .withMessageContaining("is not a file");
  }

  private static YuNetDetector real() throws IOException {
    String file = System.getProperty(REAL, System.getenv("FACEMASK_YUNET"));
    assumeTrue(
        file != null,
        "no network of YuNet is given; name one by -D" + REAL + "=FILE or FACEMASK_YUNET");
    return YuNetDetector.of(Path.of(file));
  }

  @Test
  void aRealNetworkFindsAFaceThatFillsThePhotoAndOneOf24Pixels() throws IOException {
    Pixels portrait = TestFiles.photo("photos/portrait.jpg");
    Box face = new Box(145, 90, 245, 235);
    Pixels filling = portrait.crop(face);
    for (int side : new int[] {40, 145, 800}) {
      Pixels scaled = Resampler.resize(filling, side, side * 100 / 145, Interpolation.BILINEAR);
      Box whole = Box.whole(scaled.height(), scaled.width());
      assertThat(real().detect(scaled).get(0).box().overlap(whole))
          .as("%d", side)
          .isGreaterThan(0.5);
    }
    // The portrait with a face 24 pixels high at the right of a photo of 3 megapixels.
    int height = 512 * 24 / 145;
    int width = 384 * 24 / 145;
    Pixels small = Resampler.resize(portrait, height, width, Interpolation.BILINEAR);
    byte[] large = new byte[1500 * 2000 * 3];
    Arrays.fill(large, (byte) 128);
    for (int y = 0; y < height; y++) {
      System.arraycopy(
          small.array(), y * width * 3, large, ((900 + y) * 2000 + 1700) * 3, width * 3);
    }
    Detection found = real().detect(Pixels.wrap(1500, 2000, large)).get(0);
    Box there = face.scaled(24 / 145.0, 24 / 145.0).moved(1700, 900);
    assertThat(found.box().overlap(there)).isGreaterThan(0.5);
    assertThat(found.score()).isGreaterThan(0.6);
  }

  @Test
  void aRealNetworkGivesLandmarksInTheirOrder() throws IOException {
    Pixels portrait = TestFiles.photo("photos/portrait.jpg");
    Detection face = real().detect(portrait).get(0);
    List<FaceDetector.Point> points = face.landmarks();
    assertThat(points).hasSize(5);
    assertThat(points.get(0).x()).isLessThan(points.get(2).x()).isLessThan(points.get(1).x());
    assertThat(points.get(3).x()).isLessThan(points.get(4).x());
    assertThat(points.get(0).y()).isLessThan(points.get(2).y());
    assertThat(points.get(2).y()).isLessThan(points.get(3).y());
    assertThat(Math.abs(face.roll())).isLessThan(15);
  }

  @Test
  void aRealNetworkFindsTheMainFaces() throws IOException {
    FaceCrop crop = FaceCrop.by(real());
    Box main = new Box(145, 90, 245, 235);
    for (String name : List.of("portrait", "portrait_with_background_face")) {
      CropDecision decision = crop.decide("p", "", TestFiles.photo("photos/" + name + ".jpg"));
      assertThat(decision.crop().sharedArea(main)).isGreaterThan(0.95 * main.area());
    }
  }
}
