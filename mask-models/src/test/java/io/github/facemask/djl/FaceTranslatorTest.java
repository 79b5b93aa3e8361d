package io.github.facemask.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.Classifications.Classification;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.classify.FacePrediction;
import io.github.facemask.export.Exporter;
import io.github.facemask.learning.TrainedModel;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exported models behind the predictor of DJL. */
class FaceTranslatorTest {

  @TempDir static Path folder;

  private static Path model;
  private static List<Path> photos;

  @BeforeAll
  static void train() throws IOException {
    TrainedModel trained = TrainedModel.in(folder);
    model = trained.run();
    photos = trained.files().subList(0, 12);
  }

  @Test
  void aPredictorOfDjlAnswersAsTheClassifier() throws Exception {
    Path exported = folder.resolve("exported-djl");
    Exporter.builder(ModelFolder.open(model.resolve("model")))
        .optPrecision(Precision.FLOAT32)
        .build()
        .export(exported);
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
}
