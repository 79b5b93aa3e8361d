package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.facemask.internal.records.RunJson;
import io.github.facemask.lab.synthetic.SyntheticFaces;
import io.github.facemask.provenance.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on tables and folders in the forms of public sets. */
class PublicFormsTest {

  @TempDir static Path folder;

  private static List<Path> photos;

  @BeforeAll
  static void draw() throws IOException {
    Path drawn = folder.resolve("drawn");
    SyntheticFaces.builder(drawn).optPeople(36).optEvaluationPhotos(24).optSeed(3).build().write();
    try (Stream<Path> files = Files.list(drawn.resolve("eval/images"))) {
      photos = files.filter(f -> !f.getFileName().toString().startsWith(".")).sorted().toList();
    }
  }

  private static void put(int photo, String name) throws IOException {
    Path target = folder.resolve(name);
    Files.createDirectories(target.getParent());
    Files.copy(photos.get(photo), target);
  }

  private static Path table(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static MaskRun analyse(Object... arguments) {
    return MaskRun.of(
        Stream.concat(Stream.of("analyse", "--counts-only"), Stream.of(arguments)).toArray());
  }

  private static void assertOneLine(MaskRun run, String... parts) {
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err().lines().filter(l -> !l.startsWith("mask: note: ")))
        .as(run.err())
        .hasSize(1);
    assertThat(run.err()).contains(parts).doesNotContain("\tat ");
  }

  @Test
  void whatCannotBeUnderstoodIsOneLineWithTheWayOn() throws IOException {
    put(0, "loose/26_0_2_1.jpg");
    put(1, "unsorted/anna/1.jpg");
    put(2, "unsorted/ben/1.jpg");
    Path columns = table("columns.csv", "a;b\n1;2\n");
    Path numbers = table("numbers.csv", "path,gender\nloose/26_0_2_1.jpg,0\n");
    Path words = table("words.csv", "path,mask\n" + "loose/26_0_2_1.jpg,odd\n".repeat(9));

    assertOneLine(
        analyse("--data", folder.resolve("loose")),
        "--data: ",
        "photo names are '26_0_2_1.jpg'",
        "--file-pattern, for instance utkface");
    assertOneLine(
        analyse("--data", folder.resolve("unsorted")),
        "photo folders are 'anna', 'ben'",
        "--label-map");
    assertOneLine(
        analyse("--data", columns), "columns are 'a', 'b' with the separator ';'", "'path'");
    assertOneLine(analyse("--data", numbers), "numbers.csv:2: gender is '0'", "gender(0=male");
    assertOneLine(analyse("--data", words), "9 times: mask is 'odd'", "first in", "--lenient");
    assertOneLine(
        analyse("--data", columns, "--file-pattern", "utkface"), "--file-pattern is utkface");
    assertOneLine(analyse("--data", numbers, "--assume", "mask=odd"), "--assume: assumed is odd");
    assertOneLine(analyse("--data", numbers, "--assume", "mask"), "--assume is mask");
  }

  @Test
  void namesWithLabelsAreReadAndAnAssumptionCompletesThem() throws IOException {
    put(0, "utk/26_0_2_1.jpg");
    put(1, "utk/61_1_0_2.jpg");
    Path utk = folder.resolve("utk");

    MaskRun run = analyse("--data", utk, "--file-pattern", "utkface", "--assume", "mask=not_worn");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("2 photos of 2 people")
        .containsPattern("12 not worn, male, under 30 +1 ")
        .containsPattern("17 not worn, female, from 60 +1 ");
  }

  @Test
  void theGivenSplitIsOfferedUsedAndRecorded() throws IOException {
    for (int i = 0; i < 6; i++) {
      put(i, "parts/train/" + (i % 2 == 0 ? "0/" : "12/") + i + ".jpg");
      put(i + 6, "parts/val/" + (i % 2 == 0 ? "0/" : "12/") + i + ".jpg");
    }
    Path parts = folder.resolve("parts");
    Path runs = folder.resolve("runs");

    MaskRun offered = analyse("--data", parts);
    assertThat(offered.err().lines().filter(l -> l.contains("--given-split"))).hasSize(1);
    MaskRun used = analyse("--data", parts, "--given-split");
    assertThat(used.err()).doesNotContain("--given-split");

    MaskRun trained =
        MaskRun.of(
            "train",
            "--data",
            parts,
            "--given-split",
            "--runs",
            runs,
            "--backbone",
            "narrow_resnet",
            "--size",
            32,
            "--epochs",
            1,
            "--mix",
            "none",
            "--threads",
            1,
            "--batch",
            3);
    assertThat(trained.code()).as(trained.err()).isZero();
    Path run;
    try (Stream<Path> all = Files.list(runs)) {
      run = all.findFirst().orElseThrow();
    }
    JsonNode source = RunJson.record(RunFolder.open(run)).path("source");
    assertThat(source.path("givenSplit").asBoolean()).isTrue();
    assertThat(source.path("data").asText()).isEqualTo(parts.toString());
    assertThat(Files.readString(run.resolve("photos.csv")))
        .contains("train,train/0/0.jpg", "validation,val/0/0.jpg");
    assertThat(MaskRun.of("evaluate", "--data", parts, "--given-split", "--model", run).code())
        .isZero();
    assertThat(MaskRun.of("reproduce", run).code()).isZero();

    String rows = "path,person,age\nparts/train/0/0.jpg,a,3\nparts/train/0/2.jpg,b,3\n";
    assertOneLine(
        analyse("--data", table("plain.csv", rows), "--given-split"),
        "--given-split: given split is missing");
  }

