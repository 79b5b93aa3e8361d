package io.github.facemask.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import ai.djl.Device;
import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.dataset.PersonSplit;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.hub.Hub;
import io.github.facemask.internal.program.Initialization;
import io.github.facemask.internal.weights.Safetensors;
import io.github.facemask.learning.PhotoFiles;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Heads;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.provenance.Digest;
import io.github.facemask.provenance.RunFolder;
import io.github.facemask.tensor.HostTensor;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainingListener;
import io.github.facemask.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training from published weights, and of the head alone. */
final class StartedFromTest {

  @TempDir static Path folder;

  private static Split split;
  private static Hub hub;
  private static Path file;

  @BeforeAll
  static void writeWeights() throws IOException {
    PhotoSet photos = PhotoFiles.write(folder.resolve("photos"), 24);
    split = PersonSplit.builder(photos).optValidationShare(0.3).build().split();
    file = folder.resolve("weights/resnet18.a1_in1k.safetensors");
    Files.createDirectories(file.getParent());
    Safetensors.write(
        file, Initialization.random(Backbones.get("resnet18").network(1000), 3), Map.of());
    hub =
        Hub.of(
            Map.of(
                "FACEMASK_WEIGHTS",
                file.getParent().toString(),
                "HF_HOME",
                folder.resolve("hf").toString(),
                "TORCH_HOME",
                folder.resolve("torch").toString(),
                "HF_HUB_OFFLINE",
                "1"));
  }

  private static Backbone resnet() {
    return Backbones.get("resnet18").withInputSize(32, 32);
  }

  private static TrainingRecipe.Builder recipe(Backbone backbone) {
    return TrainingRecipe.builder(backbone, split)
        .optEpochs(2)
        .optBatchSize(16)
        .optThreads(1)
        .optOptimizer(AdamW.of(1e-2, 0.05))
        .optPrecision(Precision.FLOAT32);
  }

  @Test
  void theRecordAndTheCardNameThePublishedWeights() throws IOException {
    TrainingResult result =
        recipe(resnet().optPretrained(hub)).optEpochs(1).build().run(folder.resolve("runs"));

    RunFolder run = result.run();
    assertThat(run.record().get("network"))
        .asInstanceOf(MAP)
        .containsEntry("weights", "pretrained")
        .containsEntry("pretrained", "resnet18.a1_in1k");
    assertThat(run.record().get("startedFrom"))
        .asInstanceOf(MAP)
        .containsEntry("source", "pretrained")
        .containsEntry("licence", "apache-2.0")
        .containsEntry("repository", "timm/resnet18.a1_in1k")
        .containsEntry("file", file.toString())
        .containsEntry("sha256", Digest.ofFile(file).hex());
    assertThat(ModelFolder.open(run.model()).startedFrom()).containsEntry("licence", "apache-2.0");
    TrainingRecipe again = TrainingRecipe.of(run.path());
    assertThat(again.backbone().parameters()).containsEntry("pretrained", "resnet18.a1_in1k");
  }

  @Test
  void weightsThatForbidCommercialUseAskForConsent() throws IOException {
    Backbone restricted = Backbones.get("resnet18.fb_ssl_yfcc100m_ft_in1k").withInputSize(32, 32);
    assertThatThrownBy(
            () -> recipe(restricted.optPretrained(hub)).build().run(folder.resolve("runs")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "accepted licence is missing, expected cc-by-nc-4.0, the licence of"
                + " resnet18.fb_ssl_yfcc100m_ft_in1k, which forbids commercial use; accept it with"
                + " withAcceptedLicence(\"cc-by-nc-4.0\"), or take other weights");
    // With consent they are looked for, and this machine has none.
    assertThatThrownBy(
            () ->
                recipe(restricted.optPretrained(hub).withAcceptedLicence("cc-by-nc-4.0"))
                    .build()
                    .run(folder.resolve("runs")))
        .isInstanceOf(Hub.UnavailableException.class);
  }

  @Test
  void aLinearProbeChangesTheHeadAloneAndSavesAWholeModel() throws IOException {
    TrainingResult result =
        recipe(resnet().withWeights(file)).optLinearProbe().build().run(folder.resolve("probes"));

    ModelFolder model = ModelFolder.open(result.run().model());
    Map<String, HostTensor> before = Safetensors.read(file);
    model
        .weights()
        .forEach(
            (name, tensor) -> {
              if (!name.startsWith("fc.")) {
                assertThat(tensor.bytes()).as(name).isEqualTo(before.get(name).bytes());
              }
            });
    TrainingRecipe.Running usual = TrainingRecipe.Running.usual();
    PredictionTable answers =
        new EnsemblePredictor(Ensemble.ofEqual(List.of(model)), Device.cpu(), Precision.FLOAT32)
            .predict(
                card -> recipe(resnet()).build().evaluationBatches(split.validation(), usual),
                Optional.empty(),
                done -> {});
    Evaluation whole = Evaluation.of(answers, split.validation());
    assertThat(whole.macroF1()).isEqualTo(result.best().macroF1());
  }

  @Test
  void aLinearProbeResumesAndIsReproduced() throws IOException {
    TrainingRecipe recipe =
        recipe(resnet().withWeights(file).withHeads(Heads.ATTRIBUTES).withDropout(0.3, 0))
            .optLinearProbe()
            .build();
    TrainingResult whole = recipe.run(folder.resolve("whole"));
    TrainingResult again = TrainingRecipe.of(whole.run().path()).run(folder.resolve("again"));

    assertThat(Reproduction.of(whole.run().path(), again.run().path()).difference()).isEmpty();

    int[] epochs = {0};
    TrainingListener stop =
        new TrainingListener() {
          @Override
          public boolean endsRun() {
            return ++epochs[0] == 1;
          }
        };
    TrainingRecipe.Running usual = TrainingRecipe.Running.usual();
    Path stopped =
        recipe
            .training(
                new TrainingRecipe.Running(
                    usual.threads(), usual.cacheBytes(), usual.cacheFolder(), stop))
            .run(folder.resolve("stopped"))
            .run()
            .path();
    TrainingResult resumed = recipe.resume(stopped);
    assertThat(Reproduction.of(whole.run().path(), resumed.run().path()).difference()).isEmpty();
  }

  @Test
  void aLinearProbeNeedsWeights() {
    assertThatThrownBy(() -> recipe(resnet()).optLinearProbe().build().run(folder.resolve("no")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected pretrained weights or a file of weights");
  }
}
