package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.encoding.PhotoEncoder;
import io.github.facemask.prediction.PredictionTable;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictCommandTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Kinds of bad files: the resource or the content, and what it is called. */
  private static final Map<String, String> BAD =
      ImmutableMap.<String, String>builder()
          .put("heic", "it is a HEIC photo")
          .put("avif", "it is an AVIF picture")
          .put("gif", "it is a GIF")
          .put("tiff", "it is a TIFF")
          .put("web-page", "it is a web page")
          .put("lfs-pointer", "it is a Git LFS pointer")
          .put("cut", "the file is cut off")
          .put("", "the file is empty")
          .put("%PDF-1.7", "it is a PDF document")
          .put("PK\3\4..", "it is a zip archive")
          .put("{\"error\": 404}", "it is JSON")
          .put("some text", "it is text")
          .put("\0\0\0\30ftypisom", "it is a video (MP4)")
          .put("<svg/>", "it is a drawing (SVG)")
          .put("8BPS\0\1", "it is a Photoshop document (PSD)")
          .put("II*\0\20\0\0\0CR\2\0", "it is a camera's raw file (CR2)")
          .put("RIFF\0\0\0\0AVI ", "it is a video (AVI)")
          .buildOrThrow();

  @TempDir static Path shared;
  @TempDir Path folder;

  private static Path model; // of face crops

  @BeforeAll
  static void train() throws IOException {
    Path data = shared.resolve("data");
    for (int i = 0; i < 6; i++) {
      UnreadablePhotosTest.copy("good", data.resolve("with_mask/m" + i + ".jpg"));
      UnreadablePhotosTest.copy("good", data.resolve("without_mask/b" + i + ".jpg"));
    }
    MaskRun run =
        MaskRun.of(
            "train",
            "--data",
            data,
            "--backbone",
            "resnet18",
            "--size",
            "32",
            "--epochs",
            "1",
            "--batch",
            "4",
            "--precision",
            "FLOAT32",
            "--crops",
            "auto",
            "--unaudited-crops",
            "--runs",
            shared.resolve("runs"));
    assertThat(run.code()).as(run.err()).isZero();
    try (Stream<Path> runs = Files.list(shared.resolve("runs"))) {
      model = runs.filter(Files::isDirectory).findFirst().orElseThrow();
    }
  }

  private static MaskRun predict(Object... words) {
    List<Object> all = new ArrayList<>(List.of("predict", "--model", model));
    all.addAll(List.of("--precision", "FLOAT32"));
    all.addAll(Arrays.asList(words));
    return MaskRun.of(all.toArray());
  }

  private static MaskRun predictFrom(byte[] in, Object... words) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(in));
    try {
      return predict(words);
    } finally {
      System.setIn(before);
    }
  }

  private Path good(String name) throws IOException {
    Path file = folder.resolve(name);
    UnreadablePhotosTest.copy("good", file);
    return file;
  }

  /** A photo without a face. */
  private Path grey(String name) throws IOException {
    byte[] grey = new byte[120 * 160 * 3];
    Arrays.fill(grey, (byte) 120);
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, PhotoEncoder.png(Pixels.wrap(120, 160, grey)));
  }

  private static List<CSVRecord> rows(String table) throws IOException {
    try (CSVParser parser =
        CSVParser.parse(
            new StringReader(table),
            CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get())) {
      return parser.getRecords();
    }
  }

  @Test
  void aFolderWith17KindsOfBadFilesIsAnsweredAndTheBadOnesNamedAtTheEnd() throws IOException {
    good("photos/a1.jpg");
    good("photos/deep/a2.jpg");
    UnreadablePhotosTest.copy("half-then-end", folder.resolve("photos/a10.jpg"));
    int number = 0;
    List<String> expected = new ArrayList<>();
    for (Map.Entry<String, String> kind : BAD.entrySet()) {
      Path file = folder.resolve("photos").resolve("bad" + number++ + ".jpg");
      if (number <= 7) {
        UnreadablePhotosTest.copy(kind.getKey(), file);
      } else {
        Files.write(file, kind.getKey().getBytes(StandardCharsets.ISO_8859_1));
      }
      expected.add("  " + file + ": " + kind.getValue());
    }
    assertThat(BAD).hasSize(17);

    MaskRun run = predict(folder.resolve("photos"));

    assertThat(run.code()).isEqualTo(3);
    assertThat(run.out().lines().map(line -> line.replaceFirst(": .*", "")))
        .containsExactly(
            folder.resolve("photos/a1.jpg").toString(),
            folder.resolve("photos/a10.jpg").toString(),
            folder.resolve("photos/deep/a2.jpg").toString());
    List<String> told = run.err().lines().toList();
    int from = told.indexOf("mask: 17 of 20 photos could not be read:");
    assertThat(from).isNotNegative();
    assertThat(told.subList(from + 1, told.size())).hasSize(17);
    for (int i = 0; i < 17; i++) {
      assertThat(told.get(from + 1 + i)).startsWith(expected.get(i));
    }
  }

  @Test
  void jsonHasALineForEachPhotoGoodOrBad() throws IOException {
    Path bad = Files.writeString(folder.resolve("b.jpg"), "text");
    MaskRun run = predict("--json", good("a.jpg"), bad, grey("c.png"));
    assertThat(run.code()).isEqualTo(3);
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(3);
    JsonNode first = JSON.readTree(lines.get(0));
    assertThat(first.get("photo").asText()).endsWith("a.jpg");
    assertThat(first.get("mask").asText()).isIn("worn", "not worn");
    double sum = 0;
    for (JsonNode p : first.get("probabilities").get("mask")) {
      sum += p.asDouble();
    }
    assertThat(sum).isBetween(0.9999, 1.0001);
    assertThat(first.get("fallback").asBoolean()).isFalse();
    assertThat(first.get("face").get("width").asDouble()).isBetween(30.0, 120.0);
    assertThat(first.get("crop").get("width").asDouble())
        .isGreaterThan(first.get("face").get("width").asDouble());
    assertThat(JSON.readTree(lines.get(1)).get("error").asText()).startsWith("it is text");
    JsonNode third = JSON.readTree(lines.get(2));
    assertThat(third.get("fallback").asBoolean()).isTrue();
    assertThat(third.get("cropRule").asText()).isEqualTo("center");
    assertThat(third.has("face")).isFalse();
  }

  @Test
  void eachFaceOfAPhotoIsAnsweredAndNoFaceIsAnAnswer() throws IOException {
    Path two = folder.resolve("two.png");
    Pixels one = PhotoDecoder.create().decode(good("one.jpg"));
    Files.write(two, PhotoEncoder.png(beside(one)));
    Path none = grey("none.png");

    MaskRun text = predict("--faces", "all", two, none);
    assertThat(text.code()).as(text.err()).isZero();
    List<String> lines = text.out().lines().toList();
    assertThat(lines.get(0)).isEqualTo(two + ": 2 faces");
    assertThat(lines.get(1)).startsWith("  1: ").contains(" x ").contains("score 0.");
    assertThat(lines.get(2)).startsWith("  2: ");
    assertThat(lines.get(3)).isEqualTo(none + ": no face");
    assertThat(lines).hasSize(4);

    JsonNode json = JSON.readTree(predict("--faces", "all", "--json", two).out());
    assertThat(json.get("faces")).hasSize(2);
    assertThat(json.get("faces").get(0).get("face").get("x").asDouble())
        .isLessThan(json.get("faces").get(1).get("face").get("x").asDouble());

    List<CSVRecord> rows = rows(predict("--faces", "all", "--csv", two, none).out());
    assertThat(rows).extracting(r -> r.get("faces")).containsExactly("2", "2", "0");
    assertThat(rows).extracting(r -> r.get("face")).containsExactly("1", "2", "");
    assertThat(predict("--faces", "all", "--max-faces", "1", two).out()).contains(": 1 face\n");
    assertThat(predict("--faces", "all", "--min-face", "5000", two).out()).contains(": no face");
  }

  private static Pixels beside(Pixels photo) {
    int width = photo.width();
    byte[] rgb = new byte[photo.height() * width * 6];
    for (int y = 0; y < photo.height(); y++) {
      for (int half = 0; half < 2; half++) {
        System.arraycopy(photo.array(), y * width * 3, rgb, (2 * y + half) * width * 3, width * 3);
      }
    }
    return Pixels.wrap(photo.height(), 2 * width, rgb);
  }

  @Test
  void csvQuotesNamesAndSaysFallbacks() throws IOException {
    Path odd = good("a, \"b\".jpg");
    MaskRun run = predict("--csv", odd, grey("g.png"));
    List<CSVRecord> rows = rows(run.out());
    assertThat(run.out()).contains("\r\n");
    assertThat(rows).extracting(r -> r.get("photo")).first().isEqualTo(odd.toString());
    assertThat(rows).extracting(r -> r.get("fallback")).containsExactly("false", "true");
    assertThat(Double.parseDouble(rows.get(0).get("mask_worn"))).isBetween(0.0, 1.0);
    assertThat(rows.get(0).get("gender_male")).as("not answered").isEmpty();
  }

  @Test
  void textSaysThatNoFaceWasFound() throws IOException {
    assertThat(predict(grey("g.png")).out()).contains("no face found, seen is the middle");
    assertThat(predict(good("a.jpg")).out()).doesNotContain("no face found");
  }

  @Test
  void anUncertainAnswerIsUnsure() throws IOException {
    Path photo = good("a.jpg");
    assertThat(predict("--unsure", "1", photo).out()).isEqualTo(photo + ": unsure\n");
    JsonNode json = JSON.readTree(predict("--unsure", "1", "--json", photo).out());
    assertThat(json.get("unsure").get(0).asText()).isEqualTo("mask");
    assertThat(json.has("mask")).isFalse();
    assertThat(predict("--unsure", "1.5", photo).code()).isEqualTo(2);
  }

  @Test
  void aFolderIsReadInNaturalOrderWithoutWhatOtherProgramsLeave() throws IOException {
    for (String name : List.of("img10.jpg", "img2.jpg", "sub/img1.jpg", "IMG1.jpg")) {
      good("photos/" + name);
    }
    for (String junk : List.of("Thumbs.db", ".DS_Store", "__MACOSX/._img2.jpg", ".hidden/x.jpg")) {
      Path file = folder.resolve("photos").resolve(junk);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "junk");
    }
    MaskRun run = predict(folder.resolve("photos"));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(names(run)).containsExactly("IMG1.jpg", "img2.jpg", "img10.jpg", "img1.jpg");
  }

  private static List<String> names(MaskRun run) {
    return run.out()
        .lines()
        .map(line -> Path.of(line.replaceFirst(": .*", "")).getFileName().toString())
        .toList();
  }

  @Test
  void aLineBreakInANameDoesNotBreakTheOutput() throws IOException {
    assumeTrue(File.separatorChar == '/', "names on Windows have no line breaks");
    Path odd = good("two\nlines \u001b[31m.jpg");
    Path missing = folder.resolve("no\nphoto.jpg");
    String shown = "two\\nlines \\u001b[31m.jpg";

    MaskRun text = predict(odd, missing);
    assertThat(text.out()).contains("/" + shown + ": ").doesNotContain("\u001b");
    assertThat(text.out().lines()).hasSize(1);
    assertThat(text.err()).contains("/no\\nphoto.jpg: there is no such file");
    MaskRun each = predict("--faces", "all", odd);
    assertThat(each.out()).contains("/" + shown + ": ");
    try (CSVParser table =
        CSVFormat.RFC4180
            .builder()
            .setHeader()
            .get()
            .parse(new StringReader(predict("--csv", odd).out()))) {
      assertThat(table.getRecords())
          .singleElement()
          .extracting(r -> r.get(0))
          .isEqualTo(odd.toString());
    }
    MaskRun json = predict("--json", odd);
    assertThat(json.out().lines()).hasSize(1);
  }

  @Test
  void patternsAreExpanded() throws IOException {
    for (String name : List.of("a1.jpg", "a2.png.jpg", "b/a3.jpg", "b/c/a4.jpg", "b/c/d.jpeg")) {
      good("photos/" + name);
    }
    Path root = folder.resolve("photos");
    assertThat(names(predict(root + "/*.jpg"))).containsExactly("a1.jpg", "a2.png.jpg");
    assertThat(names(predict(root + "/**/*.jpg")))
        .containsExactly("a1.jpg", "a2.png.jpg", "a3.jpg", "a4.jpg");
    assertThat(names(predict(root + "/**"))).hasSize(5);
    assertThat(names(predict(root + "/b/*/a?.jpg"))).containsExactly("a4.jpg");
    assertThat(names(predict(root + "/*.{jpg,jpeg}"))).hasSize(2);
    MaskRun none = predict(root + "/*.webp", root.resolve("a1.jpg"));
    assertThat(none.code()).isEqualTo(3);
    assertThat(none.err()).contains("*.webp: no file fits this pattern");
    assertThat(names(none)).containsExactly("a1.jpg");
  }

  @Test
  void aFileWithCharactersOfPatternsIsAFile() throws IOException {
    assertThat(names(predict(good("a[1].jpg")))).containsExactly("a[1].jpg");
  }

  @Test
  void standardInputIsAPhotoOrAList() throws IOException {
    Path photo = good("a.jpg");
    assertThat(predictFrom(Files.readAllBytes(photo), "-").out()).startsWith("-: ");
    byte[] list = (photo + "\n\nmissing.jpg\r\n").getBytes(StandardCharsets.UTF_8);
    MaskRun run = predictFrom(list, "--files-from", "-");
    assertThat(run.code()).isEqualTo(3);
    assertThat(names(run)).containsExactly("a.jpg");
    assertThat(run.err()).endsWith("  missing.jpg: there is no such file\n");
    Path file = Files.write(folder.resolve("list.txt"), list);
    assertThat(names(predict("--files-from", file))).containsExactly("a.jpg");
  }

  @Test
  void eachPhotoIsAnsweredOnceAndToldOnce() throws IOException {
    Path photo = good("a.jpg");
    MaskRun run = predict(photo, "missing.jpg", photo, "missing.jpg");
    assertThat(names(run)).containsExactly("a.jpg");
    assertThat(run.err()).contains("1 of 2 photos");
    assertThat(run.err().split("missing.jpg", -1)).hasSize(2);
  }

  @Test
  void anEmptyFolderIsTold() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    MaskRun run = predict(empty);
    assertThat(run.code()).isEqualTo(3);
    assertThat(run.err()).contains(empty + ": there is no file in this folder");
  }

  @Test
  void everyFormatIsWrittenToAFile() throws IOException {
    Path photo = good("a.jpg");
    for (String format : List.of("--text", "--json", "--csv")) {
      Path out = folder.resolve("out" + format);
      MaskRun run = predict(format, "--out", out, photo);
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out()).isEqualTo(out + ": 1 photo\n");
      assertThat(Files.readString(out)).isEqualTo(predict(format, photo).out());
    }
  }

  @Test
  void outAloneIsTheTableOfProbabilitiesWithoutTheBadPhotos() throws IOException {
    Path bad = Files.writeString(folder.resolve("b.jpg"), "text");
    Path out = folder.resolve("table.csv");
    MaskRun run = predict("--out", out, good("a.jpg"), bad);
    assertThat(run.code()).isEqualTo(3);
    assertThat(PredictionTable.read(out).ids()).containsExactly(folder + "/a.jpg");
    assertThat(predict("--out", out, "--faces", "all", bad).err()).contains("--out alone");
  }

  @Test
  void photosAreDrawnBesideTheOriginals() throws IOException {
    Path first = good("x/a.jpg");
    Path second = good("y/a.jpg");
    Path third = good("y/a-2.jpg");
    Path up = folder.resolve("y/up.jpg");
    UnreadablePhotosTest.copy("orientation-8", up);
    Path png = grey("y/grey.png");
    byte[] before = Files.readAllBytes(first);
    // The folder of the drawings is that of an original.
    MaskRun run = predict("--draw", first.getParent(), first, second, third, up, png);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(Files.readAllBytes(first)).isEqualTo(before);
    try (Stream<Path> all = Files.list(first.getParent())) {
      assertThat(all.map(p -> p.getFileName().toString()).filter(n -> !n.startsWith(".")))
          .containsExactlyInAnyOrder(
              "a.jpg", "a-2.jpg", "a-3.jpg", "a-2-2.jpg", "up.jpg", "grey.png");
    }
    PhotoDecoder decoder = PhotoDecoder.create();
    Pixels drawn = decoder.decode(first.resolveSibling("a-2.jpg"));
    Pixels plain = decoder.decode(first);
    assertThat(drawn.height()).isEqualTo(plain.height());
    assertThat(difference(drawn, plain)).isBetween(0.005, 0.3);
    assertThat(decoder.decode(first.resolveSibling("up.jpg")).width()).isEqualTo(256);
    assertThat(Files.readAllBytes(first.resolveSibling("grey.png"))[1]).isEqualTo((byte) 'P');
  }

  /** The share of pixels that differ clearly. */
  private static double difference(Pixels a, Pixels b) {
    int different = 0;
    for (int i = 0; i < a.array().length; i++) {
      different += Math.abs((a.array()[i] & 0xff) - (b.array()[i] & 0xff)) > 60 ? 1 : 0;
    }
    return different / (double) a.array().length;
  }

  @Test
  void drawingsAreNoPhotosOfTheNextRun() throws IOException {
    good("photos/a.jpg");
    Path photos = folder.resolve("photos");
    for (int run = 0; run < 2; run++) {
      assertThat(names(predict("--draw", photos.resolve("drawn"), photos)))
          .containsExactly("a.jpg");
    }
    assertThat(photos.resolve("drawn/a.jpg")).exists();
    assertThat(photos.resolve("drawn/a-2.jpg")).doesNotExist();
  }

  @Test
  void noPhotoIsWrittenOver() throws IOException {
    Path photo = good("a.jpg");
    Path other = good("mine/a.jpg");
    Files.write(other, new byte[] {1}, java.nio.file.StandardOpenOption.APPEND);
    byte[] before = Files.readAllBytes(other);

    assertThat(predict("--draw", other.getParent(), photo).code()).isZero();
    assertThat(Files.readAllBytes(other)).isEqualTo(before);
    assertThat(folder.resolve("mine/a-2.jpg")).exists();

    byte[] bytes = Files.readAllBytes(photo);
    MaskRun onto = predict("--csv", "--out", photo, photo);
    assertThat(onto.code()).isEqualTo(2);
    assertThat(onto.err()).contains("is one of the photos, expected the name of another file");
    assertThat(Files.readAllBytes(photo)).isEqualTo(bytes);
    assertThat(predict("--files-from", folder).err()).contains("is not a file, expected a file");
    assertThat(predict("--files-from", photo).err()).contains("a name on each line");
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefused() throws IOException {
    Path photo = good("a.jpg");
    assertThat(predict("--json", "--csv", photo).err()).contains("at most one of --text");
    assertThat(predict("--max-faces", "2", photo).err()).contains("expected --faces all with them");
    assertThat(predict().err()).contains("expected either --data DIR or photos");
    assertThat(predict("--data", folder, photo).code()).isEqualTo(2);
  }
}
