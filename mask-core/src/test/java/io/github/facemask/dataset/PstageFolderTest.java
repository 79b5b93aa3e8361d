package io.github.facemask.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.facemask.dataset.PhotoSet.Reading;
import io.github.facemask.dataset.PstageFolder.PersonKey;
import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PstageFolderTest {

  private static final List<String> SEVEN =
      List.of("mask1", "mask2", "mask3", "mask4", "mask5", "incorrect_mask", "normal");

  @TempDir Path root;

  @Test
  void readsSuffixedAndDoubledIdsMixedAndUpperCaseExtensionsAndSkipsJunk() throws IOException {
    table("000001,female,Asian,45,a", "000001-1,male,Asian,60,b", "000001,male,Asian,29,c");
    person("a", "jpg");
    person("b", "JPG");
    person("c", "png");
    Files.move(file("c/mask3.png"), file("c/mask3.JPEG"));
    Files.write(file("a/._mask1.jpg"), new byte[3]);
    Files.createDirectories(file(".ipynb_checkpoints"));
    Files.createDirectories(file("a/.ipynb_checkpoints"));

    Reading reading = PstageFolder.builder(root).build().read();

    assertThat(reading.report().clean()).isTrue();
    assertThat(reading.report().junk()).isEqualTo(3);
    assertThat(reading.report().notes())
        .singleElement()
        .hasToString(
            root.resolve("train/train.csv")
                + ":4: id '000001' occurs in line 2 too; taken as another person by its path");
    assertThat(reading.photos().people()).containsExactly("a", "b", "c");
    assertThat(reading.photos().size()).isEqualTo(21);
    assertThat(reading.photos().get(0))
        .isEqualTo(
            new FacePhoto(new Photo("a/mask1", file("a/mask1.jpg")), "a", 45, FaceClass.ofId(4)));
    assertThat(reading.photos().get(12).label()).isEqualTo(FaceLabel.ofId(6 + 2));
    assertThat(reading.photos().get(16).photo().file()).isEqualTo(file("c/mask3.JPEG"));
    assertThat(reading.photos().get(20).label()).isEqualTo(FaceLabel.ofId(12));
  }

  @Test
  void theBaseIdKeepsSuffixedVariantsTogether() throws IOException {
    table("000001,female,Asian,45,a", "000001-1,male,Asian,60,b", "000002,male,Asian,29,c");
    person("a", "jpg");
    person("b", "jpg");
    person("c", "jpg");

    PhotoSet photos =
        PstageFolder.builder(root).optPersonKey(PersonKey.BASE_ID).build().read().photos();

    assertThat(photos.people()).containsExactly("000001", "000002");
  }

  @Test
  void strictReadingNamesEachProblemWithFileAndLine() throws IOException {
    table(
        "000001,lady,Asian,45,a",
        "000002,male,Asian,old,b",
        "000003,male,Asian,20,gone",
        "000004,male,Asian,20,d",
        "000004,male,Asian");
    person("a", "jpg");
    person("b", "jpg");
    person("d", "jpg");
    person("stranger", "jpg");
    Files.delete(file("d/normal.jpg"));
    Files.write(file("d/selfie.jpg"), new byte[1]);
    Files.write(file("d/mask1.png"), new byte[1]);

    BrokenDataException broken =
        catchThrowableOfType(BrokenDataException.class, () -> PstageFolder.read(root));

    Path csv = root.resolve("train/train.csv");
    assertThat(broken.report().problems())
        .extracting(ReadProblem::toString)
        .containsExactlyInAnyOrder(
            csv + ":2: gender is 'lady', expected female or male; correct the row",
            csv + ":3: age is 'old', expected whole years from 0 to 150; correct the row",
            csv + ":4: there is no folder " + file("gone") + "; restore it or drop the row",
            csv + ":6: 3 cells, expected 5; correct the row",
            file("stranger") + ": no row of train.csv names it; add a row or move it away",
            file("d/selfie.jpg")
                + ": is none of the seven photos mask1, mask2, mask3, mask4, mask5,"
                + " incorrect_mask, normal; move it away",
            file("d/mask1.png")
                + ": the photo is there twice, also as "
                + file("d/mask1.jpg")
                + "; keep one",
            file("d") + ": has no photo 'normal'; restore it or read leniently");
    assertThat(broken).hasMessageStartingWith("8 problems").hasMessageContaining("and 3 more");
  }

  @Test
  void lenientReadingLeavesProblemsOut() throws IOException {
    table("000001,lady,Asian,45,a", "000002,male,Asian,20,b");
    person("a", "jpg");
    person("b", "jpg");
    Files.delete(file("b/mask2.jpg"));

    Reading reading = PstageFolder.builder(root).optLenient(true).build().read();

    assertThat(reading.report().problems()).hasSize(2);
    assertThat(reading.photos().people()).containsExactly("b");
    assertThat(reading.photos().size()).isEqualTo(6);
  }

  @Test
  void theTrainFolderItselfWillDo() throws IOException {
    table("000001,female,Asian,45,a");
    person("a", "jpg");

    assertThat(PstageFolder.read(root.resolve("train")).digest())
        .isEqualTo(PstageFolder.read(root).digest());
  }

  @Test
  void aMissingFolderOrTableIsNamed() throws IOException {
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> PstageFolder.read(root))
        .withMessageContaining("name the folder that holds 'train'");
    Files.createDirectories(root.resolve("train/images"));
    assertThatExceptionOfType(NoSuchFileException.class)
        .isThrownBy(() -> PstageFolder.read(root))
        .withMessageContaining("train.csv")
        .withMessageContaining("id,gender,race,age,path");
  }

  @Test
  void aTableWithOtherColumnsIsRefused() throws IOException {
    Files.createDirectories(root.resolve("train/images"));
    Files.writeString(root.resolve("train/train.csv"), "id,sex,age\n1,male,20\n");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> PstageFolder.read(root))
        .withMessageContaining("train.csv:1: columns are id,sex,age")
        .withMessageContaining("expected id,gender,race,age,path");
  }

  @Test
  void evaluationPhotosKeepTheOrderOfInfo() throws IOException {
    evaluation("ImageID,ans", "b.jpg,0", "a.jpg,0");
    Files.write(root.resolve("eval/images/a.jpg"), new byte[1]);
    Files.write(root.resolve("eval/images/b.jpg"), new byte[1]);

    assertThat(EvaluationFolder.read(root)).extracting(Photo::id).containsExactly("b.jpg", "a.jpg");
  }

  @Test
  void evaluationPhotosThatAreMissingOrDoubledAreNamed() throws IOException {
    evaluation("ImageID,ans", "a.jpg,0", "a.jpg,0", "../secret.jpg,0", "c.jpg,0");
    Files.write(root.resolve("eval/images/a.jpg"), new byte[1]);

    assertThatExceptionOfType(BrokenDataException.class)
        .isThrownBy(() -> EvaluationFolder.read(root))
        .withMessageContaining("info.csv:3: ImageID 'a.jpg' occurs twice")
        .withMessageContaining("info.csv:4: ImageID is '../secret.jpg', expected a file name")
        .withMessageContaining("info.csv:5: there is no photo");
  }

  private void table(String... rows) throws IOException {
    Files.createDirectories(root.resolve("train/images"));
    Files.writeString(
        root.resolve("train/train.csv"), "id,gender,race,age,path\n" + String.join("\n", rows));
  }

  private void evaluation(String... rows) throws IOException {
    Files.createDirectories(root.resolve("eval/images"));
    Files.writeString(root.resolve("eval/info.csv"), String.join("\n", rows) + "\n");
  }

  private void person(String name, String extension) throws IOException {
    Files.createDirectories(file(name));
    for (String photo : SEVEN) {
      Files.write(file(name + "/" + photo + "." + extension), new byte[1]);
    }
  }

  private Path file(String name) {
    return root.resolve("train/images").resolve(name);
  }
}
