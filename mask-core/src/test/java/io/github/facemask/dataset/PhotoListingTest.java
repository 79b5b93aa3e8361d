package io.github.facemask.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.facemask.label.FaceClass;
import io.github.facemask.problem.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhotoListingTest {

  @TempDir Path folder;

  @Test
  void bothSidesComeBackAndEachFileHasItsSha256() throws IOException {
    PhotoSet training = PhotoSet.of(List.of(photo("a, \"quoted\"", 3), photo("b", 17)));
    PhotoSet validation = PhotoSet.of(List.of(photo("\uD55C\uAE00", 0)));
    Path file = folder.resolve(PhotoListing.FILE);

    PhotoListing.of(training, validation).write(file);
    PhotoListing read = PhotoListing.read(file);

    assertThat(read.training().stream()).containsExactlyElementsOf(training.stream().toList());
    assertThat(read.validation().stream()).containsExactlyElementsOf(validation.stream().toList());
    // sha256sum of a file that holds the letter b.
    assertThat(read.digests().get("b").hex())
        .isEqualTo("3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d");
  }

  @Test
  void aCutFileIsNamedWithItsLine() throws IOException {
    Path file = folder.resolve(PhotoListing.FILE);
    PhotoSet photos = PhotoSet.of(List.of(photo("a", 1)));
    PhotoListing.of(photos, PhotoSet.of(List.of(photo("b", 2)))).write(file);
    List<String> lines = Files.readAllLines(file);
    lines.set(2, lines.get(2).replaceFirst("^[a-z]+,", "neither,"));
    Files.write(file, lines);

    assertThatThrownBy(() -> PhotoListing.read(file))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageContaining("photos.csv:3");
  }

  private FacePhoto photo(String id, int faceClass) throws IOException {
    Path file = Files.writeString(folder.resolve(id.substring(0, 1) + ".png"), id.substring(0, 1));
    FaceClass of = FaceClass.ofId(faceClass);
    return new FacePhoto(new Photo(id, file), "person " + id, of.age().firstYear(), of);
  }
}
