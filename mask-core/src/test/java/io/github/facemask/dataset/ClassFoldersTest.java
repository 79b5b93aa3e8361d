package io.github.facemask.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.facemask.dataset.PhotoSet.Reading;
import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.problem.InvalidFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  @Test
  void aFolderThatNamesOneAttributeLeavesTheOthersUnknown() throws IOException {
    photo("mask_weared_incorrect/0.jpg");
    photo("with_mask/0.jpg");
    photo("without_mask/0.jpg");

    PhotoSet photos = ClassFolders.read(folder);

    assertThat(photos.stream().map(p -> p.label().displayName()))
        .containsExactly("worn wrongly", "worn", "not worn");
    assertThat(photos.people()).hasSize(3);
  }

  @Test
  void foldersOfAttributesCombineAndPeopleAreBelow() throws IOException {
    photo("male/20-29/ben/1.jpg");
    photo("male/60+/choi/1.jpg");
    photo("female/25-34/1.jpg");

    Reading reading = ClassFolders.builder(folder).build().read();

    assertThat(reading.photos().stream().map(p -> p.label().displayName()))
        .containsExactly("female", "male, under 30", "male, from 60");
    assertThat(reading.photos().people()).containsExactly("female/25-34/1.jpg", "ben", "choi");
    assertThat(reading.report().noteLines()).anyMatch(n -> n.contains("across age groups"));
  }

  @Test
  void foldersMayContradictEachOther() throws IOException {
    photo("with_mask/1.jpg");
    photo("with_mask/incorrect/2.jpg");

    assertThatExceptionOfType(BrokenDataException.class)
        .isThrownBy(() -> ClassFolders.read(folder))
        .withMessageContaining("incorrect: says 'worn wrongly', but the folders above say 'worn'");
  }

  @Test
  void aMisspeltFolderBesideOthersIsNoPerson() throws IOException {
    photo("with_mask/male/1.jpg");
    photo("with_mask/femal/2.jpg");

    assertThatExceptionOfType(BrokenDataException.class)
        .isThrownBy(() -> ClassFolders.read(folder))
        .withMessageContaining("femal: is no folder of a class");
  }

  @Test
  void theGivenSplitIsReadAndUsedOnRequest() throws IOException {
    photo("set/train/with_mask/1.jpg");
    photo("set/train/without_mask/2.jpg");
    photo("set/val/with_mask/1.jpg");
    photo("set/test/with_mask/1.jpg");

    Reading reading = ClassFolders.builder(folder).build().read();
    Split split = Split.given(reading.photos(), reading.parts());

    assertThat(reading.photos().size()).isEqualTo(4);
    assertThat(split.train().size()).isEqualTo(2);
    assertThat(split.validation().photos())
        .extracting(Photo::id)
        .containsExactly("set/val/with_mask/1.jpg");
  }

  @Test
  void testPhotosValidateIfThereAreNoOthers() throws IOException {
    photo("training_set/0/1.jpg");
    photo("test_set/0/1.jpg");
    Reading reading = ClassFolders.builder(folder).build().read();

    assertThat(Split.given(reading.photos(), reading.parts()).validation().size()).isOne();
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> Split.given(reading.photos(), java.util.Map.of()))
        .withMessageContaining("given split is missing");
  }

  @Test
  void aPersonOfBothPartsIsRefused() throws IOException {
    photo("train/with_mask/anna/1.jpg");
    photo("val/with_mask/anna/1.jpg");
    Reading reading = ClassFolders.builder(folder).build().read();

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> Split.given(reading.photos(), reading.parts()))
        .withMessageContaining("the first is 'anna'");
  }

  @Test
  void filesOfOtherProgramsAreCounted() throws IOException {
    photo("0/anna/1.jpg");
    photo("0/anna/Thumbs.db");
    photo("0/._1.jpg");
    photo("desktop.ini");
    photo(".DS_Store");
    photo("__MACOSX/0/._1.jpg");

    Reading reading = ClassFolders.builder(folder).build().read();

    assertThat(reading.photos().size()).isOne();
    assertThat(reading.report().junk()).isEqualTo(5);
  }

  @Test
  void allEndingsOfPhotosAreRead() throws IOException {
    List<String> endings =
        List.of("jpg", "JPG", "jpeg", "jfif", "jpe", "png", "bmp", "webp", "WEBP");
    for (int i = 0; i < endings.size(); i++) {
      photo("0/anna/" + i + "." + endings.get(i));
    }

    assertThat(ClassFolders.read(folder).size()).isEqualTo(9);
  }

  @Test
  void namesOfUtkFaceAreReadByTheirPattern() throws IOException {
    photo("26_0_2_20170116174525125.jpg.chip.jpg");
    photo("61_1_20170109150557335.jpg.chip.jpg");
    photo("53__0_20170116184028385.jpg");

    Reading reading =
        ClassFolders.builder(folder).optFilePattern("utkface").optLenient(true).build().read();

    assertThat(reading.photos().stream().map(p -> p.label().displayName()))
        .containsExactly("male, under 30", "female, from 60");
    assertThat(reading.photos().get(0).ageYears()).hasValue(26);
    assertThat(reading.report().problems())
        .singleElement()
        .asString()
        .contains("53__0_20170116184028385.jpg: does not fit the pattern");
    assertThat(
            ClassFolders.builder(folder)
                .optFilePattern("UTKFace")
                .optAssumed(Attribute.MASK, "not_worn")
                .optLenient(true)
                .build()
                .read()
                .photos()
                .get(0)
                .label())
        .isEqualTo(FaceLabel.ofId(12));
  }

  @Test
  void patternsHavePeopleAndFolders() throws IOException {
    photo("15/111/638660-1.jpg");
    photo("62/112/7-0.jpg");

    PhotoSet photos =
        ClassFolders.builder(folder)
            .optFilePattern("{age}/{gender(111=male,112=female)}/{person}-*")
            .build()
            .read()
            .photos();

    assertThat(photos.people()).containsExactly("638660", "7");
    assertThat(photos.stream().map(p -> p.label().displayName()))
        .containsExactly("male, under 30", "female, from 60");
  }

  @Test
  void aPatternAgainstTheFolderIsAProblem() throws IOException {
    photo("male/34_f.jpg");

    assertThatExceptionOfType(BrokenDataException.class)
        .isThrownBy(
            () -> ClassFolders.builder(folder).optFilePattern("{age}_{gender}").build().read())
        .withMessageContaining("gender in the name is 'f', but the folders say 'male");
  }

  @Test
  void patternsWithoutAMeaningAreRefused() {
    for (String pattern : List.of("*", "{genre}_*", "{age}_{age}", "{age}{gender}", "{age", "")) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> ClassFolders.builder(folder).optFilePattern(pattern).build().read())
          .withMessageContaining("file pattern");
    }
  }

  @Test
  void foldersThatAreNotUnderstoodAreNamed() throws IOException {
    for (String name : List.of("a", "b", "c", "d", "e", "f")) {
      photo(name + "/1.jpg");
    }

    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> ClassFolders.read(folder))
        .withMessageContaining("photo folders are 'a', 'b', 'c', 'd', 'e' and 1 more, expected");
    photo("labels.csv");
    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> ClassFolders.read(folder))
        .withMessageContaining("photo tables are 'labels.csv'");
  }

  @Test
  void aLinkThatPutsAPhotoIntoTwoClassesIsAProblem() throws IOException {
    photo("with_mask/1.jpg");
    Files.createDirectories(folder.resolve("no_mask"));
    try {
      Files.createSymbolicLink(folder.resolve("no_mask/2.jpg"), folder.resolve("with_mask/1.jpg"));
    } catch (UnsupportedOperationException | IOException e) {
      org.junit.jupiter.api.Assumptions.abort("no links on this system");
    }

    assertThatExceptionOfType(BrokenDataException.class)
        .isThrownBy(() -> ClassFolders.read(folder))
        .withMessageContaining("is 'worn', but 'not worn' as");
    Reading lenient = ClassFolders.builder(folder).optLenient(true).build().read();
    assertThat(lenient.photos().size()).isZero();
  }

  @Test
  void ownWordsNameFolders() throws IOException {
    photo("set/covered/1.jpg");
    photo("set/bare/1.jpg");
    Path words =
        Files.writeString(
            folder.resolve("set/../words.txt"),
            "attribute,word,value\nmask,covered,worn\nmask,bare,no_mask\n");

    PhotoSet photos =
        ClassFolders.builder(folder.resolve("set")).optLabelMap(words).build().read().photos();

    assertThat(photos.stream().map(p -> p.label().displayName()))
        .containsExactly("not worn", "worn");
  }

  private void photo(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[1]);
  }
}
