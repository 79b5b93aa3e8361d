package io.github.facemask.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import ai.djl.modality.cv.ImageFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.Doubles;
import io.github.facemask.classify.FaceClassifier.Answer;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.internal.calibration.Temperature;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.learning.TrainedModel;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.prediction.Prior;
import io.github.facemask.preprocessing.View;
import io.github.facemask.provenance.ModelOrigin;
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
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
    TrainedModel trained = TrainedModel.in(folder);
    model = trained.run();
    photos = trained.files().subList(0, 12);
  }

  private static FaceClassifier classifier() throws IOException {
    return FaceClassifier.builder(model).optPrecision(Precision.FLOAT32).open();
  }

  @Test
  void aPriorChangesAnswersByTheFormula() throws IOException {
    ModelOrigin.Shares shares =
        ModelFolder.open(model.resolve("model")).origin().shares().orElseThrow();
    Prior training = Prior.of(Doubles.toArray(shares.learnt()));
    Prior target = Prior.of(Set.of(Attribute.MASK), 0.05, 0.05, 0.9);
    try (FaceClassifier plain = classifier();
        FaceClassifier corrected =
            FaceClassifier.builder(model).optPrecision(Precision.FLOAT32).optPrior(target).open()) {
      for (Path photo : photos.subList(0, 3)) {
        double[] before = Doubles.toArray(plain.classify(photo).probabilities());
        double[] after = Doubles.toArray(corrected.classify(photo).probabilities());

        double[] mask = training.only(Set.of(Attribute.MASK)).toArray();
        double[] expected = new double[before.length];
        double sum = 0;
        for (int id = 0; id < before.length; id++) {
          expected[id] = before[id] * target.shares().get(id / 6) / mask[id / 6];
          sum += expected[id];
        }
        for (int id = 0; id < before.length; id++) {
          assertThat(after[id]).isCloseTo(expected[id] / sum, within(1e-6));
        }
      }
    }
  }

  @Test
  void anOlderCardNeedsTheSharesOfItsTraining(@TempDir Path copy) throws IOException {
    Path old = copy.resolve("old");
    Files.createDirectories(old);
    for (String name : List.of("model.json", "weights.safetensors")) {
      Files.copy(model.resolve("model").resolve(name), old.resolve(name));
    }
    ObjectNode card = (ObjectNode) new ObjectMapper().readTree(old.resolve("model.json").toFile());
    ((ObjectNode) card.get("origin")).remove("classShares");
    Files.writeString(old.resolve("model.json"), card.toString());

    assertThatThrownBy(() -> FaceClassifier.builder(old).optPrior(Prior.uniform()).open())
        .hasMessageContaining("model.json")
        .hasMessageContaining("give the shares in its training");
    try (FaceClassifier corrected =
            FaceClassifier.builder(old)
                .optPrecision(Precision.FLOAT32)
                .optPrior(Prior.uniform(), Prior.uniform())
                .open();
        FaceClassifier plain = classifier()) {
      assertThat(Doubles.toArray(corrected.classify(photos.get(0)).probabilities()))
          .containsExactly(
              Doubles.toArray(plain.classify(photos.get(0)).probabilities()), within(1e-9));
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
  void theCardCalibratesTheProbabilitiesOfTheValidationPhotos() throws IOException {
    TrainedModel trained = TrainedModel.in(folder.resolve("calibrated"), 7, 63);
    PhotoSet validation = TrainedModel.validation(trained.photos());
    float[][] rows = new float[validation.size()][18];
    try (FaceClassifier classifier = FaceClassifier.open(trained.run())) {
      for (int i = 0; i < rows.length; i++) {
        List<Double> row = classifier.classify(validation.get(i).photo().file()).probabilities();
        for (int id = 0; id < 18; id++) {
          rows[i][id] = row.get(id).floatValue();
        }
      }
      Map<Attribute, Double> expected =
          Temperature.fit(rows, validation.stream().map(FacePhoto::label).toList());

      assertThat(classifier.temperatures()).containsOnlyKeys(Attribute.values());
      classifier
          .temperatures()
          .forEach(
              (attribute, temperature) ->
                  assertThat(temperature).isCloseTo(expected.get(attribute), withinPercentage(5)));
    }
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
}
