package io.github.facemask.lab.inspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.image.TestFiles;
import io.github.facemask.internal.encoding.PhotoEncoder;
import io.github.facemask.lab.report.HtmlReport;
import io.github.facemask.lab.synthetic.SyntheticFaces;
import io.github.facemask.label.FaceClass;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoInspectionTest {

  @TempDir static Path folder;

  private static PhotoSet drawn;

  @BeforeAll
  static void draw() throws IOException {
    Path root = folder.resolve("photos");
    SyntheticFaces.builder(root).optPeople(36).optEvaluationPhotos(0).optSeed(4).build().write();
    drawn = PstageFolder.read(root);
  }

  private static FacePhoto add(String person, String name, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(person + "-" + name), bytes);
    return new FacePhoto(new Photo(person + "/" + name, file), person, 20, FaceClass.ofId(0));
  }

  private static PhotoInspection inspect(List<FacePhoto> photos) throws IOException {
    return PhotoInspection.builder(PhotoSet.of(photos)).run();
  }

  @Test
  void channelsHaveTheMeanAndTheDeviationNotTheRootMeanSquare() {
    byte[] values = {10, 20, 30, (byte) 250, 20, 90};
    ChannelStatistics two = ChannelStatistics.of(Pixels.wrap(1, 2, values));

    assertThat(two.mean().asList()).containsExactly(130 / 255.0, 20 / 255.0, 60 / 255.0);
    assertThat(two.deviation().get(0)).isCloseTo(120 / 255.0, within(1e-12));
    assertThat(two.deviation().get(1)).isCloseTo(0, within(1e-12));
    assertThat(two.deviation().get(2)).isCloseTo(30 / 255.0, within(1e-12));
    assertThat(ChannelStatistics.none().plus(two)).isEqualTo(two);
  }

  @Test
  void channelsCountEachPixelOnceHoweverThePhotosAreSized() throws IOException {
    FacePhoto large = add("a", "1.png", PhotoEncoder.png(TestFiles.plain(30, 10, 200, 0, 9)));
    FacePhoto small = add("b", "2.png", PhotoEncoder.png(TestFiles.plain(10, 10, 0, 0, 9)));

    ChannelStatistics channels = inspect(List.of(large, small)).channels();

    assertThat(channels.pixels()).isEqualTo(400);
    assertThat(channels.mean().get(0)).isCloseTo(150 / 255.0, within(1e-12));
    assertThat(channels.deviation().get(0)).isCloseTo(100 * Math.sqrt(0.75) / 255, within(1e-12));
  }

  @Test
  void drawnPeopleHaveNeitherTwinsNorUnreadablePhotos() throws IOException {
    PhotoInspection inspection = PhotoInspection.builder(drawn).run();

    assertThat(inspection.readable()).isEqualTo(252);
    assertThat(inspection.unreadable()).isEmpty();
    assertThat(inspection.nearDuplicates()).isEmpty();
    assertThat(inspection.sizes().values().stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(252);
  }

  @Test
  void aPhotoOfSomebodyElseIsFoundThoughSmallerAndEncodedAgain() throws IOException {
    FacePhoto original = drawn.get(15);
    Pixels pixels = PhotoDecoder.create().decode(original.photo().file());
    Pixels small =
        Resampler.resize(
            pixels, pixels.height() * 3 / 4, pixels.width() * 3 / 4, Interpolation.BILINEAR);
    List<FacePhoto> photos = new ArrayList<>(drawn.stream().toList());
    photos.add(add("stranger", "copy.jpg", PhotoEncoder.jpeg(small, 60)));

    PhotoInspection inspection = inspect(photos);

    assertThat(inspection.nearDuplicates()).isNotEmpty();
    NearDuplicate first = inspection.nearDuplicates().get(0);
    assertThat(first.first()).isEqualTo(original);
    assertThat(first.second().person()).isEqualTo("stranger");
    assertThat(inspection.nearDuplicates())
        .allSatisfy(d -> assertThat(d.second().person()).isEqualTo("stranger"));
  }

  @Test
  void similarPhotosOfOnePersonAreNoTwins() throws IOException {
    Pixels pixels = PhotoDecoder.create().decode(drawn.get(0).photo().file());
    byte[] one = PhotoEncoder.jpeg(pixels, 95);
    byte[] other = PhotoEncoder.jpeg(pixels, 60);

    assertThat(inspect(List.of(add("one", "a.jpg", one), add("one", "b.jpg", other))))
        .satisfies(i -> assertThat(i.nearDuplicates()).isEmpty());
    assertThat(inspect(List.of(add("one", "a.jpg", one), add("two", "b.jpg", other))))
        .satisfies(i -> assertThat(i.nearDuplicates()).hasSize(1));
  }

  @Test
  void photosOfEqualPixelsAreCopiesWhateverTheirFormat() throws IOException {
    Pixels pixels = PhotoDecoder.create().decode(drawn.get(0).photo().file());
    byte[] jpeg = PhotoEncoder.jpeg(pixels, 90);
    byte[] png = PhotoEncoder.png(PhotoDecoder.create().decode(jpeg, "jpeg"));
    byte[] text = "no photo".getBytes(StandardCharsets.UTF_8);

    PhotoInspection inspection =
        inspect(
            List.of(
                add("one", "a.jpg", jpeg),
                add("two", "b.png", png),
                add("two", "c.jpg", text),
                add("three", "d.jpg", text),
                add("three", "e.jpg", new byte[0]),
                add("four", "f.jpg", new byte[0])));

    assertThat(inspection.copies().groups())
        .extracting(group -> group.stream().map(photo -> photo.photo().id()).toList())
        .containsExactly(List.of("one/a.jpg", "two/b.png"), List.of("two/c.jpg", "three/d.jpg"));
    assertThat(inspection.nearDuplicates()).isEmpty();
  }

  @Test
  void oddPhotosAreFlagged() throws IOException {
    List<FacePhoto> photos = new ArrayList<>(drawn.stream().toList());
    Pixels face = PhotoDecoder.create().decode(drawn.get(3).photo().file());
    photos.add(add("x", "dark.png", PhotoEncoder.png(TestFiles.plain(512, 384, 9, 9, 9))));
    photos.add(add("x", "white.png", PhotoEncoder.png(TestFiles.plain(512, 384, 250, 250, 250))));
    photos.add(add("x", "tiny.png", PhotoEncoder.png(TestFiles.ramp(40, 50))));
    Pixels tiny = Resampler.resize(face, 12, 9, Interpolation.BILINEAR);
    Pixels smeared = Resampler.resize(tiny, face.height(), face.width(), Interpolation.BICUBIC);
    photos.add(add("x", "smeared.png", PhotoEncoder.png(smeared)));

    Map<String, SuspiciousPhoto> odd = new HashMap<>();
    inspect(photos).suspicious().forEach(s -> odd.put(s.photo().photo().id(), s));

    assertThat(odd.get("x/dark.png").oddities()).contains(Oddity.DARK, Oddity.FLAT);
    assertThat(odd.get("x/white.png").oddities()).contains(Oddity.BRIGHT, Oddity.FLAT);
    assertThat(odd.get("x/tiny.png").oddities()).contains(Oddity.SMALL);
    assertThat(odd.get("x/smeared.png").oddities()).containsExactly(Oddity.BLURRED);
    assertThat(odd.size()).isLessThan(20);
  }

  @Test
  void unreadablePhotosAreNamedAndTheRestIsSeen() throws IOException {
    byte[] whole = Files.readAllBytes(drawn.get(0).photo().file());
    FacePhoto cut = add("c", "cut.jpg", Arrays.copyOf(whole, whole.length / 2));
    FacePhoto text = add("c", "text.jpg", "no photo".getBytes(StandardCharsets.UTF_8));

    PhotoInspection inspection = inspect(List.of(cut, add("c", "whole.jpg", whole), text));

    assertThat(inspection.readable()).isOne();
    assertThat(inspection.unreadable())
        .extracting(u -> u.photo().photo().id())
        .containsExactly("c/cut.jpg", "c/text.jpg");
    assertThat(inspection.unreadable().get(1).reason()).contains("expected JPEG, PNG");
  }

  @Test
  void theResultIsTheSameForAnyNumberOfThreads() throws IOException {
    Map<String, Object> one = PhotoInspection.builder(drawn).optThreads(1).run().toJson();

    assertThat(PhotoInspection.builder(drawn).optThreads(4).run().toJson()).isEqualTo(one);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhotoInspection.builder(drawn).optThreads(0).run())
        .withMessage("threads is 0, expected 1 or more");
  }

  @Test
  void thePageShowsEveryPart() throws IOException {
    Pixels pixels = PhotoDecoder.create().decode(drawn.get(0).photo().file());
    PhotoInspection inspection =
        inspect(
            List.of(
                add("one", "a.jpg", PhotoEncoder.jpeg(pixels, 95)),
                add("two", "b.jpg", PhotoEncoder.jpeg(pixels, 60))));

    String html =
        HtmlReport.builder("Photos").addAll(InspectionSections.of(inspection, 5)).build().html();

    assertThat(html)
        .contains("Photo sizes: 1", "standard deviation", "Sharpness", "Unreadable photos: 0")
        .contains("Similar photos of two people: 1 pair", "pair 1, 0 bits differ");
  }

  @Test
  void noPhotosAreNoProblem() throws IOException {
    PhotoInspection inspection = inspect(List.of());

    assertThat(inspection.readable()).isZero();
    assertThat(inspection.channels().deviation().asList()).containsExactly(0.0, 0.0, 0.0);
    assertThat(InspectionSections.of(inspection, 5)).hasSize(9);
  }

  @Test
  void photosThatLostDataAreNamed() throws IOException {
    byte[] whole = Files.readAllBytes(drawn.get(0).photo().file());
    byte[] half = Arrays.copyOf(whole, whole.length / 2);
    half[half.length - 2] = (byte) 0xff;
    half[half.length - 1] = (byte) 0xd9;
    FacePhoto damaged = add("half", "grey.jpg", half);

    PhotoInspection inspection = inspect(List.of(damaged, drawn.get(1)));

    assertThat(inspection.readable()).isEqualTo(2);
    assertThat(inspection.damaged()).extracting(DamagedPhoto::photo).containsExactly(damaged);
    assertThat(inspection.damaged().get(0).reason()).startsWith("its image data ends too early");
    HtmlReport page =
        HtmlReport.builder("photos").addAll(InspectionSections.of(inspection, 9)).build();
    Path file = folder.resolve("damaged.html");
    page.write(file);
    assertThat(Files.readString(file))
        .contains("Photos with damaged data, in parts grey or wrong: 1")
        .contains("half/grey.jpg");
  }
}
