package io.github.facemask.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import io.github.facemask.backbone.Backbone;
import io.github.facemask.backbone.Backbones;
import io.github.facemask.classify.FaceClassifier;
import io.github.facemask.classify.FacePrediction;
import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PersonSplit;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import io.github.facemask.djl.FaceTranslatorFactory;
import io.github.facemask.ensemble.Ensemble;
import io.github.facemask.ensemble.EnsemblePredictor;
import io.github.facemask.evaluation.Evaluation;
import io.github.facemask.export.ExportedModel;
import io.github.facemask.export.Exporter;
import io.github.facemask.label.Attribute;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.label.Gender;
import io.github.facemask.label.MaskState;
import io.github.facemask.learning.PhotoFiles;
import io.github.facemask.loader.PhotoLoader;
import io.github.facemask.loss.CrossEntropy;
import io.github.facemask.model.ModelFolder;
import io.github.facemask.network.Heads;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.sampling.PhotoSampler;
import io.github.facemask.tensor.Precision;
import io.github.facemask.training.TrainingResult;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From photos that know only a mask, or only an age and a gender, to models that answer. */
class PartialLabelsTest {

  private static final Set<Attribute> MASK = Set.of(Attribute.MASK);
  private static final Set<Attribute> REST = Set.of(Attribute.GENDER, Attribute.AGE);

  @TempDir static Path folder;

  private static PhotoSet photos;
  private static Split masks;
  private static TrainingResult maskRun;

  @BeforeAll
  static void trainAModelOfTheMask() throws Exception {
    photos = PhotoFiles.write(folder.resolve("photos"), 24);
    masks = split(photos.only(MASK));
    maskRun = recipe(masks, Heads.CLASSES).build().run(folder.resolve("runs"));
  }

  private static Split split(PhotoSet set) {
    return PersonSplit.builder(set).optValidationShare(0.3).build().split();
  }

  private static TrainingRecipe.Builder recipe(Split split, Heads heads) {
    Backbone backbone = Backbones.get("resnet18").withInputSize(32, 32).withHeads(heads);
    return TrainingRecipe.builder(backbone, split)
        .optEpochs(1)
        .optBatchSize(16)
        .optThreads(1)
        .optLoss(CrossEntropy.smoothed(0.1))
        .optPrecision(Precision.FLOAT32);
  }

  @Test
  void photosThatKnowTheMaskAloneTrainAModelOfTheMask() throws Exception {
    ModelFolder model = ModelFolder.open(maskRun.model());

    assertThat(model.attributes()).containsExactly(Attribute.MASK);
    assertThat(model.weights().get("fc.weight").shape().getShape()).containsExactly(3, 512);
    assertThat(maskRun.best().score().name()).isEqualTo("mask F1");
    assertThat(maskRun.best().score().of()).isEqualTo(3);
  }

  @Test
  void trainingAndEvaluationGiveTheSameScore() throws Exception {
    PredictionTable table = predict(maskRun.model(), masks.validation());

    Evaluation evaluation = Evaluation.of(table, masks.validation());

    assertThat(evaluation.macroF1()).isCloseTo(maskRun.best().macroF1(), within(1e-12));
    assertThat(evaluation.counts().accuracy()).isCloseTo(maskRun.best().accuracy(), within(1e-12));
    Path file = folder.resolve("masks.csv");
    table.write(file);
    assertThat(file).content().contains("photo,worn,worn_wrongly,not_worn\n");
    PredictionTable read = PredictionTable.read(file);
    assertThat(read.origin()).isEqualTo(table.origin());
    for (int row = 0; row < table.size(); row++) {
      assertThat(read.probabilities(row)).containsExactly(table.probabilities(row));
    }
  }