  @Test
  void severalSetsAreJoinedUnderTheirNames() throws IOException {
    put(0, "masks/with_mask/1.jpg");
    put(1, "masks/without_mask/1.jpg");
    put(2, "more/masks/with_mask/1.jpg");
    put(3, "ages/26_0_2_1.jpg");
    Path json = folder.resolve("joined.json");

    MaskRun run =
        analyse(
            "--data",
            folder.resolve("masks"),
            "--data",
            folder.resolve("more/masks"),
            "--data",
            "utk=" + folder.resolve("ages"),
            "--file-pattern",
            "utk:utkface",
            "--assume",
            "utk:mask=not_worn",
            "--json",
            json);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("4 photos of 4 people")
        .containsPattern("12 not worn, male, under 30 +1 ");
    assertOneLine(
        analyse("--data", folder.resolve("masks"), "--data", "x=" + folder.resolve("gone")),
        "--data: ",
        "gone: there is no such file or folder");
  }

  @Test
  void onePersonIsAnalysedAndTrainingSaysWhatIsMissing() throws IOException {
    put(0, "one/0/anna/1.jpg");
    put(1, "one/1/anna/2.jpg");
    Path one = folder.resolve("one");
    Path page = folder.resolve("one.html");

    MaskRun run = MaskRun.of("analyse", "--data", one, "--out", page);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("2 photos of 1 person");
    assertThat(page).exists();
    MaskRun trained = MaskRun.of("train", "--data", one, "--runs", folder.resolve("none"));
    assertOneLine(trained, "people is 1, expected 2 or more to split by person", "other people");
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void ownWordsAreRead() throws IOException {
    put(0, "own/a.jpg");
    put(1, "own/b.jpg");
    Path map = table("map.csv", "attribute,word,value\nmask,covered,worn\nmask,bare,not_worn\n");
    Path own = table("own.csv", "path,mask\nown/a.jpg,covered\nown/b.jpg,bare\n");

    assertThat(analyse("--data", own).code()).isEqualTo(2);
    assertThat(analyse("--data", own, "--label-map", map).code()).isZero();
    assertOneLine(
        analyse("--data", own, "--label-map", folder.resolve("no.csv")), "--label-map", "no.csv");
  }

  @Test
  void masksAloneTrainAndAreEvaluatedByTwoCommands() throws IOException {
    for (int i = 0; i < 18; i++) {
      put(i, "masks-only/" + (i % 2 == 0 ? "with_mask/" : "without_mask/") + i + ".jpg");
    }
    put(18, "ages-only/26_0_2_1.jpg");
    put(19, "ages-only/61_1_0_2.jpg");
    put(20, "ages-only/33_1_0_2.jpg");
    Path masks = folder.resolve("masks-only");
    Path runs = folder.resolve("mask-runs");

    MaskRun trained =
        MaskRun.of(
            "train",
            "--data",
            masks,
            "--runs",
            runs,
            "--backbone",
            "narrow_resnet",
            "--size",
            32,
            "--epochs",
            1,
            "--mix",
            "none",
            "--batch",
            6);
    assertThat(trained.code()).as(trained.err()).isZero();
    assertThat(trained.out()).contains("the model answers mask, which is all that the photos know");
    Path run = onlyFolderOf(runs);

    MaskRun judged = MaskRun.of("evaluate", "--data", masks, "--model", run);
    assertThat(judged.code()).as(judged.err()).isZero();
    String score = trained.out().replaceAll("(?s).*best mask F1 (\\d\\.\\d+).*", "$1");
    assertThat(judged.out()).contains("mask F1  " + score).doesNotContain("gender", "age ");
    assertThat(judged.err()).doesNotContain("warning");

    MaskRun renamed =
        MaskRun.of(
            "evaluate",
            "--data",
            "m=" + masks,
            "--model",
            run,
            "--split-seed",
            99,
            "--valid-share",
            0.5);
    assertThat(renamed.err()).contains("may be in training under another name of their set");
    MaskRun strangers =
        MaskRun.of(
            "evaluate",
            "--data",
            folder.resolve("ages-only"),
            "--file-pattern",
            "utkface",
            "--model",
            run);
    assertThat(strangers.code()).isEqualTo(2);
    assertThat(strangers.err()).contains("photos that know what the models answer: mask");
    assertOneLine(
        MaskRun.of(
            "train",
            "--data",
            masks,
            "--runs",
            runs,
            "--age-target",
            "years",
            "--backbone",
            "narrow_resnet",
            "--size",
            32),
        "photos that know an age");
    assertOneLine(
        analyse("--data", "m=" + masks, "--file-pattern", "n:utkface"),
        "--file-pattern is for the set 'n', expected one of [m]");
  }

  private static Path onlyFolderOf(Path runs) throws IOException {
    try (Stream<Path> folders = Files.list(runs)) {
      return folders.findFirst().orElseThrow();
    }
  }
}
