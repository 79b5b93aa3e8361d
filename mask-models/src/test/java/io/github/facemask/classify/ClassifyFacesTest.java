package io.github.facemask.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.output.DetectedObjects;
import ai.djl.modality.cv.output.Landmark;
import ai.djl.modality.cv.output.Rectangle;
import ai.djl.translate.Translator;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.classify.FaceClassifier.Face;
import io.github.facemask.classify.FaceClassifier.FacesAnswer;
import io.github.facemask.djl.FaceTranslator;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.export.Exporter;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.cropping.CroppedPhoto;
import io.github.facemask.internal.cropping.PhotoCropper;
import io.github.facemask.internal.encoding.PhotoEncoder;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.MaskState;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
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
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each face of a photo is answered as if it were a photo of its own. */
class ClassifyFacesTest {

  private static final ModelOrigin ORIGIN =
      new ModelOrigin(
          new RunId("run"), Digest.ofText("t"), Digest.ofText("v"), ImmutableList.of("a"), 1);

  /** A marker of this value is a face; its blue is the score in hundredths. */
  private static final int RED = 250;

  private static final int SIDE = 24;

  @TempDir Path folder;

  /** Finds the marked squares of a photo in no useful order, with landmarks. */
  private static final class MarkerDetector implements FaceDetector {
    @Override
    public List<Detection> detect(Pixels photo) {
      List<Detection> found = new ArrayList<>();
      for (int x = photo.width() - SIDE; x >= 0; x--) {
        for (int y = 0; y <= photo.height() - SIDE; y++) {
          if (photo.at(y, x, 0) == RED && photo.at(y, x, 1) == 0) {
            Point middle = new Point(x + 12, y + 12);
            found.add(
                new Detection(
                    new Box(x, y, x + SIDE, y + SIDE),
                    photo.at(y, x, 2) / 100.0,
                    "marker",
                    List.of(middle, new Point(x + 16, y + 12), middle, middle, middle)));
          }
        }
      }
      return found;
    }

    @Override
    public FaceCropSettings.Detector settings() {
      return new FaceCropSettings.Detector("marker", "", Map.of());
    }
  }

