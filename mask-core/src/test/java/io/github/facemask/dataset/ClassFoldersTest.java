package io.github.facemask.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.facemask.dataset.PhotoSet.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassFoldersTest {

  @TempDir Path folder;

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
    photo("0/a.jpg");
    photo("18/b.jpg");
    Path problems = folder.resolve("problems/problems.csv");

    ClassFolders.builder(folder).optLenient(true).build().read().report().write(problems);

    assertThat(Files.readAllLines(problems))
        .containsExactly(
            "kind,file,line,what,advice",
            "problem,"
                + folder.resolve("18")
                + ",0,\"is no folder of a class, 0 to 17, and no word of a mask state, gender or age\","
                + "rename or remove it",
            "note,"
                + folder
                + ",0,\"no folder names a person, so each photo counts as a person of its own\","
                + "the split cannot keep the photos of a person together");
  }

  private void photo(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[1]);
  }
}
