package io.github.facemask.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.dataset.PersonSplit;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.export.Exporter;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.facecrop.FaceDetectors;
import io.github.facemask.image.Box;
import io.github.facemask.image.PhotoDecoder;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import io.github.facemask.internal.encoding.PhotoEncoder;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.learning.PhotoFiles;
import io.github.facemask.model.ModelCard;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Network;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.ModelOrigin;
import io.github.facemask.provenance.RunId;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model is served with the crops that it was trained on, and with no others. */
class CardCropTest {

  private static final ModelOrigin ORIGIN =
      new ModelOrigin(
          new RunId("run"), Digest.ofText("t"), Digest.ofText("v"), ImmutableList.of("a"), 1);

  @TempDir Path folder;

  /** Finds one face at a fixed place. */
  private record FixedDetector(Box box) implements FaceDetector {
    @Override
    public List<Detection> detect(Pixels photo) {
      return List.of(new Detection(box, 1, "fixed"));
    }

    @Override
    public FaceCropSettings.Detector settings() {
      return new FaceCropSettings.Detector(
          "fixed", "", Map.of("left", box.left(), "right", box.right()));
    }
  }

  private static Network network() {
    return Backbones.get("resnet18").withInputSize(32, 32).network();
  }

  private Path model(String name, Optional<FaceCrop> faces) throws IOException {
    Network network = network();
    ModelFolder.write(
        folder.resolve(name), network, Initialization.random(network, 3), faces, ORIGIN);
    return folder.resolve(name);
  }

  @Test
  void aPhotoIsCutAsTheCardSaysWithTheCallersDetector() throws IOException {
    FaceDetector detector = new FixedDetector(new Box(60, 40, 120, 110));
    FaceCrop crop = FaceCrop.by(detector).withMargins(0.1, 0.05, 0.4).withLowestWeight(0);
    Path photo = TestFiles.path("photos/portrait.jpg");
    Pixels whole = PhotoDecoder.create().decode(photo);
    Path cut = folder.resolve("cut.png");
    Files.write(cut, PhotoEncoder.png(whole.crop(crop.decide("", "", whole).crop())));

    Path ofFaces = model("faces", Optional.of(crop));
    Path ofPhotos = model("whole", Optional.empty());

    try (FaceClassifier faces =
            FaceClassifier.builder(ofFaces)
                .optPrecision(Precision.FLOAT32)
                .optFaceDetector(detector)
                .open();
        FaceClassifier photos =
            FaceClassifier.builder(ofPhotos).optPrecision(Precision.FLOAT32).open()) {
      assertThat(faces.classify(photo)).isEqualTo(photos.classify(cut));
      assertThat(faces.classify(photo)).isNotEqualTo(photos.classify(photo));
    }
  }

  @Test
  void aDetectorThatIsNotAtHandIsAnErrorAndNoOtherIsTaken() throws IOException {
    FaceDetector detector = new FixedDetector(new Box(60, 40, 120, 110));
    Path model = model("faces", Optional.of(FaceCrop.by(detector)));

    assertThatThrownBy(() -> FaceClassifier.open(model))
        .isInstanceOf(FaceDetectors.UnavailableException.class)
        .hasMessageContaining("face detector fixed");
    FaceDetector other = new FixedDetector(new Box(1, 1, 50, 50));
    assertThatThrownBy(() -> FaceClassifier.builder(model).optFaceDetector(other).open())
        .isInstanceOf(FaceDetectors.UnavailableException.class);
    Path whole = model("whole", Optional.empty());
    assertThatThrownBy(() -> FaceClassifier.builder(whole).optFaceDetector(detector).open())
        .isInstanceOf(FaceDetectors.UnavailableException.class)
        .hasMessageContaining("needs no face detector");
  }

  @Test
  void aTrainedModelAndItsExportKeepTheNetworkOfTheirDetector() throws IOException {
    PhotoSet photos = PhotoFiles.write(folder.resolve("photos"), 12);
    Split split = PersonSplit.builder(photos).optValidationShare(0.3).build().split();
    Path network = TestFiles.path("yunet/green_squares.onnx");
    FaceCrop crop = FaceCrop.by(FaceDetectors.yunet(network)).withMargin(1).withLowestWeight(0);
    Path model =
        TrainingRecipe.builder(Backbones.get("resnet18").withInputSize(32, 32), split)
            .optFaces(crop)
            .optUnauditedCrops()
            .optEpochs(1)
            .optPrecision(Precision.FLOAT32)
            .build()
            .run(folder.resolve("runs"))
            .model();

    ModelFolder card = ModelFolder.open(model);
    assertThat(card.faces()).contains(crop.settings());
    assertThat(Digest.ofFile(model.resolve(ModelCard.DETECTOR_FILE)))
        .isEqualTo(Digest.ofFile(network));

    Path exported = folder.resolve("exported");
    Exporter.builder(card).optPrecision(Precision.FLOAT32).build().export(exported);
    Path photo = photos.get(0).photo().file();
    try (FaceClassifier trained =
            FaceClassifier.builder(model).optPrecision(Precision.FLOAT32).open();
        FaceClassifier program = FaceClassifier.open(exported)) {
      assertThat(program.classify(photo)).isEqualTo(trained.classify(photo));
    }

    Files.write(model.resolve(ModelCard.DETECTOR_FILE), new byte[] {1, 2, 3});
    assertThatThrownBy(() -> FaceClassifier.open(model)).isInstanceOf(IOException.class);
    Files.delete(model.resolve(ModelCard.DETECTOR_FILE));
    assertThatThrownBy(() -> FaceClassifier.open(model))
        .isInstanceOf(FaceDetectors.UnavailableException.class)
        .hasMessageContaining("pass the file of its network");
  }

  @Test
  void trainingOnOtherCropsThanTheNetworkExpectsIsRefused() throws IOException {
    PhotoSet photos = PhotoFiles.write(folder.resolve("photos"), 12);
    Split split = PersonSplit.builder(photos).optValidationShare(0.3).build().split();
    FaceCrop crop = FaceCrop.by(new FixedDetector(new Box(5, 5, 30, 30)));

    assertThatThrownBy(
            () ->
                io.github.facemask.training.Training.builder(
                        Backbones.get("resnet18").withInputSize(32, 32).withFaces(crop),
                        new io.github.facemask.training.TrainingData(
                            split.train(),
                            io.github.facemask.loader.PhotoLoader.builder(
                                    split.train(), network().preprocessing())
                                .build(),
                            split.validation(),
                            io.github.facemask.loader.PhotoLoader.builder(
                                    split.validation(), network().preprocessing())
                                .build()))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("give both the same face crop");
  }
}
