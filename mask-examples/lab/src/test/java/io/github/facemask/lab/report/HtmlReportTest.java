package io.github.facemask.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.google.common.base.Splitter;
import com.google.common.primitives.ImmutableDoubleArray;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Photos;
import io.github.facemask.evaluation.ConfusionMatrix;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.image.TestFiles;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import io.github.facemask.provenance.Digest;
import io.github.facemask.sampling.SamplingBalance;
import io.github.facemask.sampling.WeightedSampler;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class HtmlReportTest {

  private static final PhotoSet PHOTOS = Photos.people(4, 3, 1, 5, 6, 1);

  @TempDir Path folder;

  @Test
  void textIsEscapedWhereverItStands() {
    String evil = "<script>alert('x')</script>\"&";
    String html =
        HtmlReport.builder(evil)
            .optSubtitle(evil)
            .add(new Section.Text(evil, List.of(evil)))
            .add(new Section.Facts("Facts", Map.of(evil, evil)))
            .add(new Section.Table("Table", List.of(evil), List.of(List.of(evil))))
            .add(new Section.Numbers("Numbers", List.of(new Section.Figure(evil, evil, evil))))
            .add(new Section.Bars("Bars", evil, List.of(Section.Bar.of(evil, 1, evil))))
            .add(new Section.Charts("Charts", List.of(chart(evil, 1, 2, 3))))
            .add(
                new Section.Matrix(
                    "Matrix", List.of(evil, evil), ConfusionMatrix.builder(2).add(0, 1).build()))
            .add(
                new Section.Photos(
                    "Photos",
                    List.of(PhotoCard.placeholder(evil, PhotoCard.Tone.BAD, List.of(evil)))))
            .build()
            .html();

    assertThat(html).doesNotContain("<script>").contains("&lt;script&gt;");
  }

  @Test
  void aPageOfAnEvaluationFetchesNothingAndHasEachClass() throws IOException {
    Evaluation evaluation = Evaluation.of(predictions(), PHOTOS);
    Path file = folder.resolve("report.html");

    HtmlReport.builder("Evaluation")
        .addAll(EvaluationSections.of(evaluation))
        .add(EvaluationSections.worst(evaluation, PHOTOS))
        .add(
            DataSections.balance(
                SamplingBalance.of(WeightedSampler.inverseFrequency(), PHOTOS, 1, 0)))
        .add(DataSections.classCounts("Photos", PHOTOS))
        .build()
        .write(file);

    String html = Files.readString(file);
    assertThat(html).doesNotContain("http").doesNotContain("url(").doesNotContain("@import");
    for (FaceClass faceClass : FaceClass.values()) {
      assertThat(html).contains(ClassName.brief(faceClass));
    }
    assertThat(html)
        .contains(PHOTOS.digest().hex())
        .contains(Digest.ofText("model").hex())
        .contains("140 photos of 20 people")
        .contains("worn · male · under 30 predicted as worn · male · 30–59: 20 of 20");
  }

  @Test
  void numbersHavePointsInTurkishToo() {
    String html =
        HtmlReport.builder("Numbers")
            .add(
                new Section.Bars(
                    "Bars",
                    "",
                    List.of(
                        new Section.Bar("a", 3, "3", Optional.of(1.5)),
                        Section.Bar.of("b", 1, "1"))))
            .build()
            .html();

    assertThat(html).contains("width:100%").contains("left:50%").contains("width:33.33%");
  }

  @Test
  void barsOfZeroAreDrawn() {
    String html =
        HtmlReport.builder("Zero")
            .add(new Section.Bars("Bars", "", List.of(Section.Bar.of("none", 0, "0"))))
            .build()
            .html();

    assertThat(html).contains("width:0%");
  }

  @Test
  void aChartIsWellFormedAndItsLinesLieInside() throws Exception {
    Document svg = parse(chart("Loss & gain", 0.5, Double.NaN, 2.5, -1).svg());

    Element line = (Element) svg.getElementsByTagName("polyline").item(0);
    List<List<String>> points =
        Splitter.on(' ')
            .splitToStream(line.getAttribute("points"))
            .map(point -> Splitter.on(',').splitToList(point))
            .toList();
    assertThat(points).hasSize(3);
    for (List<String> point : points) {
      assertThat(Double.parseDouble(point.get(0))).isBetween(60.0, 546.0);
      assertThat(Double.parseDouble(point.get(1))).isBetween(12.0, 220.0);
    }
    // The greatest value lies highest.
    assertThat(Double.parseDouble(points.get(1).get(1)))
        .isLessThan(Double.parseDouble(points.get(0).get(1)));
    assertThat(svg.getDocumentElement().getAttribute("aria-label")).isEqualTo("Loss & gain");
  }

  @Test
  void aChartOfOnePointOrOfNoNumbersIsDrawn() throws Exception {
    assertThat(parse(chart("one", 0.7).svg()).getElementsByTagName("circle").getLength()).isOne();
    assertThat(parse(chart("none", Double.NaN).svg()).getElementsByTagName("circle").getLength())
        .isZero();
  }

  @Test
  void photosAreEmbeddedSmall() throws IOException {
    Path file = folder.resolve("photo.png");
    BufferedImage large = new BufferedImage(384, 512, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 512; y++) {
      for (int x = 0; x < 384; x++) {
        large.setRGB(x, y, y < 256 ? 0xff0000 : 0x0000ff);
      }
    }
    ImageIO.write(large, "png", file.toFile());

    String html =
        HtmlReport.builder("Photos")
            .add(
                new Section.Photos(
                    "Photos", List.of(PhotoCard.of(file, PhotoCard.Tone.GOOD, "caption"))))
            .build()
            .html();

    Matcher uri = Pattern.compile("data:image/jpeg;base64,([^\"]+)").matcher(html);
    assertThat(uri.find()).isTrue();
    byte[] bytes = Base64.getDecoder().decode(uri.group(1).replace("&#43;", "+"));
    BufferedImage small = ImageIO.read(new ByteArrayInputStream(bytes));
    assertThat(small.getWidth()).isEqualTo(132);
    assertThat(small.getHeight()).isEqualTo(176);
    assertThat((small.getRGB(66, 20) >> 16) & 255).isGreaterThan(200);
    assertThat(small.getRGB(66, 150) & 255).isGreaterThan(200);
  }

  @Test
  void photosAreShownAsTrainingDecodesThem() throws IOException {
    for (String name : List.of("exif_orientation6.jpg", "photo.webp", "cmyk.jpg", "gray16.png")) {
      Path file = TestFiles.path("images/" + name);
      Pixels whole = PhotoDecoder.create().decode(file);

      PhotoCard card = PhotoCard.of(file, PhotoCard.Tone.PLAIN, name);

      String uri = card.image().orElseThrow();
      byte[] bytes = Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1));
      Pixels small = PhotoDecoder.create().decode(bytes, name);
      Pixels expected =
          Resampler.resize(whole, small.height(), small.width(), Interpolation.BILINEAR);
      assertThat(small.width() * whole.height())
          .as(name)
          .isCloseTo(small.height() * whole.width(), within(whole.height()));
      assertThat(meanDifference(small, expected)).as(name).isLessThan(6);
    }
  }

  private static double meanDifference(Pixels one, Pixels other) {
    double sum = 0;
    for (int i = 0; i < one.array().length; i++) {
      sum += Math.abs((one.array()[i] & 0xff) - (other.array()[i] & 0xff));
    }
    return sum / one.array().length;
  }

  @Test
  void aPhotoTurnedByExifIsUpright() throws IOException {
    Path file = TestFiles.path("images/exif_orientation6.jpg");
    BufferedImage stored = ImageIO.read(file.toFile());

    String uri = PhotoCard.of(file, PhotoCard.Tone.PLAIN).image().orElseThrow();
    byte[] bytes = Base64.getDecoder().decode(uri.substring(uri.indexOf(',') + 1));
    BufferedImage shown = ImageIO.read(new ByteArrayInputStream(bytes));

    // Orientation 6 turns by 90 degrees: the stored left lower corner is the upper left one.
    assertThat(stored.getWidth() > stored.getHeight())
        .isNotEqualTo(shown.getWidth() > shown.getHeight());
    int corner = stored.getRGB(2, stored.getHeight() - 3);
    int upright = shown.getRGB(1, 1);
    for (int shift : new int[] {0, 8, 16}) {
      assertThat((upright >> shift) & 255).isCloseTo((corner >> shift) & 255, within(40));
    }
  }

  @Test
  void noPageShowsAbsolutePaths() throws IOException {
    Path secret = folder.resolve("people of mine").resolve("a.jpg").toAbsolutePath();
    Path page = folder.resolve("pages").resolve("page.html");
    Files.createDirectories(page.getParent());

    HtmlReport.builder("Page of " + secret)
        .optSubtitle(secret.toString())
        .add(new Section.Text("Text", List.of("made by: mask train --data " + folder + "/data x")))
        .add(new Section.Facts("Facts", Map.of("data", secret.toString())))
        .add(new Section.Table("Table", List.of("a"), List.of(List.of(secret.toString()))))
        .add(new Section.Bars("Bars", "", List.of(Section.Bar.of(secret.toString(), 1, "1"))))
        .add(
            new Section.Photos(
                "Photos", List.of(PhotoCard.of(secret, PhotoCard.Tone.PLAIN, secret.toString()))))
        .build()
        .write(page);

    assertThat(Files.readString(page))
        .doesNotContain(folder.toString())
        .contains(
            "<td>../people of mine/a.jpg</td>", "--data ../data x", "a.jpg: there is no such");
  }

  @Test
  void aClassWithoutPhotosIsAbsent() {
    PhotoSet men = PHOTOS.filter(photo -> photo.label().gender().equals(Optional.of(Gender.MALE)));
    Evaluation evaluation = Evaluation.of(predictions(), men);

    Section.Table classes = (Section.Table) EvaluationSections.classes(evaluation);
    Section.Table attributes = (Section.Table) EvaluationSections.attributes(evaluation);

    assertThat(classes.rows().get(3))
        .containsExactly(
            "3  worn · female · under 30", "absent", "absent", "absent", "absent", "0");
    assertThat(classes.rows().get(6).get(4)).isEqualTo("1.000 to 1.000");
    assertThat(attributes.rows())
        .anySatisfy(
            row -> assertThat(row).containsExactly("\u2003female", "absent", "", "absent", "0"));
  }

  @Test
  void aShortNameHasTheWordsOfTheLongOne() {
    for (FaceLabel label : FaceLabel.values()) {
      assertThat(ClassName.brief(label).replace(" · ", ", ").replace("30–59", "from 30 to 59"))
          .isEqualTo(label.displayName());
    }
  }

  @Test
  void aPhotoThatCannotBeReadIsSaidToBeSo() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.jpg"), "no photo");

    for (Path file : List.of(broken, folder.resolve("missing.jpg"))) {
      PhotoCard card = PhotoCard.of(file, PhotoCard.Tone.PLAIN, "caption");
      assertThat(card.image()).isEmpty();
      assertThat(
              HtmlReport.builder("Photos")
                  .add(new Section.Photos("Photos", List.of(card)))
                  .build()
                  .html())
          .contains("<div class=\"none\">" + file.getFileName() + ": ")
          .doesNotContain(folder.toString());
    }
    assertThat(PhotoCard.of(broken, PhotoCard.Tone.PLAIN).problem())
        .isEqualTo("broken.jpg: it is text, expected JPEG, PNG, WebP or BMP");
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> HtmlReport.builder("Empty").build())
        .withMessageContaining("'Empty' has no sections");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Section.Table("T", List.of("a", "b"), List.of(List.of("1"))))
        .withMessage("a row of 'T' has 1 cells, expected 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Section.Matrix("M", List.of("a"), ConfusionMatrix.builder(2).build()))
        .withMessageContaining("1 labels for 2 classes");
  }

  private static Section.Chart chart(String title, double... values) {
    double[] x = new double[values.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = i + 1;
    }
    return new Section.Chart(
        title,
        title,
        List.of(
            new Section.Line(
                title, ImmutableDoubleArray.copyOf(x), ImmutableDoubleArray.copyOf(values))));
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
  }

  private static PredictionTable predictions() {
    PredictionTable.Builder builder =
        PredictionTable.builder(
            new PredictionOrigin(
                List.of(Digest.ofText("model")), List.of("run"), Optional.empty()));
    for (FacePhoto photo : PHOTOS) {
      float[] row = new float[FaceClass.COUNT];
      row[photo.label().id() == 0 ? 1 : photo.label().id()] = 1;
      builder.add(photo.photo().id(), row);
    }
    return builder.build();
  }
}
