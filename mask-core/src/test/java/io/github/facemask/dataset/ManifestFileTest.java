package io.github.facemask.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.facemask.dataset.PhotoSet.Reading;
import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestFileTest {

  @TempDir Path folder;

  @Test
  void readsLabelsAndPathsRelativeToTheTable() throws IOException {
    photo("a.jpg");
    photo("sub/b.png");
    Path table =
        table(
            "path,person,mask,gender,age,comment",
            "a.jpg,anna,worn_wrongly,female,29,\"hello, you\"",
            "sub/b.png,bert,normal,MALE,60,");

    PhotoSet photos = ManifestFile.read(table);

    assertThat(photos.get(0))
        .isEqualTo(
            new FacePhoto(
                new Photo("a.jpg", folder.resolve("a.jpg")), "anna", 29, FaceClass.ofId(9)));
    assertThat(photos.get(1).label()).isEqualTo(FaceLabel.ofId(14));
    assertThat(photos.get(1).photo().file()).isEqualTo(folder.resolve("sub/b.png"));
  }

  @Test
  void aClassAloneLeavesTheYearsUnknown() throws IOException {
    photo("a.jpg");

    PhotoSet photos = ManifestFile.read(table("path,person,class", "a.jpg,anna,16"));

    assertThat(photos.get(0).label()).isEqualTo(FaceLabel.ofId(16));
    assertThat(photos.get(0).ageYears()).isEmpty();
  }

  @Test
  void problemsAreNamedWithTheirLinesAndLeftOutLeniently() throws IOException {
    photo("a.jpg");
    Path table =
        table(
            "path,person,class",
            "a.jpg,anna,16",
            "a.jpg,anna,15",
            "b.jpg,bert,3",
            "c.jpg,carl,18",
            ",dora,1");

    assertThatExceptionOfType(BrokenDataException.class)
        .isThrownBy(() -> ManifestFile.read(table))
        .withMessageContaining(
            "photos.csv:3: the photo 'a.jpg' is 'not worn, female, under 30', but 'not worn, female,"
                + " from 30 to 59' in line 2")
        .withMessageContaining("photos.csv:4: there is no photo")
        .withMessageContaining("photos.csv:5: class is '18', expected 0 to 17")
        .withMessageContaining("photos.csv:6: path is empty");
    Reading lenient = ManifestFile.builder(table).optLenient(true).build().read();
    assertThat(lenient.photos().size()).isZero();
    assertThat(lenient.report().problems()).hasSize(4);
  }

  private Path table(String... lines) throws IOException {
    return Files.writeString(folder.resolve("photos.csv"), String.join("\n", lines) + "\n");
  }

  private void photo(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[1]);
  }
}
