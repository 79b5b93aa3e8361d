package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.Classifications.Classification;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import com.google.common.primitives.Doubles;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.classify.FaceClassifier.Answer;
import io.github.facemask.classify.FacePrediction;
import io.github.facemask.classify.HeatMap;
import io.github.facemask.dataset.PstageFolder;
import io.github.facemask.djl.FaceTranslatorFactory;
import io.github.facemask.export.Exporter;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.preprocessing.View;
import io.github.facemask.tensor.Precision;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The classifier in front of a trained model. */
class FaceClassifierTest {

  @TempDir static Path folder;

  private static Path model;
  private static List<Path> photos;

  @BeforeAll
  static void train() throws IOException {
    Path data = folder.resolve("photos");
    succeed("synth", "--out", data, "--people", 36, "--eval-photos", 12, "--seed", 4);
    succeed("train", "--data", data, "--runs", folder.resolve("runs"), "--size", 48, "--epochs", 1);
    try (Stream<Path> runs = Files.list(folder.resolve("runs"))) {
      model = runs.findFirst().orElseThrow();
    }
    try (Stream<Path> files = Files.list(data.resolve("eval").resolve("images"))) {
      // Copies from a Mac leave files of such names beside photos.
      photos = files.filter(f -> !f.getFileName().toString().startsWith("._")).sorted().toList();
    }
  }

  private static FaceClassifier classifier() throws IOException {
    return FaceClassifier.builder(model).optPrecision(Precision.FLOAT32).open();
  }

  @Test
  void answersAsThePredictCommandDoes() throws IOException {
    Path table = folder.resolve("table.csv");
    succeed(
        "predict",
        "--model",
        model,
        "--precision",
        "float32",
        "--out",
        table,
        photos.get(0),
        photos.get(1));
    PredictionTable expected = PredictionTable.read(table);
    try (FaceClassifier classifier = classifier()) {
      for (int i = 0; i < 2; i++) {
        assertClose(classifier.classify(photos.get(i)), expected.probabilities(i));
      }
    }
  }

