package io.github.facemask.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ResamplerTest {

  @ParameterizedTest
  @CsvSource({
    "BILINEAR,24,32",
    "BILINEAR,31,40",
    "BILINEAR,96,128",
    "BICUBIC,24,32",
    "BICUBIC,31,40",
    "BICUBIC,96,128"
  })
  void resizesAsPillow(Interpolation interpolation, int width, int height) {
    JsonNode expected =
        TestFiles.json("images/images.expected.json")
            .get(
                String.format(
                    Locale.ROOT,
                    "resize/%s/%dx%d",
                    interpolation.name().toLowerCase(Locale.ROOT),
                    width,
                    height));
    Pixels resized =
        Resampler.resize(TestFiles.photo("images/plain.png"), height, width, interpolation);
    JsonNode row = expected.get("row 7");
    for (int i = 0; i < width * 3; i++) {
      assertThat(resized.at(7, i / 3, i % 3)).isCloseTo(row.get(i).asInt(), within(1));
    }
  }

  @Test
  void resizesBoxesOfPhotosAndOfNoiseAsPillow() {
    JsonNode cases = TestFiles.json("pillow/resize.json");
    assertThat(cases.size()).isEqualTo(24);
    for (JsonNode one : cases) {
      JsonNode box = one.get("box");
      Pixels resized =
          Resampler.resize(
              TestFiles.photo("pillow/" + one.get("source").asText()),
              new Box(
                  box.get(0).asDouble(),
                  box.get(1).asDouble(),
                  box.get(2).asDouble(),
                  box.get(3).asDouble()),
              one.get("height").asInt(),
              one.get("width").asInt(),
              Interpolation.valueOf(one.get("interpolation").asText()));
      Pixels expected = TestFiles.photo("pillow/" + one.get("expected").asText());
      assertThat(TestFiles.largestDifference(resized, expected)).as(one.toString()).isLessThan(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theSameSizeIsTheSamePhoto(Interpolation interpolation) {
    Pixels photo = TestFiles.photo("pillow/noise.png");
    assertThat(Resampler.resize(photo, photo.height(), photo.width(), interpolation))
        .isEqualTo(photo);
  }

  @ParameterizedTest
  @EnumSource
  void aPartIsThatPartOfTheResizedWhole(Interpolation interpolation) {
    Pixels photo = TestFiles.photo("pillow/source.png").crop(0, 0, 128, 96);
    Pixels whole = Resampler.resize(photo, 64, 48, interpolation);
    Pixels part = Resampler.resize(photo, new Box(20, 40, 60, 100), 30, 20, interpolation);
    assertThat(part).isEqualTo(whole.crop(20, 10, 30, 20));
  }

  @Property(tries = 60)
  void aPlainPhotoStaysPlain(
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 1, max = 40) int width,
      @ForAll @IntRange(max = 255) int red,
      @ForAll Interpolation interpolation) {
    Pixels photo = TestFiles.plain(17, 23, red, 255 - red, 255);
    assertThat(Resampler.resize(photo, height, width, interpolation))
        .isEqualTo(TestFiles.plain(height, width, red, 255 - red, 255));
  }

  @Test
  void anEdgeDoesNotOverflowWithBicubic() {
    byte[] stripes = new byte[20 * 20 * 3];
    for (int i = 0; i < stripes.length; i++) {
      stripes[i] = (byte) ((i / 3 % 20 / 5) % 2 == 0 ? 0 : 255);
    }
    Pixels large = Resampler.resize(Pixels.wrap(20, 20, stripes), 60, 60, Interpolation.BICUBIC);
    for (int x = 0; x < 60; x++) {
      assertThat(large.at(30, x, 1)).isEqualTo(large.at(30, x, 0)).isEqualTo(large.at(2, x, 2));
    }
    assertThat(large.at(30, 7, 0)).isZero();
    assertThat(large.at(30, 22, 0)).isEqualTo(255);
  }

  @Test
  void aBoxOutsideThePhotoIsRefused() {
    Pixels photo = TestFiles.ramp(10, 10);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Resampler.resize(photo, new Box(0, 0, 11, 10), 5, 5, Interpolation.BILINEAR))
        .withMessageContaining("does not lie within");
  }
}
