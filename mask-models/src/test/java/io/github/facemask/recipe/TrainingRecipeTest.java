package io.github.facemask.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.dataset.PersonSplit;
import io.github.facemask.dataset.PhotoListing;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.facecrop.CropRun;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceDetectors;
import io.github.facemask.image.TestFiles;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.learning.PhotoFiles;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.loss.FocalLoss;
import io.github.facemask.loss.SoftMacroF1;
import io.github.facemask.loss.TrainingLoss;
import io.github.facemask.loss.WeightedSum;
import io.github.facemask.mixing.CutMix;
import io.github.facemask.mixing.HalfFace;
import io.github.facemask.mixing.MixUp;
import io.github.facemask.mixing.Mixing;
import io.github.facemask.network.Heads;
import io.github.facemask.optimizer.Adam;
import io.github.facemask.optimizer.AdamW;
import io.github.facemask.optimizer.FusedOptimizer;
import io.github.facemask.optimizer.Sgd;
import io.github.facemask.prediction.Prior;
import io.github.facemask.sampling.ClassWeights;
import io.github.facemask.sampling.PhotoSampler;
import io.github.facemask.sampling.WeightedSampler;
import io.github.facemask.schedule.ReduceOnPlateau;
import io.github.facemask.schedule.Schedule;
import io.github.facemask.tensor.Precision;
import io.github.facemask.trace.Tracer;
import io.github.facemask.training.Training;
import io.github.facemask.training.Training.Monitor;
import io.github.facemask.training.TrainingResult;
import io.github.facemask.transform.AugMix;
import io.github.facemask.transform.Clahe;
import io.github.facemask.transform.ColorJitter;
import io.github.facemask.transform.GaussianBlur;
import io.github.facemask.transform.GaussianNoise;
import io.github.facemask.transform.Grayscale;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.PhotoTransform;
import io.github.facemask.transform.PixelTransform;
import io.github.facemask.transform.RandAugment;
import io.github.facemask.transform.RandomAffine;
import io.github.facemask.transform.RandomErasing;
import io.github.facemask.transform.RandomResizedCrop;
import io.github.facemask.transform.TrivialAugment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class TrainingRecipeTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  private static PhotoSet photos;
  private static Split split;
  private static Backbone backbone;
  private static Path run;

  @BeforeAll
  static void trainOnceFromJava() throws IOException {
    photos = PhotoFiles.write(folder.resolve("photos"), 24);
    split = PersonSplit.builder(photos).optValidationShare(0.3).build().split();
    backbone = Backbones.get("resnet18").withInputSize(32, 32);
    run = recipe().build().run(folder.resolve("runs")).run().path();
  }

  private static TrainingRecipe.Builder recipe() {
    return TrainingRecipe.builder(backbone, split)
        .optEpochs(2)
        .optBatchSize(16)
        .optThreads(1)
        .optPrecision(Precision.FLOAT32);
  }

  @Test
  void aRunStartedFromJavaIsReproducedFromItsRecord() throws IOException {
    TrainingResult again = TrainingRecipe.of(run).run(folder.resolve("again"));

    assertThat(Reproduction.of(run, again.run().path()).difference()).isEmpty();
  }

  @Test
  void aRunStartedFromJavaIsTracedDownToItsPhotos() throws IOException {
    String text = Tracer.in(List.of(folder.resolve("runs")), true).trace(run).text();

    assertThat(text).contains("can be reproduced: yes", "checked: 72 photos, 0 changed");
  }

  @Test
  void aRunIsReproducedWithPhotosThatWereMoved() throws IOException {
    Path moved = folder.resolve("elsewhere");
    PhotoFiles.write(moved, 24);

    TrainingRecipe there = TrainingRecipe.of(run, Optional.of(moved));

    assertThat(there.split().train().get(0).photo().file()).startsWith(moved);
    assertThat(there.toJson()).isEqualTo(TrainingRecipe.of(run).toJson());
    assertThatThrownBy(() -> TrainingRecipe.of(run, Optional.of(folder.resolve("nowhere"))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no such photo");
  }

  @Test
  void anotherRecipeOrOtherPhotosDoNotResumeARun() throws IOException {
    TrainingRecipe other = recipe().optOptimizer(AdamW.of(2e-3, 0.05)).build();
    assertThatThrownBy(() -> other.resume(run))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("optimizer.learningRate was 0.001, is 0.002");

    Path file = split.train().get(0).photo().file();
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Files.readAllBytes(split.train().get(1).photo().file()));
    try {
      assertThatThrownBy(() -> TrainingRecipe.of(run).resume(run))
          .hasMessageContaining(
              "for photo '" + split.train().get(0).photo().id() + "' was changed");
    } finally {
      Files.write(file, bytes);
    }
  }

  @Test
  void theDefaultsOfTrainingAreThoseOfTheRecipe() throws IOException {
    TrainingRecipe usual = TrainingRecipe.builder(backbone, split).build();
    Training plain =
        Training.builder(backbone, usual.training(TrainingRecipe.Running.usual()).data()).build();

    JsonNode one = record(usual.training(TrainingRecipe.Running.usual()));
    JsonNode other = record(plain);

    for (String key :
        List.of("loss", "optimizer", "schedule", "epochs", "ema", "monitor", "seed", "patience")) {
      assertThat(other.get(key)).as(key).isEqualTo(one.get(key));
    }
  }

  private static JsonNode record(Training training) throws IOException {
    return JSON.readTree(JSON.writeValueAsBytes(training.parameters()));
  }

  static Stream<TrainingLoss> losses() {
    return Stream.of(
        CrossEntropy.smoothed(0.1),
        new CrossEntropy(0, ImmutableList.copyOf(java.util.Collections.nCopies(18, 0.5))),
        new FocalLoss(2),
        new CrossEntropy.LogitAdjusted(1.5, Prior.uniform().shares()),
        new CrossEntropy.BalancedSoftmax(
            ImmutableList.copyOf(java.util.Collections.nCopies(18, 12.5))),
        new TrainingLoss.Deferred(
            CrossEntropy.plain(),
            new CrossEntropy(0, ImmutableList.copyOf(java.util.Collections.nCopies(18, 0.5))),
            3),
        new WeightedSum(
            ImmutableList.of(
                new WeightedSum.Term(0.5, CrossEntropy.plain()),
                new WeightedSum.Term(2, new SoftMacroF1(1e-7)))));
  }

  @ParameterizedTest
  @MethodSource("losses")
  void aLossIsReadBack(TrainingLoss loss) throws IOException {
    assertThat(Components.loss(json(loss.parameters()))).isEqualTo(loss);
  }

  static Stream<FusedOptimizer> optimizers() {
    return Stream.of(
        AdamW.of(1e-3, 0.05),
        new Adam(1e-4, 0.8, 0.99, 1e-6, 0.01),
        new Sgd(0.1, 0.9, true, 1e-4),
        new Sgd(0.1, 0, false, 0));
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void anOptimizerIsReadBack(FusedOptimizer optimizer) throws IOException {
    assertThat(Components.optimizer(json(optimizer.parameters()))).isEqualTo(optimizer);
  }

  static Stream<Schedule> schedules() {
    return Stream.of(
        Schedule.constant(),
        Schedule.cosine(),
        Schedule.cosineRestarts(100, 2),
        Schedule.stepDecay(30, 0.1),
        Schedule.multiStep(ImmutableList.of(10L, 20L), 0.5),
        Schedule.oneCycle(0.3),
        Schedule.warmUp(5, Schedule.cosine()));
  }

  @ParameterizedTest
  @MethodSource("schedules")
  void aScheduleIsReadBack(Schedule schedule) throws IOException {
    assertThat(Components.schedule(json(schedule.parameters()))).isEqualTo(schedule);
  }

  static Stream<PhotoTransform> transforms() {
    return Stream.of(
        RandomResizedCrop.of(0.6, 1).withAspect(0.8, 1.25),
        HorizontalFlip.half(),
        Grayscale.of(0.2),
        ColorJitter.of(0.1, 0.2, 0.3, 0.05),
        GaussianBlur.sigma(0.1, 2).withProbability(0.4),
        GaussianNoise.std(1, 5),
        Clahe.clipLimit(1, 4).withProbability(0.3),
        RandomAffine.rotation(10).withShift(0.1).withScale(0.9, 1.1).withShear(5),
        RandomErasing.of(0.25).withArea(0.02, 0.2),
        RandomErasing.cutout(0.5),
        RandAugment.of(2, 9),
        TrivialAugment.wide(),
        AugMix.severity(4).withChains(2, 1).withAlpha(0.5).withoutColors(),
        PixelTransform.oneOf(
            0.5, List.of(Grayscale.of(1), GaussianNoise.std(1, 5)), List.of(1.0, 2.0)),
        PixelTransform.randomApply(0.3, List.of(GaussianBlur.sigma(0.1, 2))));
  }

  @ParameterizedTest
  @MethodSource("transforms")
  void aTransformIsReadBack(PhotoTransform transform) throws IOException {
    Augmentation read =
        Augmentation.ofRecord(List.of(map(json(transform.parameters()))), Optional.empty());
    assertThat(read.transforms().get(0).parameters()).isEqualTo(transform.parameters());
  }

  static Stream<Mixing> mixings() {
    List<FaceClass> old =
        FaceClass.values().stream().filter(c -> c.age() == AgeGroup.FROM_60).toList();
    return Stream.of(
        CutMix.alpha(1).withProbability(0.5),
        CutMix.alpha(0.4).withDonorClasses(old),
        MixUp.alpha(0.2).withProbability(0.3),
        HalfFace.of(HalfFace.Side.UPPER).withDonorClasses(old),
        Mixing.oneOf(List.of(CutMix.alpha(1), MixUp.alpha(0.2))));
  }

  @ParameterizedTest
  @MethodSource("mixings")
  void aMixingIsReadBack(Mixing mixing) throws IOException {
    JsonNode json = json(mixing.parameters());
    Augmentation read = Augmentation.ofRecord(List.of(), Optional.of(map(json)));
    assertThat(json(read.mixing().orElseThrow().parameters())).isEqualTo(json);
  }

  static Stream<PhotoSampler> samplers() {
    return Stream.of(
        PhotoSampler.shuffled(),
        PhotoSampler.balancedBatches(36),
        PhotoSampler.capped(3),
        PhotoSampler.oversampling(2, AgeGroup.FROM_60),
        WeightedSampler.inverseFrequency().withoutReplacement().withPhotosPerEpoch(9),
        WeightedSampler.squareRoot(),
        WeightedSampler.natural(),
        WeightedSampler.squareRoot().withPersonCap(4),
        PhotoSampler.deferred(PhotoSampler.shuffled(), WeightedSampler.inverseFrequency(), 3),
        PhotoSampler.progressive(WeightedSampler.inverseFrequency().withPersonCap(2), 5),
        WeightedSampler.effectiveNumber(0.99),
        WeightedSampler.of(
            ClassWeights.of(
                new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18})));
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void aSamplerIsReadBack(PhotoSampler sampler) throws IOException {
    JsonNode json = json(sampler.parameters());
    assertThat(json(Components.sampler(json).parameters())).isEqualTo(json);
  }

  @Test
  void everyChoiceOfARunIsReadBackFromItsRecord() throws IOException {
    FaceCrop crop =
        FaceCrop.by(FaceDetectors.yunet(TestFiles.path("yunet/green_squares.onnx")))
            .withMargins(0.1, 0.2, 0.3)
            .withLowestWeight(0);
    TrainingRecipe chosen =
        TrainingRecipe.builder(
                backbone.withHeads(Heads.ATTRIBUTES).withFrozenStages(1).withLayerDecay(0.8), split)
            .optFaces(crop)
            .optCrops(CropRun.of(photos, crop).run())
            .optUnauditedCrops()
            .optAgeBoundary(58)
            .optTransforms(transforms().toList())
            .optMixing(Optional.of(MixUp.alpha(0.3)))
            .optSampler(PhotoSampler.shuffled())
            .optBatchSize(8)
            .optStored(false)
            .optLoss(new FocalLoss(1.5))
            .optOptimizer(new Sgd(0.01, 0.9, true, 1e-4))
            .optSchedule(Schedule.warmUp(2, Schedule.cosine()))
            .optReduceOnPlateau(ReduceOnPlateau.of(0.5, 2))
            .optEpochs(1)
            .optGradientAccumulation(2)
            .optGradientClipping(1)
            .optEma(0.9)
            .optMonitor(Monitor.VALIDATION_LOSS)
            .optKeepBest(2)
            .optPatience(3)
            .optPrecision(Precision.FLOAT32)
            .optSeed(11)
            .optNotes(Map.of("source", Map.of("data", "here")))
            .build();

    Path made = chosen.run(folder.resolve("chosen")).run().path();

    assertThat(TrainingRecipe.of(made).toJson()).isEqualTo(chosen.toJson());
    assertThat(TrainingRecipe.of(made).backbone().faces()).isEqualTo(crop.settings().toMap());
  }

  @Test
  void aPartThatIsNotOfThisLibraryIsNamed() throws IOException {
    Path copy = Files.createDirectories(folder.resolve("copy"));
    for (String name : List.of("run.json", PhotoListing.FILE)) {
      Files.copy(run.resolve(name), copy.resolve(name));
    }
    Path record = copy.resolve("run.json");
    Files.writeString(
        record, Files.readString(record).replace("\"horizontalFlip\"", "\"sideShadow\""));

    assertThatThrownBy(() -> TrainingRecipe.of(copy))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("run.json")
        .hasMessageContaining("transform 'sideShadow' is not one of this library");
  }

  @Test
  void thePresetIsWhatTrainingDoesByDefault() {
    Augmentation usual = TrainingRecipe.builder(backbone, split).build().augmentation();

    assertThat(usual.toList()).isEqualTo(Augmentation.Preset.LIGHT.augmentation().toList());
    assertThat(
            TrainingRecipe.builder(backbone, split)
                .optAugmentation(Augmentation.Preset.STRONG.augmentation())
                .build()
                .augmentation()
                .toList())
        .isEqualTo(Augmentation.Preset.STRONG.augmentation().toList());
  }

  @ParameterizedTest
  @EnumSource(Augmentation.Preset.class)
  void aPresetIsReadBack(Augmentation.Preset preset) throws IOException {
    List<Map<String, Object>> transforms = new ArrayList<>();
    for (PhotoTransform each : preset.augmentation().transforms()) {
      transforms.add(map(json(each.parameters())));
    }
    Augmentation read =
        Augmentation.ofRecord(
            transforms,
            Optional.of(map(json(preset.augmentation().mixing().orElseThrow().parameters()))));

    assertThat(read.toList()).isEqualTo(preset.augmentation().toList());
  }

  private static Map<String, Object> map(JsonNode json) {
    return JSON.convertValue(json, new TypeReference<Map<String, Object>>() {});
  }

  private static JsonNode json(Map<String, Object> parameters) throws IOException {
    return JSON.readTree(JSON.writeValueAsBytes(parameters));
  }
}