  /** A face at a place: {x, y, score in hundredths, grey}. */
  private byte[] photo(int[]... faces) {
    byte[] rgb = new byte[200 * 160 * 3];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (40 + i / 3 % 200 / 4);
    }
    for (int[] face : faces) {
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          for (int c = 0; c < 3; c++) {
            int at = ((face[1] + y) * 200 + face[0] + x) * 3 + c;
            rgb[at] = (byte) (face[3] + 5 * ((x + y) % 4));
          }
        }
      }
      int at = (face[1] * 200 + face[0]) * 3;
      rgb[at] = (byte) RED;
      rgb[at + 1] = 0;
      rgb[at + 2] = (byte) face[2];
    }
    return PhotoEncoder.png(Pixels.wrap(160, 200, rgb));
  }

  private FaceCrop crop;
  private Path model;

  @BeforeEach
  void write() throws IOException {
    crop = FaceCrop.by(new MarkerDetector()).withMargin(0.25);
    model = model("model", Optional.of(crop), Map.of());
  }

  private Path model(String name, Optional<FaceCrop> faces, Map<Attribute, Double> temperatures)
      throws IOException {
    Network network = Backbones.get("resnet18").withInputSize(32, 32).network();
    ModelFolder.write(
        folder.resolve(name),
        network,
        Initialization.random(network, 3),
        faces,
        ORIGIN,
        Map.of(),
        temperatures);
    return folder.resolve(name);
  }

  private FaceClassifier.Builder builder() {
    return FaceClassifier.builder(model)
        .optPrecision(Precision.FLOAT32)
        .optFaceDetector(new MarkerDetector());
  }

  private static final int[][] CROWD = {
    {20, 20, 90, 200}, {90, 26, 80, 90}, {150, 12, 95, 30}, {60, 100, 70, 160}, {130, 96, 99, 220}
  };

  private static void assertClose(FacePrediction actual, FacePrediction expected) {
    for (int id = 0; id < 18; id++) {
      // Batches of other sizes round differently.
      assertThat(actual.probabilities().get(id))
          .isCloseTo(expected.probabilities().get(id), within(1e-5));
    }
  }

  @Test
  void eachFaceIsAnsweredAsItsCutInReadingOrder() throws IOException {
    byte[] photo = photo(CROWD);
    Pixels pixels = PhotoDecoder.create().decode(photo, "photo");
    try (FaceClassifier classifier = builder().open();
        FaceClassifier whole =
            FaceClassifier.builder(model("whole", Optional.empty(), Map.of()))
                .optPrecision(Precision.FLOAT32)
                .open()) {
      List<Face> faces = classifier.classifyFaces(photo);

      assertThat(faces)
          .extracting(face -> face.box().left())
          .containsExactly(20.0, 90.0, 150.0, 60.0, 130.0);
      assertThat(faces).extracting(Face::score).containsExactly(0.9, 0.8, 0.95, 0.7, 0.99);
      assertThat(faces.get(1).landmarks()).hasSize(5);
      for (Face face : faces) {
        Box box = face.box();
        Box region = new Box(box.left() - 6, box.top() - 6, box.right() + 6, box.bottom() + 6);
        assertClose(face.prediction(), whole.classify(PhotoEncoder.png(pixels.crop(region))));
      }
      assertThat(faces.get(0).prediction()).isNotEqualTo(faces.get(2).prediction());
    }
  }

  @Test
  void nobodyIsAnAnswer() throws IOException {
    try (FaceClassifier classifier = builder().open()) {
      assertThat(classifier.classifyFaces(photo())).isEmpty();
      assertThat(classifier.classifyFaces(new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB)))
          .isEmpty();
    }
  }

  @Test
  void facesAreLimitedByScoreSizeAndNumber() throws IOException {
    byte[] photo = photo(CROWD);
    try (FaceClassifier sure = builder().optMinScore(0.85).open();
        FaceClassifier large = builder().optMinFace(24.5).open();
        FaceClassifier fitting = builder().optMinFace(24).open();
        FaceClassifier two = builder().optMaxFaces(2).open()) {
      assertThat(sure.classifyFaces(photo))
          .extracting(Face::score)
          .containsExactly(0.9, 0.95, 0.99);
      assertThat(large.classifyFaces(photo)).isEmpty();
      assertThat(fitting.classifyFaces(photo)).hasSize(5);
      // The two with the largest weight, by place and score, still in reading order.
      assertThat(two.classifyFaces(photo))
          .extracting(face -> face.box().left())
          .containsExactly(90.0, 130.0);
    }
    assertThatThrownBy(() -> builder().optMaxFaces(0)).hasMessageContaining("max faces is 0");
    assertThatThrownBy(() -> builder().optMinScore(2)).hasMessageContaining("0 to 1");
    assertThatThrownBy(() -> builder().optUnsure(-1)).hasMessageContaining("0 to 1");
  }

  @Test
  void severalPhotosAreAnsweredAsOneByOneAndABadOneHasItsError() throws IOException {
    Map<String, FaceClassifier.PhotoSource> photos = new LinkedHashMap<>();
    byte[] crowd = photo(CROWD);
    photos.put("crowd", () -> crowd);
    photos.put("bad", () -> new byte[] {1, 2, 3});
    photos.put("nobody", () -> photo());
    photos.put("one", () -> photo(new int[] {80, 60, 90, 70}));
    List<FacesAnswer> answers = new ArrayList<>();
    try (FaceClassifier classifier = builder().optBatchSize(3).open()) {
      classifier.classifyAllFaces(photos, answers::add);

      assertThat(answers)
          .extracting(FacesAnswer::photo)
          .containsExactly("crowd", "bad", "nobody", "one");
      assertThat(answers).extracting(answer -> answer.faces().size()).containsExactly(5, 0, 0, 1);
      assertThat(answers.get(1).error().orElseThrow()).hasMessageContaining("bad");
      assertThat(answers.get(2).error()).isEmpty();
      assertThat(answers.get(0).width()).isEqualTo(200);
      assertThat(answers.get(0).height()).isEqualTo(160);
      List<Face> alone = classifier.classifyFaces(crowd);
      for (int i = 0; i < alone.size(); i++) {
        assertThat(answers.get(0).faces().get(i).box()).isEqualTo(alone.get(i).box());
        assertClose(answers.get(0).faces().get(i).prediction(), alone.get(i).prediction());
      }
    }
  }

  @Test
  void aModelOfWholePhotosSeesEachFaceAsItIsTold() throws IOException {
    byte[] photo = photo(CROWD);
    try (FaceClassifier ofCrops = builder().open();
        FaceClassifier ofPhotos =
            FaceClassifier.builder(model("whole", Optional.empty(), Map.of()))
                .optPrecision(Precision.FLOAT32)
                .optFaceSearch(crop)
                .open()) {
      assertThat(ofPhotos.classifyFaces(photo)).isEqualTo(ofCrops.classifyFaces(photo));
    }
  }

  @Test
  void anAnswerBelowTheThresholdIsUnsure() throws IOException {
    byte[] photo = photo(CROWD);
    model = model("calibrated", Optional.of(crop), Map.of(Attribute.MASK, 4.0));
    try (FaceClassifier plain = builder().open();
        FaceClassifier strict = builder().optUnsure(0.9).open()) {
      assertThat(plain.temperatures()).isEqualTo(ImmutableMap.of(Attribute.MASK, 4.0));
      FacePrediction usual = plain.classifyFaces(photo).get(0).prediction();
      FacePrediction doubtful = strict.classifyFaces(photo).get(0).prediction();

      assertThat(usual.unsure()).isEmpty();
      assertThat(usual.answer()).isEqualTo(usual.best());
      // The fourth root of the marginals, scaled to a sum of 1.
      MaskState best = usual.best().mask().orElseThrow();
      double sum = 0;
      for (MaskState state : MaskState.values()) {
        sum += Math.pow(usual.probability(state), 0.25);
      }
      double expected = Math.pow(usual.probability(best), 0.25) / sum;
      assertThat(usual.confidence().get(Attribute.MASK)).isCloseTo(expected, within(1e-12));
      assertThat(usual.confidence().get(Attribute.GENDER))
          .isCloseTo(usual.probability(usual.best().gender().orElseThrow()), within(1e-12));
      assertThat(doubtful.best()).isEqualTo(usual.best());
      assertThat(doubtful.unsure()).contains(Attribute.MASK);
      assertThat(doubtful.answer().mask()).isEmpty();
      for (Attribute attribute : Attribute.values()) {
        assertThat(doubtful.unsure().contains(attribute))
            .isEqualTo(doubtful.confidence().get(attribute) < 0.9);
      }
    }
  }

  @Test
  void aTemperatureThatIsNoneIsRefused() throws IOException {
    Path card = model("bad", Optional.empty(), Map.of(Attribute.AGE, 2.0)).resolve("model.json");
    String json = Files.readString(card);
    for (String wrong : List.of("0", "-1", "\"hot\"", "1.0E300")) {
      Files.writeString(card, json.replace("\"age\" : 2.0", "\"age\" : " + wrong));
      assertThatThrownBy(() -> ModelFolder.open(card.getParent()))
          .hasMessageContaining("temperature of age is " + wrong);
    }
  }

  @Test
  void anEnsembleOfTwoDetectorsAnswersEachFaceOnce() throws IOException {
    FaceDetector shifted =
        new FaceDetector() {
          @Override
          public List<Detection> detect(Pixels photo) {
            return new MarkerDetector()
                .detect(photo).stream()
                    .map(f -> new Detection(f.box().moved(3, 2), f.score(), "shifted"))
                    .toList();
          }

          @Override
          public FaceCropSettings.Detector settings() {
            return new FaceCropSettings.Detector("shifted", "", Map.of());
          }
        };
    Pixels pixels = PhotoDecoder.create().decode(photo(CROWD), "photo");
    CroppedPhoto photo = new PhotoCropper().wrap(pixels.array(), pixels.height(), pixels.width());
    FaceDetector.Detection face = photo.faces(new MarkerDetector()).get(0);
    FaceCrop other = FaceCrop.by(shifted).withMargin(0);

    // The other network sees the face where its own detector found it.
    assertThat(photo.face(face, crop, Optional.of(other)))
        .isEqualTo(pixels.crop(face.box().moved(3, 2)));
    assertThat(photo.face(face, crop.withMargin(0), Optional.empty()))
        .isEqualTo(pixels.crop(face.box()));
  }

  @Test
  void thePredictorOfDjlDetectsTheSameFaces() throws Exception {
    Path exported = folder.resolve("exported");
    Exporter.builder(ModelFolder.open(model("plain", Optional.empty(), Map.of())))
        .optPrecision(Precision.FLOAT32)
        .build()
        .export(exported);
    ExportedModel card = ExportedModel.open(exported);
    Translator<Image, DetectedObjects> translator =
        new FaceTranslator(card.preprocessing(), Optional.empty(), card.attributes())
            .ofEachFace(crop);
    try (Model djl = Model.newInstance("program", "PyTorch");
        FaceClassifier classifier = FaceClassifier.builder(exported).optFaceSearch(crop).open()) {
      djl.load(exported, "program");
      try (Predictor<Image, DetectedObjects> predictor = djl.newPredictor(translator)) {
        byte[] photo = photo(CROWD);
        Image image = ImageFactory.getInstance().fromInputStream(new ByteArrayInputStream(photo));
        DetectedObjects found = predictor.predict(image);
        List<Face> faces = classifier.classifyFaces(photo);

        assertThat(found.getNumberOfObjects()).isEqualTo(5);
        for (int i = 0; i < faces.size(); i++) {
          DetectedObjects.DetectedObject object = found.item(i);
          FacePrediction expected = faces.get(i).prediction();
          assertThat(object.getClassName()).isEqualTo(expected.best().displayName());
          assertThat(object.getProbability())
              .isCloseTo(expected.probability(expected.best()), within(1e-5));
          Rectangle place = object.getBoundingBox().getBounds();
          assertThat(place.getX() * 200).isCloseTo(faces.get(i).box().left(), within(1e-9));
          assertThat(place.getHeight() * 160).isCloseTo(SIDE, within(1e-9));
          assertThat(((Landmark) object.getBoundingBox()).getPath()).hasSize(5);
        }
        assertThat(
                predictor
                    .predict(
                        ImageFactory.getInstance()
                            .fromInputStream(new ByteArrayInputStream(photo())))
                    .getNumberOfObjects())
            .isZero();
      }
    }
  }
}
