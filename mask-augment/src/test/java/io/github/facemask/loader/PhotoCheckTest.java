package io.github.facemask.loader;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.Photo;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.TestFiles;
import io.github.facemask.label.FaceClass;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoCheckTest {

  private static PhotoSet photos(Path... files) {
    List<FacePhoto> photos = new ArrayList<>();
    for (Path file : files) {
      photos.add(new FacePhoto(new Photo("p" + photos.size(), file), "p", 20, FaceClass.ofId(0)));
    }
    return PhotoSet.of(photos);
  }

  private static Path file(String name) {
    return TestFiles.path(name);
  }

  @Test
  void photosThatCannotBeDecodedAreLeftOutInOrder(@TempDir Path folder) throws IOException {
    PhotoSet all =
        photos(
            file("files/heic.jpg"),
            file("files/good.jpg"),
            file("files/cut.jpg"),
            folder.resolve("missing.jpg"),
            file("files/half-then-end.jpg"),
            file("images/plain.png"));
    List<Integer> done = new ArrayList<>();

    PhotoSet.Reading reading = PhotoLoader.readable(all, PhotoDecoder.create(), 2, done::add);

    assertThat(reading.photos().photos()).extracting(Photo::id).containsExactly("p1", "p4", "p5");
    assertThat(reading.report().problems())
        .extracting(ReadProblem::kind)
        .containsExactly("p0", "p2", "p3");
    assertThat(reading.report().problems().get(0))
        .hasToString(
            file("files/heic.jpg")
                + ": it is a HEIC photo, expected JPEG, PNG, WebP or BMP; "
                + reading.report().problems().get(0).advice());
    assertThat(reading.report().problems().get(0).advice()).startsWith("convert it");
    assertThat(done).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void theResultIsTheSameForAnyNumberOfThreads() throws IOException {
    Path[] many =
        Stream.iterate(0, i -> i + 1)
            .limit(60)
            .map(i -> file(i % 7 == 3 ? "files/gif.jpg" : "images/plain.png"))
            .toArray(Path[]::new);
    PhotoSet all = photos(many);
    List<Photo> one =
        PhotoLoader.readable(all, PhotoDecoder.create(), 1, d -> {}).photos().photos();
    assertThat(one).hasSize(51);
    assertThat(PhotoLoader.readable(all, PhotoDecoder.create(), 5, d -> {}).photos().photos())
        .isEqualTo(one);
  }

  @Test
  void aSetThatCanBeReadIsTheSameSet() throws IOException {
    PhotoSet all = photos(file("files/good.jpg"));
    PhotoSet.Reading reading = PhotoLoader.readable(all, PhotoDecoder.create(), 1, done -> {});
    assertThat(reading.photos()).isSameAs(all);
    assertThat(reading.report().clean()).isTrue();
  }

  @Test
  void theDecodersLimitCounts() throws IOException {
    PhotoDecoder small = PhotoDecoder.builder().optMaxPixels(100).build();
    assertThat(PhotoLoader.readable(photos(file("files/good.jpg")), small, 1, done -> {}).photos())
        .isEmpty();
  }
}
