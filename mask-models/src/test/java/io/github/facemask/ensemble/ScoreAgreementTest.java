package io.github.facemask.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.dataset.PersonFolds;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.ensemble.EnsemblePredictor.CardBatches;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.export.Exporter;
import io.github.facemask.internal.processor.Processor;
import io.github.facemask.internal.torchscript.EngineFeatures;
import io.github.facemask.learning.PhotoFiles;
import io.github.facemask.model.ModelCard;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.model.Target;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.recipe.TrainingRecipe;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.EpochMetrics;
import io.github.facemask.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The score of a model on a set is one number: the validation in training, the evaluation, an
 * ensemble of one member, and an exported program of the same precision agree to the last digit
 * that is printed. docs/processors.md has the table.
 */
final class ScoreAgreementTest {

  /** Scores are printed with four digits. */
  private static final double PRINTED = 0.00005;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "resnet18, FLOAT32, 32",
    "resnet18, BFLOAT16, 32",
    "resnet18, BFLOAT16, 7",
    "tf_efficientnet_b0, BFLOAT16, 32",
    "vit_tiny_patch16_224, FLOAT32, 32",
    "vit_tiny_patch16_224, BFLOAT16, 32"
  })
  void theScoreOfAModelIsOneNumber(String backbone, Precision precision, int batch)
      throws IOException {
    assumeTrue(
        precision == Precision.FLOAT32 || EngineFeatures.computesBfloat16(),
        Processor.here().described() + " does not compute in bfloat16");
    Split split = split();
    TrainingResult trained = train(backbone, split, precision, batch);
    EpochMetrics best = trained.best();
    PhotoSet judges = split.validation();
    ModelFolder model = ModelFolder.open(trained.run().model());

    PredictionTable table = predict(Ensemble.ofEqual(List.of(model)), judges, precision, batch);

    assertScore("evaluation", table, judges, best, PRINTED);
    ExportedModel program =
        Exporter.builder(model)
            .optPrecision(precision)
            .build()
            .export(folder.resolve("program"))
            .model();
    assertRows("program", predict(of(program), judges, precision, batch), table, 0);
    Path written = folder.resolve("ensemble");
    Ensemble.ofEqual(List.of(model)).write(written);
    assertRows(
        "ensemble of one", predict(Ensemble.open(written), judges, precision, batch), table, 0);
    // Another batch size rounds otherwise, by no more than one rounding in each layer.
    double rounding = precision == Precision.FLOAT32 ? 1e-4 : 0.05;
    assertRows("other batch", predict(of(model), judges, precision, 5), table, rounding);
    if (Target.of(Device.cpu()) == Target.CPU) {
      ExportedModel portable =
          Exporter.builder(model)
              .optPrecision(precision)
              .optTarget(Target.PORTABLE)
              .build()
              .export(folder.resolve("portable"))
              .model();
      assertRows("portable", predict(of(portable), judges, precision, batch), table, rounding);
    }
  }

  private Split split() throws IOException {
    PhotoSet photos = PhotoFiles.write(folder.resolve("photos"), 30);
    return PersonFolds.builder(photos, 3).optSeed(1).build().fold(0);
  }

  private TrainingResult train(String backbone, Split split, Precision precision, int batch)
      throws IOException {
    return TrainingRecipe.builder(Backbones.get(backbone).withInputSize(48, 48), split)
        .optEpochs(2)
        .optBatchSize(batch)
        .optPrecision(precision)
        .build()
        .run(folder.resolve("runs"));
  }

  private static Ensemble of(ModelCard model) {
    return Ensemble.of(List.of(new Member(model, 1)));
  }

  private static PredictionTable predict(
      Ensemble ensemble, PhotoSet photos, Precision precision, int batch) throws IOException {
    CardBatches batches = CardBatches.of(photos).withLoading(batch, 1);
    return new EnsemblePredictor(ensemble, Device.cpu(), precision)
        .predict(batches::batches, Optional.of(photos.digest()), done -> {});
  }

  private static void assertScore(
      String what, PredictionTable table, PhotoSet judges, EpochMetrics best, double tolerance) {
    Evaluation evaluation = Evaluation.of(table, judges);
    assertThat(String.format(Locale.ROOT, "%.4f", evaluation.macroF1()))
        .as(what)
        .isEqualTo(String.format(Locale.ROOT, "%.4f", best.macroF1()));
    assertThat(evaluation.counts().accuracy())
        .as(what)
        .isCloseTo(best.accuracy(), within(tolerance));
  }

  private static void assertRows(
      String what, PredictionTable found, PredictionTable expected, double tolerance) {
    assertThat(found.size()).isEqualTo(expected.size());
    for (int row = 0; row < expected.size(); row++) {
      assertThat(found.probabilities(row))
          .as("%s, photo %d", what, row)
          .containsExactly(expected.probabilities(row), within((float) tolerance));
    }
  }
}
