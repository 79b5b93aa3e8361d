package io.github.facemask.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.classify.FacePrediction;
import io.github.facemask.image.TestFiles;
import io.github.facemask.learning.TrainedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job on a Spark of this process with two threads. */
class ScorePhotosTest {

  @TempDir static Path folder;

  private static Path model;
  private static Path photos;
  private SparkSession spark;

  @BeforeAll
  static void train() throws IOException {
    TrainedModel trained = TrainedModel.in(folder.resolve("trained"));
    model = trained.run();
    photos = Files.createDirectory(folder.resolve("photos"));
    for (Path photo : trained.files().subList(0, 24)) {
      Files.copy(photo, photos.resolve(photo.getFileName()));
    }
    Files.write(photos.resolve("broken.jpg"), new byte[] {(byte) 0xff, (byte) 0xd8, 1, 2});
    Files.writeString(photos.resolve("notes.txt"), "no photo");
  }

  @BeforeEach
  void start() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.driver.host", "localhost")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
            .getOrCreate();
  }

  @AfterEach
  void stop() {
    spark.stop();
  }

  @Test
  void everyPhotoIsAnsweredAsByTheClassifier() throws IOException {
    Path out = folder.resolve("scores");

    Run run = run("--photos", photos, "--model", model, "--out", out, "--partitions", 3);

    assertThat(run.code()).isZero();
    assertThat(run.out()).contains("25 photos, 1 of them unreadable");
    start();
    List<Row> rows = spark.read().parquet(out.toString()).collectAsList();
    assertThat(rows).hasSize(25);
    try (FaceClassifier classifier = FaceClassifier.open(model);
        Stream<Path> parts = Files.list(out)) {
      assertThat(parts.filter(p -> p.toString().endsWith(".parquet"))).hasSizeGreaterThan(1);
      for (Row row : rows) {
        Path photo = Path.of(URI.create(row.getAs("path")));
        if (photo.endsWith("broken.jpg")) {
          assertThat(row.<String>getAs("error")).contains("broken.jpg");
          assertThat(row.<Object>getAs("label")).isNull();
        } else {
          FacePrediction expected = classifier.classify(photo);
          assertThat(row.<String>getAs("error")).isNull();
          assertThat(row.<Integer>getAs("class")).isEqualTo(expected.best().id());
          assertThat(row.<Double>getAs("p5"))
              .isCloseTo(expected.probabilities().get(5), within(2e-2));
        }
      }
    }
  }

  @Test
  void everyFaceIsARow() throws IOException {
    Path out = folder.resolve("faces");
    Path portraits = Files.createDirectory(folder.resolve("portraits"));
    for (String name : List.of("no_face.jpg", "portrait_with_background_face.jpg")) {
      Files.copy(TestFiles.path("photos/" + name), portraits.resolve(name));
    }
    Files.write(portraits.resolve("broken.jpg"), new byte[] {(byte) 0xff, (byte) 0xd8, 1, 2});

    Run run = run("--photos", portraits, "--model", model, "--out", out, "--faces");

    assertThat(run.code()).isZero();
    start();
    List<Row> rows = spark.read().parquet(out.toString()).sort("path", "face").collectAsList();
    assertThat(run.out()).contains(rows.size() - 1 + " faces, 1 photos unreadable");
    int next = 0;
    try (FaceClassifier classifier = FaceClassifier.open(model);
        Stream<Path> files = Files.list(portraits)) {
      for (Path photo : files.sorted().toList()) {
        if (photo.endsWith("broken.jpg")) {
          assertThat(rows.get(next++).<String>getAs("error")).contains("broken.jpg");
          continue;
        }
        List<FaceClassifier.Face> faces = classifier.classifyFaces(photo);
        for (int i = 0; i < faces.size(); i++) {
          Row row = rows.get(next++);
          assertThat(Path.of(URI.create(row.getAs("path")))).isEqualTo(photo);
          assertThat(row.<Integer>getAs("face")).isEqualTo(i);
          assertThat(row.<Double>getAs("left")).isEqualTo(faces.get(i).box().left());
          assertThat(row.<Double>getAs("bottom")).isEqualTo(faces.get(i).box().bottom());
          assertThat(row.<Double>getAs("score")).isEqualTo(faces.get(i).score());
          assertThat(row.<String>getAs("label"))
              .isEqualTo(faces.get(i).prediction().best().displayName());
          assertThat(row.<Double>getAs("p5"))
              .isCloseTo(faces.get(i).prediction().probabilities().get(5), within(2e-2));
        }
      }
    }
    assertThat(next).isEqualTo(rows.size()).isGreaterThan(1);
  }

  @Test
  void partsDoNotChangeTheAnswers() {
    Dataset<Row> files = spark.read().format("binaryFile").load(photos + "/*.{jpg,png}");

    List<Row> one =
        PhotoScores.of(files.repartition(1), model.toString()).sort("path").collectAsList();
    List<Row> many =
        PhotoScores.of(files.repartition(40), model.toString()).sort("path").collectAsList();

    assertThat(one).hasSize(25);
    for (int i = 0; i < one.size(); i++) {
      assertThat(many.get(i).getString(0)).isEqualTo(one.get(i).getString(0));
      assertThat(many.get(i).isNullAt(1)).isEqualTo(one.get(i).isNullAt(1));
      if (!one.get(i).isNullAt(1)) {
        // Batches of other sizes round differently.
        assertThat(many.get(i).getDouble(9)).isCloseTo(one.get(i).getDouble(9), within(2e-2));
      }
    }
  }

  @Test
  void answersAsCsvHaveAHeader() throws IOException {
    Path out = folder.resolve("csv");

    Run run = run("--photos", photos, "--model", model, "--out", out, "--format", "csv");

    assertThat(run.code()).isZero();
    try (Stream<Path> parts = Files.list(out)) {
      Path part = parts.filter(p -> p.toString().endsWith(".csv")).findFirst().orElseThrow();
      assertThat(Files.readAllLines(part).get(0)).startsWith("path,class,label,mask,gender,age,p0");
    }
    start();
    // What is there is not written over.
    Run again = run("--photos", photos, "--model", model, "--out", out, "--format", "csv");
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("already exists").doesNotContain("at org.apache");
  }

  @Test
  void wrongInputIsTold() {
    Run noModel = run("--photos", photos, "--model", folder, "--out", folder.resolve("none"));
    assertThat(noModel.code()).isEqualTo(2);
    assertThat(noModel.err()).contains(folder.toString());
    start();
    Run noParts =
        run("--photos", photos, "--model", model, "--out", folder.resolve("n"), "--partitions", 0);
    assertThat(noParts.code()).isEqualTo(2);
    assertThat(noParts.err()).contains("--partitions is 0, expected 1 or more");
    Dataset<Row> paths = spark.createDataset(List.of("a"), Encoders.STRING()).toDF("path");
    assertThatThrownBy(() -> PhotoScores.of(paths, model.toString()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected path and content");
  }

  private record Run(int code, String out, String err) {}

  private static Run run(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        ScorePhotos.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    return new Run(code, out.toString(), err.toString());
  }
}
