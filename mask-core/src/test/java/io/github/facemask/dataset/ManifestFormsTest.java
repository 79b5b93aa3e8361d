package io.github.facemask.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.facemask.dataset.PhotoSet.Part;
import io.github.facemask.dataset.PhotoSet.Reading;
import io.github.facemask.dataset.ReadReport.BrokenDataException;
import io.github.facemask.dataset.ReadReport.ReadProblem;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.problem.InvalidFileException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of photos in the forms that people have. */
class ManifestFormsTest {

  private static final List<String> HEADER = List.of("path", "person", "mask", "gender", "age");

  private static final List<List<String>> ROWS =
      List.of(
          List.of("in/anna1.jpg", "anna", "worn", "female", "34"),
          List.of("in/anna2.jpg", "anna", "not_worn", "female", "34"),
          List.of("in/ben1.jpg", "ben", "worn_wrongly", "male", "22"),
          List.of("in/choi1.jpg", "choi", "worn", "male", "61"));

  private static final List<Integer> CLASSES = List.of(4, 16, 6, 2);

  @TempDir Path folder;

  @BeforeEach
  void photos() throws IOException {
    photos(folder);
  }

  private static void photos(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("in"));
    for (List<String> row : ROWS) {
      Files.write(folder.resolve(row.get(0)), new byte[1]);
    }
  }

  private static String text(List<String> header, List<List<String>> rows, String separator) {
    StringBuilder text = new StringBuilder(String.join(separator, header)).append('\n');
    rows.forEach(row -> text.append(String.join(separator, row)).append('\n'));
    return text.toString();
  }

  private static List<List<String>> changed(int column, UnaryOperator<String> change) {
    List<List<String>> rows = new ArrayList<>();
    for (List<String> row : ROWS) {
      List<String> cells = new ArrayList<>(row);
      cells.set(column, change.apply(row.get(column)));
      rows.add(cells);
    }
    return rows;
  }

  private static List<List<String>> columns(int... indices) {
    return ROWS.stream().map(row -> Arrays.stream(indices).mapToObj(row::get).toList()).toList();
  }

  private Reading read(String text) throws IOException {
    return ManifestFile.builder(table(text)).build().read();
  }

  private Path table(String text) throws IOException {
    return Files.writeString(folder.resolve("t.csv"), text);
  }

  private static List<Integer> ids(PhotoSet photos) {
    return photos.stream().map(p -> p.label().id()).toList();
  }

  @Property(tries = 60)
  void separatorsEncodingsAndLineEndsAreFoundOut(
      @ForAll("separators") String separator,
      @ForAll("encodings") String encoding,
      @ForAll("lineEnds") String lineEnd,
      @ForAll boolean stated)
      throws IOException {
    Path there = Files.createTempDirectory("forms");
    try {
      photos(there);
      String text = text(HEADER, ROWS, separator).replace("\n", lineEnd);
      String lead = stated ? "sep=" + separator + lineEnd : "";
      boolean marked = encoding.endsWith("+");
      Charset charset = Charset.forName(encoding.replace("+", ""));
      Path table = there.resolve("t.csv");
      Files.write(table, ((marked ? "\uFEFF" : "") + lead + text).getBytes(charset));

      PhotoSet photos = ManifestFile.read(table);

      assertThat(ids(photos)).isEqualTo(CLASSES);
      assertThat(photos.people()).containsExactly("anna", "ben", "choi");
      assertThat(photos.get(0).ageYears()).hasValue(34);
    } finally {
      com.google.common.io.MoreFiles.deleteRecursively(
          there, com.google.common.io.RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  @Provide
  Arbitrary<String> separators() {
    return Arbitraries.of(",", ";", "\t", "|");
  }

  @Provide
  Arbitrary<String> encodings() {
    return Arbitraries.of("UTF-8", "UTF-8+", "UTF-16LE+", "UTF-16BE+", "UTF-16LE");
  }

  @Provide
  Arbitrary<String> lineEnds() {
    return Arbitraries.of("\n", "\r\n", "\r");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "Path,_Person,Mask_,Gender,Age",
        "file,subject,mask_state,sex,years",
        "FileName,ID,mask-state,Sex,AGE",
        "image,identity,Mask,Gender,age",
        "img,person_id,mask,sex,Years",
        "image_path,Subject,MASK,gender,age",
        "photo,person,mask,gender,age_group"
      })
  void columnsHaveTheirCommonNames(String header) throws IOException {
    List<String> names = List.of(header.replace('_', ' ').split(",", -1));

    assertThat(ids(read(text(names, ROWS, ",")).photos())).isEqualTo(CLASSES);
  }

  @Test
  void theOrderOfColumnsAndOtherColumnsDoNotMatter() throws IOException {
    List<List<String>> rows = ROWS.stream().map(r -> List.of("x", r.get(4), r.get(0))).toList();

    PhotoSet photos = read(text(List.of("race", "age", "file"), rows, ",")).photos();

    assertThat(photos.stream().map(p -> p.ageYears().orElseThrow()))
        .containsExactly(34, 34, 22, 61);
  }

  @Test
  void missingColumnsAndEmptyCellsAreUnknown() throws IOException {
    PhotoSet masks = read(text(List.of("path", "person", "mask"), columns(0, 1, 2), ",")).photos();
    PhotoSet ageless = read(text(HEADER, changed(4, age -> ""), ",")).photos();

    assertThat(masks.known()).containsExactly(Attribute.MASK);
    assertThat(ageless.known()).containsExactly(Attribute.MASK, Attribute.GENDER);
    assertThat(ageless.get(0).ageYears()).isEmpty();
  }

  @Test
  void aPhotoWithoutAnyLabelIsRead() throws IOException {
    PhotoSet photos = read("path,person,mask,gender,age\nin/anna1.jpg,anna,-,?,nan\n").photos();

    assertThat(photos.get(0).label()).isEqualTo(FaceLabel.UNKNOWN);
  }

  @Test
  void aLabelColumnHasWordsOfOneAttribute() throws IOException {
    Reading reading = read(text(List.of("path", "label"), columns(0, 2), ","));

    assertThat(reading.photos().known()).containsExactly(Attribute.MASK);
    assertThat(reading.photos().people()).hasSize(4);
    assertThat(reading.report().notes())
        .singleElement()
        .extracting(ReadProblem::what)
        .asString()
        .contains("no column names a person");
  }

  @Test
  void aLabelColumnOfTwoAttributesIsRefused() {
    assertThatExceptionOfType(BrokenDataException.class)
        .isThrownBy(() -> read("path,label\nin/anna1.jpg,worn\nin/ben1.jpg,male\n"))
        .withMessageContaining("t.csv:3: label is 'male' (gender), but line 2 has a word of mask");
  }

  @Test
  void classNumbersBelowThreeAloneAreToldAsClasses() throws IOException {
    Reading reading = read("path,label\nin/anna1.jpg,0\nin/ben1.jpg,1\n");

    assertThat(ids(reading.photos())).containsExactly(0, 1);
    assertThat(reading.report().noteLines()).anyMatch(n -> n.contains("label(0=worn,1=not_worn)"));
  }

  @Test
  void aHeaderSaysWhatItsNumbersMean() throws IOException {
    PhotoSet photos =
        read("img,gender(0=male, 1=female),age\nin/anna1.jpg,1,34\nin/ben1.jpg,0.0,22\n").photos();
    PhotoSet one = read("img,sex(1=male)\nin/anna1.jpg,0\nin/ben1.jpg,1\n").photos();
    PhotoSet asked = read("image_id,Male,Young\nin/anna1.jpg,-1,1\nin/ben1.jpg,1,1\n").photos();

    for (PhotoSet each : List.of(photos, one, asked)) {
      assertThat(each.stream().map(p -> p.label().gender().orElseThrow()))
          .containsExactly(Gender.FEMALE, Gender.MALE);
    }
  }

  @Test
  void aPlainNumberAsGenderIsRefusedInOneLine() {
    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> read("img,gender,age\nin/anna1.jpg,1,34\nin/ben1.jpg,0,22\n"))
        .withMessageContaining("t.csv:2: gender is '1', a number that no one explains")
        .withMessageContaining("gender(0=male,1=female)");
  }

  @Test
  void aRangeAcrossGroupsIsToldOnce() throws IOException {
    Reading reading = read(text(HEADER, changed(4, age -> "25-34"), ","));

    assertThat(reading.photos().known()).doesNotContain(Attribute.AGE);
    assertThat(reading.report().notes())
        .singleElement()
        .hasToString(
            folder.resolve("t.csv")
                + ":2: age is a range across age groups in 4 rows, first '25-34'; the age is"
                + " unknown there");
  }

  @Test
  void twoColumnsOfOneMeaningAreRefusedByName() {
    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> read("path,Sex,gender\nin/anna1.jpg,f,f\n"))
        .withMessageContaining("t.csv:1: the columns 'Sex' and 'gender' mean the same");
  }

  @Test
  void aTableThatIsNotUnderstoodIsToldWithItsFirstColumns() {
    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> read("a;b;c;d;e;f\n1;2;3;4;5;6\n"))
        .withMessageContaining(
            "columns are 'a', 'b', 'c', 'd', 'e' and 1 more with the separator ';', expected a"
                + " column 'path'");
    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> read("path,colour\nin/anna1.jpg,red\n"))
        .withMessageContaining("expected a column of labels: mask, gender, age or class");
  }

  @Test
  void aSpreadsheetIsNamedAsWhatItIs() throws IOException {
    Path book = Files.write(folder.resolve("t.xlsx"), new byte[] {'P', 'K', 3, 4, 0});

    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> ManifestFile.read(book))
        .withMessageContaining("save it as CSV");
  }

  @Test
  void aClassThatDisagreesIsRefusedWithBothValues() {
    assertThatExceptionOfType(BrokenDataException.class)
        .isThrownBy(
            () -> read("path,person,mask,gender,age,class\nin/ben1.jpg,ben,worn,male,22,17\n"))
        .withMessageContaining(
            "t.csv:2: class is '17' (not worn, female, from 60), but the other columns say worn,"
                + " male, under 30");
  }

  @Test
  void onePhotoInTwoSpellingsIsTakenOnceAndTold() throws IOException {
    Reading reading =
        read("path,person,mask\nin/ben1.jpg,ben,worn\n./in/../in/ben1.jpg,ben,worn\n");

    assertThat(reading.photos().photos()).extracting(Photo::id).containsExactly("in/ben1.jpg");
    assertThat(reading.report().noteLines())
        .singleElement()
        .asString()
        .contains("t.csv:3: the photo './in/../in/ben1.jpg' is in line 2 too; taken once");
  }

  @Test
  void onePhotoInTwoClassesIsRefusedOrLeftOut() throws IOException {
    String text =
        "path,person,mask\nin/ben1.jpg,ben,worn\nin/anna1.jpg,anna,worn\n./in/ben1.jpg,ben,normal\n";

    assertThatExceptionOfType(BrokenDataException.class)
        .isThrownBy(() -> read(text))
        .withMessageContaining("t.csv:4: the photo './in/ben1.jpg' is 'not worn', but 'worn' in");
    Reading lenient = ManifestFile.builder(table(text)).optLenient(true).build().read();
    assertThat(lenient.photos().people()).containsExactly("anna");
    assertThat(lenient.report().problems()).hasSize(1);
  }

  @Test
  void equalFaultsAreOneLineWithTheirNumber() throws IOException {
    StringBuilder text = new StringBuilder("path,mask\n");
    for (int i = 0; i < 900; i++) {
      text.append("in/p").append(i).append(".jpg,odd\n");
    }
    Path table = table(text.toString());

    assertThatExceptionOfType(BrokenDataException.class)
        .isThrownBy(() -> ManifestFile.read(table))
        .withMessageContaining("900 problems\n  900 times: mask is 'odd', expected worn")
        .withMessageContaining("first in " + table + ":2")
        .satisfies(e -> assertThat(e.report().problems()).hasSize(900));
  }

  @Test
  void ownWordsAndAssumptionsFillWhatTheTableLacks() throws IOException {
    Path words = Files.writeString(folder.resolve("w.csv"), "attribute;word;value\nmask;x;worn\n");
    Path table = table("path,mask\nin/ben1.jpg,x\nin/anna1.jpg,\n");

    PhotoSet photos =
        ManifestFile.builder(table)
            .optLabelMap(words)
            .optAssumed(Attribute.MASK, "not_worn")
            .optAssumed(FaceLabel.UNKNOWN.withMask(Optional.of(MaskState.NOT_WORN)))
            .build()
            .read()
            .photos();

    assertThat(photos.stream().map(p -> p.label().mask().orElseThrow()))
        .containsExactly(MaskState.WORN, MaskState.NOT_WORN);
  }

  @Test
  void aSplitColumnOrFoldersGiveTheParts() throws IOException {
    Reading reading = read("path,mask,split\nin/ben1.jpg,worn,Train\nin/anna1.jpg,worn,valid\n");

    assertThat(reading.parts())
        .containsEntry("in/ben1.jpg", Part.TRAIN)
        .containsEntry("in/anna1.jpg", Part.VALIDATION);
    Files.createDirectories(folder.resolve("train"));
    Files.write(folder.resolve("train/1.jpg"), new byte[1]);
    assertThat(read("file,age\ntrain/1.jpg,20-29\n").parts())
        .containsEntry("train/1.jpg", Part.TRAIN);
    assertThat(read(text(HEADER, ROWS, ",")).parts()).isEmpty();
  }

  @Test
  void photosAreFoundInTheOtherNormalFormOfUnicode() throws IOException {
    assumeTrue(
        System.getProperty("sun.jnu.encoding").equals("UTF-8"),
        "this locale cannot spell the names; run under a UTF-8 one");
    String name = "\uc0ac\uc9c4.jpg"; // Korean, as one character for each syllable
    String parted = Normalizer.normalize(name, Normalizer.Form.NFD);
    for (String[] names : new String[][] {{name, parted}, {parted, name}}) {
      Path into = Files.createTempDirectory(folder, "form");
      Path table =
          Files.writeString(into.resolve("photos.csv"), "path,mask\n" + names[0] + ",yes\n");
      Path photo = Files.writeString(into.resolve(names[1]), "a photo");

      PhotoSet read = ManifestFile.read(table);

      assertThat(read.get(0).photo().file()).isEqualTo(photo);
      assertThat(read.get(0).photo().id()).as("as the table has it").isEqualTo(names[0]);
    }
  }

  @Test
  void pathsOfWindowsAreRead() throws IOException {
    PhotoSet photos = read("path,mask\nin\\ben1.jpg,worn\n").photos();

    assertThat(photos.get(0).photo().file()).exists();
  }

  @Test
  void emptyCellsAtTheEndOfARowAreNoFault() throws IOException {
    assertThat(read("path,mask,,\nin/ben1.jpg,worn,,,\n").photos().size()).isOne();
  }

  @Test
  void aFileThatIsNoTextIsRefused() throws IOException {
    Path table = Files.write(folder.resolve("t.csv"), new byte[] {'p', (byte) 0xC3, '('});

    assertThatExceptionOfType(InvalidFileException.class)
        .isThrownBy(() -> ManifestFile.read(table))
        .withMessageContaining("is not UTF-8 text");
  }
}
