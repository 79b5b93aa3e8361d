package io.github.facemask.crossvalidation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.crossvalidation.CrossValidation.Predictor;
import io.github.facemask.crossvalidation.CrossValidation.Recipe;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PersonFolds;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.leakage.LeakCheck;
import io.github.facemask.learning.PhotoFiles;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrossValidationTest {

  private static final Recipe RECIPE =
      (split, index) ->
          TrainingRecipe.builder(Backbones.get("resnet18").withInputSize(32, 32), split)
              .optEpochs(1)
              .build()
              .training(TrainingRecipe.Running.usual());

  private static final Predictor PREDICTOR =
      (result, photos) ->
          new EnsemblePredictor(Ensemble.open(result.model()), Device.cpu(), Precision.FLOAT32)
              .predict(
                  card -> PhotoLoader.builder(photos, card.preprocessing()).build(),
                  Optional.empty(),
                  done -> {});

  @Test
  void eachPersonIsPredictedByARunThatWasNotTrainedOnThem(@TempDir Path folder) throws IOException {
    PhotoSet photos = PhotoFiles.write(folder.resolve("photos"), 8);
    PersonFolds folds = PersonFolds.builder(photos, 2).optSeed(3).build();
    Path to = folder.resolve("cv");

    CrossValidation.Result result = CrossValidation.of(folds.folds(), RECIPE, PREDICTOR).run(to);

    assertThat(result.predictions().ids())
        .containsExactlyInAnyOrderElementsOf(photos.photos().stream().map(p -> p.id()).toList());
    for (int i = 0; i < 2; i++) {
      assertThat(ModelFolder.open(result.results().get(i).model()).origin().trainingPeople())
          .doesNotContainAnyElementsOf(folds.fold(i).validation().people());
    }
    PredictionTable table = PredictionTable.read(to.resolve(CrossValidation.PREDICTIONS));
    LeakCheck.among(to).refuseSeen(to.resolve(CrossValidation.PREDICTIONS), table, photos);

    // Of one run's own predictions, those of its training people are refused.
    PhotoSet learned = folds.fold(0).train();
    Path file = to.resolve("learned.csv");
    PREDICTOR.predict(result.results().get(0), learned).write(file);
    FacePhoto first = learned.get(0);
    assertThatThrownBy(
            () -> LeakCheck.among(to).refuseSeen(file, PredictionTable.read(file), learned))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("was trained on person '" + first.person() + "'");

    // Run again, nothing is trained anew.
    CrossValidation.Result again = CrossValidation.of(folds.folds(), RECIPE, PREDICTOR).run(to);
    assertThat(again.results().get(1).run().path()).isEqualTo(result.results().get(1).run().path());
  }

  @Test
  void foldsThatShareAPersonAreRefused(@TempDir Path folder) throws IOException {
    PhotoSet photos = PhotoFiles.write(folder, 6);
    Split one = PersonFolds.builder(photos, 2).build().fold(0);

    assertThatThrownBy(() -> CrossValidation.of(List.of(one, one), RECIPE, PREDICTOR))
        .hasMessageContaining("is validated in two folds");
    assertThatThrownBy(() -> CrossValidation.of(List.of(one), RECIPE, PREDICTOR))
        .hasMessageContaining("2 or more");
  }
}