  @Test
  void itsAnswersSpeakOfTheMaskAlone() throws Exception {
    Path photo = photos.get(0).photo().file();
    FacePrediction answer;
    try (FaceClassifier classifier = FaceClassifier.open(maskRun.model())) {
      answer = classifier.classify(photo);
    }

    assertThat(answer.attributes()).containsExactly(Attribute.MASK);
    assertThat(answer.best().known()).containsExactly(Attribute.MASK);
    double sum = 0;
    for (MaskState state : MaskState.values()) {
      sum += answer.probability(state);
    }
    assertThat(sum).isCloseTo(1, within(1e-6));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> answer.probability(Gender.MALE))
        .withMessageContaining("attributes that the model answers: mask");
  }

  @Test
  void itsExportAndDjlSpeakOfTheMaskAlone() throws Exception {
    Path out = folder.resolve("export");
    ExportedModel exported =
        Exporter.builder(ModelFolder.open(maskRun.model()))
            .optPrecision(Precision.FLOAT32)
            .build()
            .export(out)
            .model();

    assertThat(exported.attributes()).containsExactly(Attribute.MASK);
    Criteria<Image, Classifications> criteria =
        Criteria.builder()
            .setTypes(Image.class, Classifications.class)
            .optEngine("PyTorch")
            .optModelPath(out)
            .optModelName("program")
            .optTranslatorFactory(new FaceTranslatorFactory())
            .build();
    Path photo = photos.get(1).photo().file();
    try (ZooModel<Image, Classifications> model = criteria.loadModel();
        Predictor<Image, Classifications> predictor = model.newPredictor();
        FaceClassifier classifier = FaceClassifier.open(out)) {
      Classifications answer = predictor.predict(ImageFactory.getInstance().fromFile(photo));
      assertThat(answer.getClassNames()).containsExactly("worn", "worn wrongly", "not worn");
      FacePrediction own = classifier.classify(photo);
      assertThat(answer.best().getClassName()).isEqualTo(own.best().displayName());
      assertThat(answer.best().getProbability())
          .isCloseTo(own.probability(own.best()), within(1e-5));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Heads.class,
      names = {"CLASSES", "ATTRIBUTES"})
  void aMaskSetAndAnAgeSetTrainOneModelOfAllClasses(Heads heads) throws Exception {
    Map<String, PhotoSet> sets = new LinkedHashMap<>();
    sets.put("masks", photos.only(MASK));
    sets.put("ages", photos.only(REST));
    Split split = split(PhotoSet.concat(sets));

    TrainingResult result =
        recipe(split, heads)
            .optSampler(PhotoSampler.balancedBatches(16))
            .build()
            .run(folder.resolve("both-" + heads));

    assertThat(ModelFolder.open(result.model()).attributes()).hasSize(3);
    Map<String, Object> record = result.run().record();
    assertThat(record.get("data").toString()).contains("sets={", "masks={", "ages={", "share=0.5");
    PredictionTable table = predict(result.model(), split.validation());
    for (String set : split.validation().sets()) {
      Evaluation own = Evaluation.of(table, split.validation().only(set));
      assertThat(own.counts().known()).isEqualTo(set.equals("masks") ? MASK : Set.copyOf(REST));
    }
    assertThat(Evaluation.of(table, split.validation()).macroF1())
        .isCloseTo(result.best().macroF1(), within(1e-12));
  }

  @Test
  void agesInYearsAreLearntAndAnswered() throws Exception {
    PhotoSet aged = withYears(photos.only(REST));
    Split split = split(aged);

    TrainingResult result = recipe(split, Heads.YEARS).build().run(folder.resolve("years"));

    ModelFolder model = ModelFolder.open(result.model());
    assertThat(model.answersYears()).isTrue();
    assertThat(model.weights().get("fc.weight").shape().getShape()).containsExactly(103, 512);
    PredictionTable table = predict(result.model(), split.validation());
    Evaluation evaluation = Evaluation.of(table, split.validation());
    assertThat(evaluation.ageError().orElseThrow().photos()).isEqualTo(split.validation().size());
    assertThat(evaluation.ageError().orElseThrow().meanAbsolute())
        .isCloseTo(result.best().ageError().orElseThrow(), within(1e-9));
    assertThat(evaluation.macroF1()).isCloseTo(result.best().macroF1(), within(1e-12));
    assertThat(evaluation.score().name()).isEqualTo("mean F1 of gender, age");
    evaluation.write(folder.resolve("years.json"));
    assertThat(Evaluation.read(folder.resolve("years.json"))).isEqualTo(evaluation);
    table.write(folder.resolve("years.csv"));
    PredictionTable read = PredictionTable.read(folder.resolve("years.csv"));
    for (int row = 0; row < table.size(); row++) {
      assertThat(read.years(row)).isEqualTo(table.years(row));
    }
    Path out = folder.resolve("years-export");
    Exporter.builder(model).optPrecision(Precision.FLOAT32).build().export(out);
    Path photo = split.validation().get(0).photo().file();
    try (FaceClassifier trained = FaceClassifier.open(result.model());
        FaceClassifier exported = FaceClassifier.open(out)) {
      FacePrediction answer = trained.classify(photo);
      assertThat(answer.years().orElseThrow()).isBetween(0.0, 100.0);
      assertThat(answer.years().orElseThrow())
          .isCloseTo(table.years(0).orElseThrow(), within(1e-3));
      assertThat(exported.classify(photo).years().orElseThrow())
          .isCloseTo(answer.years().orElseThrow(), within(1e-3));
      double sum = 0;
      for (FaceLabel label : FaceLabel.knowing(REST)) {
        sum += answer.probability(label);
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
    }
    TrainingResult again =
        TrainingRecipe.of(result.run().path()).run(folder.resolve("years-again"));
    assertThat(Reproduction.of(result.run().path(), again.run().path()).difference()).isEmpty();
  }

  /** Years of the middle of each group. */
  private static PhotoSet withYears(PhotoSet set) {
    return PhotoSet.of(
        set.stream()
            .map(
                p ->
                    new FacePhoto(
                        p.photo(),
                        p.person(),
                        OptionalInt.of(15 + p.label().age().orElseThrow().firstYear()),
                        p.label()))
            .toList());
  }

  @Test
  void yearsNeedAgesInYears() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> recipe(yearless(), Heads.YEARS).build())
        .withMessageContaining("photos that know an age in years to learn it");
  }

  private static Split yearless() {
    return split(
        PhotoSet.of(
            photos.stream()
                .map(p -> new FacePhoto(p.photo(), p.person(), OptionalInt.empty(), p.label()))
                .toList()));
  }

  @Test
  void aRunOfTheMaskIsReproduced() throws Exception {
    Path run = maskRun.run().path();

    TrainingResult again = TrainingRecipe.of(run).run(folder.resolve("again"));

    assertThat(Reproduction.of(run, again.run().path()).difference()).isEmpty();
  }

  @Test
  void attributesAreChosenAmongThoseThatAreKnown() throws Exception {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> recipe(masks, Heads.CLASSES).optAttributes(Attribute.AGE).build())
        .withMessageContaining("attributes that are known of a training photo: mask");
    TrainingRecipe fewer =
        recipe(split(photos), Heads.ATTRIBUTES)
            .optAttributes(Attribute.MASK, Attribute.AGE)
            .build();
    assertThat(fewer.backbone().network().classes()).isEqualTo(9);
    assertThat(fewer.backbone().network().withoutJointLogits().classes()).isEqualTo(6);
    TrainingResult result = fewer.run(folder.resolve("two"));
    assertThat(result.best().score().name()).isEqualTo("mean F1 of mask, age");
  }

  @Test
  void modelsOfDifferentAttributesAreNotAveraged() throws Exception {
    TrainingResult all = recipe(split(photos), Heads.CLASSES).build().run(folder.resolve("all"));

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Ensemble.ofEqual(
                    List.of(ModelFolder.open(maskRun.model()), ModelFolder.open(all.model()))))
        .withMessageContaining("members answer different attributes");
  }

  private static PredictionTable predict(Path model, PhotoSet judges) throws Exception {
    EnsemblePredictor predictor =
        new EnsemblePredictor(Ensemble.open(model), Device.cpu(), Precision.FLOAT32);
    return predictor.predict(
        card -> PhotoLoader.builder(judges, card.preprocessing()).build(),
        Optional.of(judges.digest()),
        done -> {});
  }

  @Test
  void theLabelsOfAPredictionAreThoseOfItsAttributes() {
    assertThat(FaceLabel.knowing(MASK)).hasSize(3);
    assertThat(FaceLabel.knowing(REST)).hasSize(6);
  }
}
