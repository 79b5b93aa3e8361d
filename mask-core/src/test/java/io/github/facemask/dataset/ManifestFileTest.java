package io.github.facemask.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.facemask.dataset.PhotoSet.Reading;
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
            "a.jpg,anna,16",
            "b.jpg,bert,3",
            "c.jpg,carl,18",
            ",dora,1");

    assertThatExceptionOfType(BrokenDataException.class)
        .isThrownBy(() -> ManifestFile.read(table))
        .withMessageContaining("photos.csv:3: path 'a.jpg' occurs twice")
        .withMessageContaining("photos.csv:4: there is no photo")
        .withMessageContaining("photos.csv:5: class is 18, expected 0 to 17")
        .withMessageContaining("photos.csv:6: path or person is empty");
    Reading lenient = ManifestFile.builder(table).optLenient(true).build().read();
    assertThat(lenient.photos().size()).isOne();
    assertThat(lenient.report().problems()).hasSize(4);
  }

  @Test
  void classFoldersKeepAPersonOfSeveralClassesTogether() throws IOException {
    photo("0/anna/1.jpg");
    photo("12/anna/2.jpg");
    photo("12/lone.JPG");
    photo("12/.DS_Store");

    PhotoSet photos = ClassFolders.read(folder);

    assertThat(photos.people()).containsExactly("anna", "12/lone.JPG");
    assertThat(photos.stream().map(p -> p.label().id())).containsExactly(0, 12, 12);
    assertThat(photos.get(0).photo().id()).isEqualTo("0/anna/1.jpg");
  }

  @Test
  void classFoldersRefuseOtherFolders() throws IOException {
    photo("0/a.jpg");
    photo("18/b.jpg");
    photo("0/readme.txt");

    assertThatExceptionOfType(BrokenDataException.class)
        .isThrownBy(() -> ClassFolders.read(folder))
        .withMessageContaining("18: is no folder of a class, 0 to 17")
        .withMessageContaining("readme.txt: is no photo");
    photo("0/.DS_Store");
    Reading lenient = ClassFolders.builder(folder).optLenient(true).build().read();
    assertThat(lenient.photos().photos()).extracting(Photo::id).containsExactly("0/a.jpg");
    assertThat(lenient.report().problems()).hasSize(2);
    assertThat(lenient.report().junk()).isOne();
  }

  @Test
  void aReportIsWrittenAsATable() throws IOException {
    photo("18/b.jpg");
    Path problems = folder.resolve("problems/problems.csv");

    ClassFolders.builder(folder).optLenient(true).build().read().report().write(problems);

    assertThat(Files.readAllLines(problems))
        .containsExactly(
            "kind,file,line,what,advice",
            "problem,"
                + folder.resolve("18")
                + ",0,\"is no folder of a class, 0 to 17\",rename or remove it");
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