  @Test
  void anExportedProgramAnswersAsItsModel() throws IOException {
    for (String target : List.of("cpu", "portable")) {
      Path exported = folder.resolve("exported-" + target);
      MaskRun run =
          succeed(
              "export",
              "--model",
              model,
              "--out",
              exported,
              "--precision",
              "float32",
              "--target",
              target,
              "--explain",
              "--data",
              folder.resolve("photos"));
      assertThat(run.out())
          .contains("batch norms folded")
          .contains("100.00 % classified as in float32");
      try (FaceClassifier of = FaceClassifier.open(exported);
          FaceClassifier expected = classifier()) {
        double[] answer = Doubles.toArray(of.classify(photos.get(0)).probabilities());
        assertThat(Doubles.toArray(expected.classify(photos.get(0)).probabilities()))
            .containsExactly(answer, within(1e-5));
      }
    }
    // A loss that nobody can keep below leaves nothing behind.
    Path refused = folder.resolve("refused");
    Exporter greedy =
        Exporter.builder(ModelFolder.open(model.resolve("model")))
            .optGuard(PstageFolder.read(folder.resolve("photos")), -1)
            .build();
    assertThatThrownBy(() -> greedy.export(refused))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of macro F1, expected at most -1.0");
    String[] words = {
      "--model=" + model, "--out=" + refused, "", "--data=" + folder.resolve("photos")
    };
    assertThat(refused).doesNotExist();
    for (String loss : List.of("-1.0", "NaN", "1.5")) {
      words[2] = "--max-f1-loss=" + loss;
      MaskRun run = MaskRun.of("export", words[0], words[1], words[2], words[3]);
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("--max-f1-loss is " + loss + ", expected 0 to 1");
    }
    // A program that was changed is not run.
    Path changed = folder.resolve("exported-cpu");
    byte[] bytes = Files.readAllBytes(changed.resolve("program.pt"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(changed.resolve("program.pt"), bytes);
    assertThatThrownBy(() -> FaceClassifier.open(changed)).hasMessageContaining("was changed");
  }

  @Test
  void aProgramOfBytesAnswersMuchAsItsModel() throws IOException {
    assumeTrue(Processor.here().addsBytesExactly(), "this processor has no VNNI");
    Path exported = folder.resolve("exported-int8");
    MaskRun run =
        succeed(
            "export",
            "--model",
            model,
            "--out",
            exported,
            "--precision",
            "int8",
            "--calibration-photos",
            20,
            "--max-f1-loss",
            "1",
            "--explain",
            "--data",
            folder.resolve("photos"));
    assertThat(run.out())
        .contains("20 convolutions and 0 linear maps in int8, calibrated on 20 photos")
        .contains("INT8, CPU");
    try (FaceClassifier bytes = FaceClassifier.open(exported);
        FaceClassifier expected = classifier()) {
      for (Path photo : photos) {
        assertThat(Doubles.toArray(bytes.classify(photo).probabilities()))
            .containsExactly(
                Doubles.toArray(expected.classify(photo).probabilities()), within(0.1));
      }
    }
  }

  @Test
  void whereSumsOfBytesOverflowAProgramOfBytesIsRefused() {
    assumeFalse(Processor.here().addsBytesExactly(), "this processor has VNNI: nothing to refuse");
    Path exported = folder.resolve("exported-overflow");
    MaskRun run =
        MaskRun.of(
            "export",
            "--model",
            model,
            "--out",
            exported,
            "--precision",
            "int8",
            "--calibration-photos",
            2,
            "--data",
            folder.resolve("photos"));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--precision is INT8, expected a processor with VNNI");
    assertThat(exported).doesNotExist();
  }

  @Test
  void bytesNeedPhotosToCalibrateOn() {
    String to = folder.resolve("never").toString();
    MaskRun blind = MaskRun.of("export", "--model", model, "--out", to, "--precision", "int8");
    assertThat(blind.code()).isEqualTo(2);
    assertThat(blind.err()).contains("--precision is INT8, expected --data with it");

    MaskRun idle = MaskRun.of("export", "--model", model, "--out", to, "--calibration-photos", 3);
    assertThat(idle.code()).isEqualTo(2);
    assertThat(idle.err()).contains("--calibration-photos is 3, expected --precision INT8");
    assertThat(folder.resolve("never")).doesNotExist();
  }

  @Test
  void aPredictorOfDjlAnswersAsTheClassifier() throws Exception {
    Path exported = folder.resolve("exported-djl");
    succeed("export", "--model", model, "--out", exported, "--precision", "float32");
    Criteria<Image, Classifications> criteria =
        Criteria.builder()
            .setTypes(Image.class, Classifications.class)
            .optModelPath(exported)
            .optTranslatorFactory(new FaceTranslatorFactory())
            .build();
    List<Image> images = new ArrayList<>();
    for (Path photo : photos) {
      images.add(ImageFactory.getInstance().fromFile(photo));
    }
    try (ZooModel<Image, Classifications> zoo = criteria.loadModel();
        Predictor<Image, Classifications> predictor = zoo.newPredictor();
        FaceClassifier classifier = FaceClassifier.open(exported)) {
      List<Classifications> answers = predictor.batchPredict(images);

      for (int i = 0; i < answers.size(); i++) {
        FacePrediction expected = classifier.classify(images.get(i));
        Classification best = answers.get(i).best();
        assertThat(best.getClassName()).isEqualTo(expected.best().displayName());
        assertThat(best.getProbability())
            .isCloseTo(expected.probability(expected.best()), within(1e-5));
        assertThat(answers.get(i).items()).hasSize(18);
      }
    }
  }

  @Test
  void photosFromAnywhereAreAnsweredByTheirNames() throws IOException {
    Map<String, FaceClassifier.PhotoSource> sources = new LinkedHashMap<>();
    sources.put("first", () -> Files.readAllBytes(photos.get(0)));
    sources.put("no photo", () -> new byte[] {1, 2, 3});
    List<Answer> answers = new ArrayList<>();
    try (FaceClassifier classifier = classifier()) {
      classifier.classifyAll(sources, answers::add);

      assertThat(answers).extracting(Answer::photo).containsExactly("first", "no photo");
      assertThat(answers.get(0).prediction().orElseThrow())
          .isEqualTo(classifier.classify(photos.get(0)));
      assertThat(answers.get(1).error().orElseThrow()).hasMessageContaining("no photo");
    }
  }

  @Test
  void aPhotoInAnyFormHasTheSameAnswer() throws IOException {
    BufferedImage decoded = ImageIO.read(photos.get(0).toFile());
    Path png = folder.resolve("photo.png");
    ImageIO.write(decoded, "png", png.toFile());
    byte[] bytes = Files.readAllBytes(png);
    try (FaceClassifier classifier = classifier()) {
      FacePrediction expected = classifier.classify(png);

      assertThat(classifier.classify(bytes)).isEqualTo(expected);
      assertThat(classifier.classify(new ByteArrayInputStream(bytes))).isEqualTo(expected);
      assertThat(classifier.classify(decoded)).isEqualTo(expected);
      assertThat(classifier.classify(ImageFactory.getInstance().fromImage(decoded)))
          .isEqualTo(expected);
      double whole = 0;
      for (MaskState mask : MaskState.values()) {
        whole += expected.probability(mask);
      }
      assertThat(whole).isCloseTo(1, within(1e-6));
      assertThat(expected.probability(Gender.MALE) + expected.probability(Gender.FEMALE))
          .isCloseTo(1, within(1e-6));
      assertThat(expected.probability(AgeGroup.values()[0])).isBetween(0.0, 1.0);
      assertThat(expected.probability(expected.best()))
          .isEqualTo(
              expected.probabilities().stream()
                  .mapToDouble(Double::doubleValue)
                  .max()
                  .orElseThrow());
    }
  }

  @Test
  void aBadPhotoIsAnsweredWithItsErrorAndTheOthersGoOn() throws IOException {
    Path broken = folder.resolve("broken.jpg");
    Files.write(broken, new byte[] {(byte) 0xff, (byte) 0xd8, 1, 2, 3});
    Path missing = folder.resolve("missing.jpg");
    List<Path> all = new ArrayList<>(photos);
    all.add(1, broken);
    all.add(3, missing);
    List<Answer> answers = new ArrayList<>();
    try (FaceClassifier classifier =
        FaceClassifier.builder(model).optPrecision(Precision.FLOAT32).optBatchSize(4).open()) {
      classifier.classifyAll(all, answers::add);

      assertThat(answers)
          .extracting(Answer::photo)
          .containsExactlyElementsOf(all.stream().map(Path::toString).toList());
      assertThat(answers.get(1).error().orElseThrow()).hasMessageContaining("broken.jpg");
      assertThat(answers.get(3).error().orElseThrow()).hasMessageContaining("missing.jpg");
      assertThat(answers).filteredOn(a -> a.prediction().isPresent()).hasSize(photos.size());
      FacePrediction alone = classifier.classify(photos.get(5));
      double[] together =
          Doubles.toArray(answers.get(7).prediction().orElseThrow().probabilities());
      assertThat(Doubles.toArray(alone.probabilities())).containsExactly(together, within(1e-5));
      assertThatThrownBy(() -> classifier.classify(missing))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("there is no such photo");
    }
  }

  @Test
  void aMirroredPhotoHasTheSameAnswerWhereBothAreLookedAt() throws IOException {
    BufferedImage photo = ImageIO.read(photos.get(2).toFile());
    int width = photo.getWidth();
    BufferedImage mirrored =
        new BufferedImage(width, photo.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < photo.getHeight(); y++) {
      for (int x = 0; x < width; x++) {
        mirrored.setRGB(width - 1 - x, y, photo.getRGB(x, y));
      }
    }
    try (FaceClassifier once = classifier();
        FaceClassifier both =
            FaceClassifier.builder(model)
                .optPrecision(Precision.FLOAT32)
                .optViews(View.flip())
                .open()) {
      assertThat(once.classify(mirrored)).isNotEqualTo(once.classify(photo));
      assertThat(Doubles.toArray(both.classify(mirrored).probabilities()))
          .containsExactly(Doubles.toArray(both.classify(photo).probabilities()), within(1e-3));
    }
    assertThat(View.tenCrops(0.875)).hasSize(10).doesNotHaveDuplicates();
  }

  @Test
  void theHeatMapIsOfWhatTheNetworkSees() throws IOException {
    try (FaceClassifier classifier = classifier()) {
      HeatMap map = classifier.explain(photos.get(0), 4);

      assertThat(map.drops()).hasSize(4).allMatch(row -> row.size() == 4);
      assertThat(map.picture().getWidth()).isEqualTo(48);
      assertThat(map.drops()).anyMatch(row -> row.stream().anyMatch(drop -> drop != 0));
    }
  }

  @Test
  void eightThreadsAnswerAsOne() throws Exception {
    soak(400);
  }

  @Test
  @Tag("slow")
  void aHundredThousandAnswersAreTheSameAndMemoryStays() throws Exception {
    soak(10_000);
    long before = residentKib();
    soak(100_000);
    assertThat(residentKib() - before).isLessThan(100_000);
  }

  private static void soak(int count) throws Exception {
    List<byte[]> files = new ArrayList<>();
    for (Path photo : photos.subList(0, 4)) {
      files.add(Files.readAllBytes(photo));
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (FaceClassifier classifier = classifier()) {
      List<FacePrediction> alone = new ArrayList<>();
      for (byte[] file : files) {
        alone.add(classifier.classify(file));
      }
      List<Future<Integer>> work = new ArrayList<>();
      for (int t = 0; t < 8; t++) {
        int thread = t;
        work.add(
            threads.submit(
                () -> {
                  int same = 0;
                  for (int i = 0; i < count / 8; i++) {
                    int which = (thread + i) % files.size();
                    same += classifier.classify(files.get(which)).equals(alone.get(which)) ? 1 : 0;
                  }
                  return same;
                }));
      }
      for (Future<Integer> each : work) {
        assertThat(each.get()).isEqualTo(count / 8);
      }
    } finally {
      threads.shutdown();
    }
  }

  private static long residentKib() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException("/proc/self/status: lacks VmRSS");
  }

  private static void assertClose(FacePrediction actual, float[] expected) {
    for (int id = 0; id < expected.length; id++) {
      assertThat(actual.probabilities().get(id)).isCloseTo(expected[id], within(1e-5));
    }
  }

  private static MaskRun succeed(Object... arguments) {
    MaskRun run = MaskRun.of(arguments);
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }
}
