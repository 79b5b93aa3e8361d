package io.github.facemask.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedJpegTest {

  private static final PhotoDecoder DECODER = PhotoDecoder.create();
  private static final List<String> WHOLE =
      List.of(
          "images/q90.jpg",
          "images/gray.jpg",
          "images/cmyk.jpg",
          "pillow/subsampling0.jpg",
          "pillow/subsampling1.jpg",
          "pillow/subsampling2.jpg",
          "files/good.jpg",
          "files/progressive.jpg",
          "files/restarts.jpg",
          "files/gray_progressive.jpg",
          "photos/portrait.jpg");

  @ParameterizedTest
  @ValueSource(strings = {"half-then-end.jpg", "zeros-in-the-middle.jpg"})
  void lostDataIsToldAndThePhotoDecoded(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(TestFiles.path("files/" + name));
    assertThat(DECODER.damage(bytes).orElseThrow())
        .contains("ends too early")
        .contains("of 256 on");
    Pixels photo = DECODER.decode(bytes, name);
    assertThat(photo.height()).isEqualTo(256);
    if (name.startsWith("half")) { // what is missing is grey, the rest is not
      assertThat(photo.at(255, 100, 0)).isEqualTo(photo.at(255, 10, 0)).isBetween(120, 136);
    }
    assertThat(photo.at(100, 100, 0)).isNotEqualTo(photo.at(100, 10, 0));
  }

  @Test
  void theRowsBeforeTheDamageAreThoseOfTheWholePhoto() throws IOException {
    byte[] whole = Files.readAllBytes(TestFiles.path("files/good.jpg"));
    byte[] half = Arrays.copyOf(whole, whole.length * 2 / 3);
    half[half.length - 2] = (byte) 0xff;
    half[half.length - 1] = (byte) 0xd9;
    assertThat(DECODER.damage(half)).isPresent();
    Pixels top = DECODER.decode(half, "half").crop(0, 0, 64, 192);
    Pixels expected = DECODER.decode(whole, "whole").crop(0, 0, 64, 192);
    assertThat(TestFiles.largestDifference(top, expected)).isLessThan(3);
  }

  @Test
  void wholePhotosHaveNoDamage() throws IOException {
    for (String name : WHOLE) {
      assertThat(DECODER.damage(Files.readAllBytes(TestFiles.path(name)))).as(name).isEmpty();
    }
    assertThat(DECODER.damage(Files.readAllBytes(TestFiles.path("images/plain.png")))).isEmpty();
    assertThat(DECODER.damage(new byte[] {1, 2})).isEmpty();
    assertThat(DECODER.damage(TestJpegs.flat(100, 70))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"images/exif_orientation6.jpg, 48, 64", "orientation/o8.jpg, 40, 24"})
  void aDamagedPhotoIsUprightToo(String name, int height, int width) throws IOException {
    byte[] bytes = Files.readAllBytes(TestFiles.path(name));
    byte[] damaged = withoutItsLastData(bytes);
    assertThat(DECODER.damage(damaged)).isPresent();
    Pixels photo = DECODER.decode(damaged, name);
    assertThat(photo.height()).isEqualTo(height);
    assertThat(photo.width()).isEqualTo(width);
    Pixels whole = DECODER.decode(bytes, name);
    // The first stored row is there: the top of a photo, its right or its left side.
    int x = name.contains("6") ? width - 1 : 0;
    for (int c = 0; c < 3; c++) {
      assertThat(photo.at(height / 2, x, c)).isEqualTo(whole.at(height / 2, x, c));
    }
  }

  private static byte[] withoutItsLastData(byte[] jpeg) {
    int missing = 40;
    byte[] cut = Arrays.copyOf(jpeg, jpeg.length - missing);
    cut[cut.length - 2] = (byte) 0xff;
    cut[cut.length - 1] = (byte) 0xd9;
    return cut;
  }

  @Test
  void superfluousBytesBehindTheDataDoNotMatter() throws IOException {
    byte[] whole = Files.readAllBytes(TestFiles.path("files/good.jpg"));
    byte[] longer = Arrays.copyOf(whole, whole.length + 3);
    Arrays.fill(longer, whole.length - 2, whole.length + 1, (byte) 0);
    longer[longer.length - 2] = (byte) 0xff;
    longer[longer.length - 1] = (byte) 0xd9;
    assertThat(DECODER.damage(longer)).isEmpty();
    assertThat(DECODER.decode(longer, "longer")).isEqualTo(DECODER.decode(whole, "whole"));
  }

  @Test
  void manySuperfluousBytesAreDamage() throws IOException {
    byte[] whole = Files.readAllBytes(TestFiles.path("files/good.jpg"));
    byte[] longer = Arrays.copyOf(whole, whole.length + 50);
    Arrays.fill(longer, whole.length - 2, longer.length - 2, (byte) 0);
    longer[longer.length - 2] = (byte) 0xff;
    longer[longer.length - 1] = (byte) 0xd9;
    assertThat(DECODER.damage(longer))
        .contains("it has 50 bytes of image data that belong nowhere");
  }

  @Test
  void aDamagedPhotoIsReducedLikeAWholeOne() throws IOException {
    PhotoDecoder half = PhotoDecoder.builder().optReducedScale(2).build();
    Pixels photo = half.decode(TestFiles.path("files/half-then-end.jpg"));
    assertThat(photo.height()).isEqualTo(128);
    assertThat(photo.width()).isEqualTo(96);
  }

  /**
   * The native decoder writes to the process's standard error, which a test can only see of another
   * process.
   */
  @Test
  void nothingIsPrintedForDamagedPhotos(@TempDir Path folder) throws Exception {
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Damager.class.getName())
            .redirectError(err.toFile())
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    assertThat(Files.readString(err)).isEmpty();
    String[] counts = Files.readString(folder.resolve("out")).strip().split(" ", -1);
    assertThat(Integer.parseInt(counts[0])).as("decoded").isGreaterThan(200);
    assertThat(Integer.parseInt(counts[1])).as("damaged").isGreaterThan(100);
  }

  /** Decodes 550 damaged JPEGs, and as many PNGs as there are. */
  static final class Damager {

    private Damager() {}

    public static void main(String[] args) throws IOException {
      Random random = new Random(20);
      int decoded = 0;
      int damaged = 0;
      for (String name : WHOLE) {
        byte[] whole = Files.readAllBytes(TestFiles.path(name));
        for (int i = 0; i < 50; i++) {
          byte[] bytes = damage(whole, i, random);
          damaged += DECODER.damage(bytes).isPresent() ? 1 : 0;
          decoded += decodes(bytes) ? 1 : 0;
        }
      }
      for (String name : List.of("images/plain.png", "orientation/o8.png")) {
        byte[] whole = Files.readAllBytes(TestFiles.path(name));
        for (int i = 0; i < whole.length; i++) {
          byte[] bytes = whole.clone();
          bytes[i] ^= 0x10;
          decoded += decodes(bytes) ? 1 : 0;
        }
      }
      System.out.println(decoded + " " + damaged);
    }

    private static boolean decodes(byte[] bytes) {
      try {
        return DECODER.decode(bytes, "damaged").height() > 0;
      } catch (UnreadablePhotoException e) {
        return false;
      }
    }

    /** Zeroes, changes or takes out a run of bytes, flips a bit, or cuts. */
    private static byte[] damage(byte[] whole, int how, Random random) {
      byte[] bytes = whole.clone();
      int from = random.nextInt(bytes.length - 2);
      int to = Math.min(bytes.length, from + 1 + random.nextInt(1 << random.nextInt(11)));
      switch (how % 5) {
        case 0 -> Arrays.fill(bytes, from, to, (byte) 0);
        case 1 -> {
          for (int k = from; k < to; k++) {
            bytes[k] = (byte) random.nextInt();
          }
        }
        case 2 -> bytes[from] ^= (byte) (1 << random.nextInt(8));
        case 3 -> {
          System.arraycopy(whole, to, bytes, from, whole.length - to);
          bytes = Arrays.copyOf(bytes, whole.length - (to - from));
        }
        default -> {
          bytes = Arrays.copyOf(bytes, from + 2);
          bytes[from] = (byte) 0xff;
          bytes[from + 1] = (byte) 0xd9;
        }
      }
      return bytes;
    }
  }
}
