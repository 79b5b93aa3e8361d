package io.github.facemask.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhotoDecoderTest {

  private static final PhotoDecoder DECODER = PhotoDecoder.create();

  @ParameterizedTest
  @ValueSource(
      strings = {"plain.png", "q90.jpg", "q90.jpeg", "upper.JPG", "gray.jpg", "palette.png"})
  void readsWhatPillowReads(String name) {
    JsonNode expected = TestFiles.json("images/images.expected.json").get(name);
    Pixels photo = TestFiles.photo("images/" + name);
    assertThat(photo.height()).isEqualTo(expected.get("shape").get(0).asInt());
    assertThat(photo.width()).isEqualTo(expected.get("shape").get(1).asInt());
    boolean exact = !name.toLowerCase(Locale.ROOT).contains(".j");
    for (int c = 0; c < 3; c++) {
      assertThat(photo.at(20, 10, c))
          .isCloseTo(expected.get("pixel[20,10]").get(c).asInt(), within(exact ? 0 : 2));
      assertThat(mean(photo, c))
          .isCloseTo(expected.get("mean").get(c).asDouble(), within(exact ? 1e-9 : 0.5));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "images/cmyk.jpg",
        "images/exif_orientation6.jpg",
        "images/q90.jpg",
        "images/q90.jpeg",
        "images/gray.jpg",
        "images/upper.JPG",
        "images/photo.webp",
        "pillow/subsampling0.jpg",
        "pillow/subsampling1.jpg",
        "pillow/subsampling2.jpg"
      })
  void everyPixelOfLossyPhotosIsWithinTwoLevelsOfPillow(String name) {
    Pixels reference = TestFiles.photo("pillow/" + Path.of(name).getFileName() + ".png");
    assertThat(TestFiles.largestDifference(TestFiles.photo(name), reference)).isLessThan(3);
  }

  @Test
  void everyModeOfLosslessPhotosIsExactlyPillows() {
    JsonNode modes = TestFiles.json("pillow/modes.json");
    assertThat(modes.size()).isEqualTo(13);
    modes
        .properties()
        .forEach(
            mode -> {
              Pixels photo = TestFiles.photo("pillow/" + mode.getKey());
              CRC32 crc = new CRC32();
              crc.update(photo.array());
              assertThat(crc.getValue())
                  .as(mode.getKey())
                  .isEqualTo(mode.getValue().get("crc").asLong());
            });
  }

  @Test
  void alphaIsDroppedNotBlended() {
    assertThat(TestFiles.photo("images/alpha.png")).isEqualTo(TestFiles.photo("images/plain.png"));
  }

  @Test
  void theOrientationIsApplied() {
    Pixels turned = TestFiles.photo("images/exif_orientation6.jpg");
    assertThat(turned.height()).isEqualTo(48);
    assertThat(turned.width()).isEqualTo(64);
    // Stored red grows to the right; turned clockwise it grows downwards.
    assertThat(turned.at(44, 5, 0)).isGreaterThan(turned.at(4, 5, 0) + 150);
  }

  @Test
  void sixteenBitsKeepTheirUpperEight() {
    Pixels gray = TestFiles.photo("images/gray16.png");
    for (int y = 0; y < gray.height(); y++) {
      for (int c = 0; c < 3; c++) {
        assertThat(gray.at(y, 1, c)).isEqualTo((y * 1000) >> 8);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"truncated.jpg", "empty.jpg", "text.jpg", "huge_header.png"})
  void whatIsNoPhotoIsNamed(String name) {
    assertThatExceptionOfType(UnreadablePhotoException.class)
        .isThrownBy(() -> DECODER.decode(TestFiles.path("images/" + name)))
        .withMessageContaining(name)
        .satisfies(e -> assertThat(e.photo()).endsWith(name))
        .satisfies(e -> assertThat(e.reason()).isNotEmpty());
  }

  @Test
  void aHugeHeaderIsRefusedByItsSize() {
    assertThatExceptionOfType(UnreadablePhotoException.class)
        .isThrownBy(() -> DECODER.decode(TestFiles.path("images/huge_header.png")))
        .withMessageContaining("200000 x 200000 pixels, expected at most 50000000");
  }

  @Test
  void theLimitOfPixelsIsTheCallers() throws IOException {
    Path photo = TestFiles.path("images/plain.png"); // 64 x 48
    assertThat(PhotoDecoder.builder().optMaxPixels(64 * 48).build().decode(photo).height())
        .isEqualTo(64);
    assertThatExceptionOfType(UnreadablePhotoException.class)
        .isThrownBy(() -> PhotoDecoder.builder().optMaxPixels(64 * 48 - 1).build().decode(photo));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "images/q90.jpg",
        "images/q90.jpeg",
        "images/photo.bmp",
        "images/photo.webp",
        "pillow/lossless.webp"
      })
  void aFileCutAnywhereIsRefused(String name) throws IOException {
    byte[] whole = Files.readAllBytes(TestFiles.path(name));
    for (int length = 0; length < whole.length - 2; length += 7) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatExceptionOfType(UnreadablePhotoException.class)
          .as("%s cut to %s of %s bytes", name, length, whole.length)
          .isThrownBy(() -> DECODER.decode(cut, "cut"));
    }
  }

  /** Pillow reads a PNG as long as its data has all pixels, with or without checksums and end. */
  @ParameterizedTest
  @CsvSource({"images/plain.png, 20", "images/palette.png, 20", "pillow/source.png, 20"})
  void aPngWithoutItsEndIsReadIfItHasAllPixels(String name, int endOfPixels) throws IOException {
    byte[] whole = Files.readAllBytes(TestFiles.path(name));
    Pixels expected = DECODER.decode(whole, name);
    int last = whole.length - endOfPixels; // 12 of the end, 4 and 4 of checksums
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      if (length >= last) {
        assertThat(DECODER.decode(cut, name)).as("%s bytes", length).isEqualTo(expected);
      } else if (length < last - 4) {
        assertThatExceptionOfType(UnreadablePhotoException.class)
            .as("%s cut to %s of %s bytes", name, length, whole.length)
            .isThrownBy(() -> DECODER.decode(cut, "cut"));
      }
    }
  }

  @Test
  void aPngForIphoneAppsIsNamed() throws IOException {
    byte[] png = Files.readAllBytes(TestFiles.path("images/plain.png"));
    byte[] apple = new byte[png.length + 16];
    System.arraycopy(png, 0, apple, 0, 8);
    System.arraycopy(
        new byte[] {0, 0, 0, 4, 'C', 'g', 'B', 'I', 0x50, 0, 0x20, 2}, 0, apple, 8, 12);
    System.arraycopy(png, 8, apple, 24, png.length - 8);
    assertThatExceptionOfType(UnreadablePhotoException.class)
        .isThrownBy(() -> DECODER.decode(apple, "icon.png"))
        .withMessageContaining("it is a PNG for iPhone apps (CgBI)")
        .withMessageContaining("pngcrush");
  }

  /** Pillow's exif_transpose gives the same upright picture for all eight. */
  @ParameterizedTest
  @ValueSource(strings = {"jpg", "png", "webp"})
  void everyOrientationIsTurnedUpright(String format) {
    Pixels stored = TestFiles.photo("orientation/o1." + format);
    for (int orientation = 2; orientation <= 8; orientation++) {
      Pixels turned = TestFiles.photo("orientation/o" + orientation + "." + format);
      assertThat(turned)
          .as("orientation %s", orientation)
          .isEqualTo(Orientation.upright(stored, orientation));
    }
    // Two of them as EXIF defines them: 6 is turned clockwise, 8 the other way.
    assertThat(TestFiles.photo("orientation/o6." + format).at(0, 23, 0))
        .isEqualTo(stored.at(0, 0, 0));
    assertThat(TestFiles.photo("orientation/o8." + format).at(39, 0, 0))
        .isEqualTo(stored.at(0, 0, 0));
  }

  @Test
  void aJpegOf108MegapixelsIsDecodedAtHalfItsSides() throws IOException {
    byte[] phone = TestJpegs.flat(9000, 12000);
    Pixels photo = DECODER.decode(phone, "phone");
    assertThat(photo.height()).isEqualTo(4500);
    assertThat(photo.width()).isEqualTo(6000);
    assertThat(photo.at(4499, 5999, 1)).isEqualTo(128);
  }

  @ParameterizedTest
  @CsvSource({"10000, 100, 100", "9999, 50, 50", "2500, 50, 50", "2499, 25, 25", "169, 13, 13"})
  void aJpegIsReducedUntilItFits(long most, int height, int width) throws IOException {
    PhotoDecoder decoder = PhotoDecoder.builder().optMaxDecodedPixels(most).build();
    Pixels photo = decoder.decode(TestJpegs.flat(100, 100), "square");
    assertThat(photo.height()).isEqualTo(height);
    assertThat(photo.width()).isEqualTo(width);
  }

  @Test
  void whatNoReducedSizeMakesFitIsRefused() {
    PhotoDecoder decoder = PhotoDecoder.builder().optMaxDecodedPixels(168).build();
    assertThatExceptionOfType(UnreadablePhotoException.class)
        .isThrownBy(() -> decoder.decode(TestJpegs.flat(100, 100), "square"))
        .withMessageContaining("its header says 100 x 100 pixels")
        .satisfies(e -> assertThat(e.tooLarge()).isTrue());
  }

  @Test
  void aJpegOverTheLimitIsRefusedByItsHeader() {
    assertThatExceptionOfType(UnreadablePhotoException.class)
        .isThrownBy(() -> DECODER.decode(TestJpegs.flat(16000, 16000), "huge"))
        .withMessageContaining("16000 x 16000 pixels, expected at most 200000000 pixels")
        .withMessageContaining("a higher limit of pixels reads it");
  }

  @Test
  void linesThatThePngLibraryWouldPrintAreNotCaused() throws IOException {
    byte[] png = Files.readAllBytes(TestFiles.path("orientation/o8.png"));
    byte[] text = {0, 0, 0, 1, 't', 'E', 'X', 't', 'x', 0, 0, 0, 0}; // with a wrong checksum
    byte[] longer = new byte[png.length + text.length];
    System.arraycopy(png, 0, longer, 0, 33);
    System.arraycopy(text, 0, longer, 33, text.length);
    System.arraycopy(png, 33, longer, 33 + text.length, png.length - 33);
    assertThat(DECODER.decode(longer, "text")).isEqualTo(DECODER.decode(png, "plain"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"images/q90.jpg", "images/plain.png", "images/photo.bmp", "images/photo.webp"})
  void damagedBytesGiveAPhotoOrTheTypedError(String name) throws IOException {
    byte[] whole = Files.readAllBytes(TestFiles.path(name));
    Random random = new Random(11);
    for (int i = 0; i < 300; i++) {
      byte[] damaged = whole.clone();
      for (int k = 0; k < 3; k++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        assertThat(DECODER.decode(damaged, "damaged").array()).isNotEmpty();
      } catch (UnreadablePhotoException e) {
        assertThat(e).hasMessageContaining("damaged");
      }
    }
  }

  @Test
  void bytesBehindTheEndOfAJpegDoNotMatter() throws IOException {
    byte[] whole = Files.readAllBytes(TestFiles.path("images/q90.jpg"));
    byte[] longer = Arrays.copyOf(whole, whole.length + 100);
    assertThat(DECODER.decode(longer, "longer")).isEqualTo(DECODER.decode(whole, "whole"));
  }

  @Test
  void theNameDoesNotDecideTheFormat(@TempDir Path folder) throws IOException {
    Path misnamed = Files.copy(TestFiles.path("images/plain.png"), folder.resolve("photo.JPG"));
    assertThat(DECODER.decode(misnamed)).isEqualTo(TestFiles.photo("images/plain.png"));
  }

  @Test
  void aMissingFileIsNoUnreadablePhoto(@TempDir Path folder) {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> DECODER.decode(folder.resolve("none.jpg")));
  }

  @Test
  void theReducedScaleHalvesTheSides() throws IOException {
    Pixels half =
        PhotoDecoder.builder().optReducedScale(2).build().decode(TestFiles.path("images/q90.jpg"));
    assertThat(half.height()).isEqualTo(32);
    assertThat(half.width()).isEqualTo(24);
    assertThat(half.at(10, 20, 0)).isCloseTo(202, within(12));
  }

  @Test
  void anotherFormatIsRefused() {
    byte[] gif = "GIF89a and so on".getBytes(StandardCharsets.US_ASCII);
    assertThatExceptionOfType(UnreadablePhotoException.class)
        .isThrownBy(() -> DECODER.decode(gif, "x.gif"))
        .withMessageContaining("expected JPEG, PNG, WebP or BMP");
  }

  @Test
  void choicesAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhotoDecoder.builder().optReducedScale(3).build())
        .withMessageContaining("reduced scale is 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhotoDecoder.builder().optMaxPixels(0).build())
        .withMessageContaining("max pixels is 0");
  }

  private static double mean(Pixels photo, int channel) {
    double sum = 0;
    for (int y = 0; y < photo.height(); y++) {
      for (int x = 0; x < photo.width(); x++) {
        sum += photo.at(y, x, channel);
      }
    }
    return sum / (photo.height() * photo.width());
  }

  @Test
  void aFileLongerThanAnyPhotoIsNotRead(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("long.jpg");
    try (RandomAccessFile hollow = new RandomAccessFile(file.toFile(), "rw")) {
      hollow.setLength(3L << 30);
    }
    assertThatExceptionOfType(UnreadablePhotoException.class)
        .isThrownBy(() -> PhotoDecoder.create().decode(file))
        .withMessage(
            "cannot read photo '%s': it has 3221225472 bytes, expected at most 416777216", file);
  }
}
