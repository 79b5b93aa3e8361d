package io.github.facemask.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.augmentation.Augmentation.Preset;
import io.github.facemask.cli.options.AugmentOption;
import io.github.facemask.cli.options.BatchOptions;
import io.github.facemask.mixing.MixUp;
import io.github.facemask.problem.InvalidFileException;
import io.github.facemask.recipe.TrainingRecipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What is done to training photos, by option and by file. */
class AugmentTest {

  private static final String LIST =
      """
      - random-resized-crop: {area: 0.6..1}
      - flip
      - one-of:
          - gaussian-blur:
              sigma: 0.1..2
          - gaussian-noise
      - color-jitter: {brightness: 0.2,
                       hue: 0.1}
      - cutmix: {alpha: 1, probability: 0.5}
      """;

  @TempDir static Path folder;

  private static Path photos;

  @BeforeAll
  static void draw() throws IOException {
    photos = folder.resolve("photos");
    DrawnPhotos.copyTo(photos);
  }

  private static Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static Augmentation chosen(String... words) throws IOException {
    BatchOptions options = new BatchOptions();
    new CommandLine(CommandLine.Model.CommandSpec.create().addMixin("batches", mixin(options)))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(words);
    return options.augmentation();
  }

  private static CommandLine.Model.CommandSpec mixin(BatchOptions options) {
    return CommandLine.Model.CommandSpec.forAnnotatedObject(options);
  }

  private static List<Object> names(Augmentation augmentation) {
    return augmentation.transforms().stream().map(t -> t.parameters().get("name")).toList();
  }

  private static MaskRun train(Object... more) {
    Object[] few = {"train", "--data", photos, "--runs", folder.resolve("runs"), "--size", 32};
    return MaskRun.of(
        Stream.concat(
                Stream.of(few),
                Stream.concat(Stream.of("--epochs", 1, "--batch", 64), Stream.of(more)))
            .toArray());
  }

  @Test
  void withoutOptionsItIsLight() throws IOException {
    assertThat(chosen().toList()).isEqualTo(Preset.LIGHT.augmentation().toList());
  }

  @ParameterizedTest
  @EnumSource(Preset.class)
  void aPresetIsChosenByItsName(Preset preset) throws IOException {
    assertThat(chosen("--augment", preset.name().toLowerCase(java.util.Locale.ROOT)).toList())
        .isEqualTo(preset.augmentation().toList());
  }

  @Test
  void singleOptionsOverrideAPreset() throws IOException {
    Augmentation chosen =
        chosen("--augment=strong", "--crop-scale=0.8", "--no-flip", "--mix=mixup", "--mix-alpha=2");

    assertThat(names(chosen)).doesNotContain("horizontalFlip").contains("clahe", "oneOf");
    assertThat(chosen.transforms().get(0).parameters()).containsEntry("minArea", 0.8);
    assertThat(chosen.mixing().orElseThrow().parameters())
        .isEqualTo(MixUp.alpha(2).withProbability(0.5).parameters());
    assertThat(chosen("--augment=rand", "--mix=none").mixing()).isEmpty();
    assertThat(chosen("--crop-scale=0.3").toString())
        .isEqualTo(
            "random-resized-crop {area 0.3..1, ratio 0.75..1.333}, flip {probability 0.5}, cutmix"
                + " {alpha 1, probability 0.5}");
  }

  @Test
  void aListIsCompleteAndRefusesASecondWord() throws IOException {
    Path list = file("list.yaml", LIST);

    assertThat(names(chosen("--augment=" + list)))
        .containsExactly("randomResizedCrop", "horizontalFlip", "oneOf", "colorJitter");
    for (String option :
        List.of("--crop-scale=0.5", "--no-flip", "--mix=none", "--donors=old", "--mix-alpha=1")) {
      String name = option.replaceAll("=.*", "");
      assertThatThrownBy(() -> chosen("--augment=" + list, option))
          .hasMessageContaining(name + " is given, and the list of --augment has a");
    }
    Path flips = file("flips.yaml", "- flip\n");
    assertThat(chosen("--augment=" + flips).mixing()).isEmpty();
    assertThat(chosen("--augment=" + flips, "--mix=mixup", "--crop-scale=0.4").toString())
        .startsWith("random-resized-crop {area 0.4..1")
        .endsWith("mixup {alpha 1, probability 0.5}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hue: 0.1}|hue: 0.9}|8|color-jitter: hue is 0.9, expected 0 to 0.5",
        "0.1..2|2..0.1|5|gaussian-blur: sigma is 2.0 to 0.1",
        "gaussian-noise|gausian-noise|6|the nearest is gaussian-noise",
        "- flip|- flop|2|there is no transform and no mixing 'flop'",
        "area: 0.6..1|erea: 0.6..1|1|random-resized-crop: there is no parameter 'erea'",
        "alpha: 1|alpha: much|9|cutmix: alpha is 'much', expected a number",
        "- cutmix: {alpha|- {alpha|9|an entry has the names 'alpha', 'probability'",
      })
  void aMistakeIsToldWithFileAndLine(String right, String wrong, int line, String message)
      throws IOException {
    assertThat(LIST).contains(right);
    Path list = file("wrong.yaml", LIST.replace(right, wrong));
    Path config =
        file(
            "config.yaml",
            "epochs: 3\naugment:\n" + LIST.replace(right, wrong).indent(2) + "batch: 8\n");

    MaskRun byOption = train("--augment", list);
    assertThat(byOption.code()).isEqualTo(2);
    assertThat(byOption.err())
        .startsWith("mask: --augment: " + list + ":" + line + ": ")
        .contains(message)
        .hasLineCount(1);
    MaskRun byConfig = train("--config", config);
    assertThat(byConfig.code()).isEqualTo(2);
    assertThat(byConfig.err())
        .startsWith("mask: " + config + ":" + (line + 2) + ": ")
        .contains(message)
        .hasLineCount(1);
    MaskRun byGallery = MaskRun.of("gallery", "--augment", list, "--out", folder.resolve("g"));
    assertThat(byGallery.err()).contains(list + ":" + line + ": ").contains(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"augment: {flip: {}}\n", "- flip\n  - clahe: [\n", "3\n", "", "epochs: 2\n"})
  void aFileWithoutAListIsNamed(String text) throws IOException {
    Path list = file("none.yaml", text);

    assertThatThrownBy(() -> AugmentOption.read(list.toString()))
        .isInstanceOf(InvalidFileException.class)
        .hasMessageStartingWith(list.toString());
  }

  @Test
  void aNameThatIsNeitherAPresetNorAFileIsRefused() {
    MaskRun run = train("--augment", "stong");

    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo(
            "mask: --augment: augment is stong, expected one of light, medium, strong, trivial,"
                + " rand, augmix, or a file with a list of transforms\n");
  }

  @Test
  void aConfigFileMayNameAPresetOrHoldTheList() throws IOException {
    Path preset = file("preset.yaml", "augment: medium\n");
    Path list = file("own.yaml", "mix: none\naugment:\n  - grayscale: {p: 0.4}\n");

    assertThat(AugmentOption.read(preset.toString()).augmentation().toList())
        .isEqualTo(Preset.MEDIUM.augmentation().toList());
    assertThat(CommandFiles.options(preset)).containsExactly("--augment=medium");
    assertThat(CommandFiles.options(list))
        .containsExactly("--mix=none", "--augment=" + list + "#/augment");
    assertThat(chosen("--augment=" + list + "#/augment").toString())
        .isEqualTo("grayscale {probability 0.4}");
  }

  @Test
  void aRunRecordsAndPrintsTheResolvedValues() throws IOException {
    Path config = file("train.yaml", "augment:\n" + LIST.indent(2));

    MaskRun run = train("--config", config, "--name", "listed", "--folds", 2);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains(
            "augmentation: random-resized-crop {area 0.6..1, ratio 0.75..1.333}, flip {probability"
                + " 0.5}, one-of {transforms [gaussian-blur {sigma 0.1..2, probability 1},"
                + " gaussian-noise {std 2..10}], weights [1, 1], probability 1}, color-jitter"
                + " {brightness 0.2, contrast 0, saturation 0, hue 0.1}, cutmix {alpha 1,"
                + " probability 0.5}\n");
    Path made;
    try (Stream<Path> runs = Files.list(folder.resolve("runs"))) {
      made = runs.filter(r -> r.toString().endsWith("-listed")).findFirst().orElseThrow();
    }
    assertThat(TrainingRecipe.of(made, Optional.empty()).augmentation().toList())
        .isEqualTo(AugmentOption.read(config.toString()).augmentation().toList());
  }

  @Test
  void aPlanMayHoldAListForASwitch() throws IOException {
    String text =
        """
        seeds: [1]
        base: {epochs: 1, mix: none}
        switches:
          plain: {}
          a/b:
            augment:
              - flip
              - clahe: {clip-limit: 2..4}
          strong: {augment: strong}
        """;
    Path plan = file("plan.yaml", text);
    AblationPlan read = AblationPlan.read(plan);

    assertThat(read.switches().get("strong")).containsEntry("augment", List.of("strong"));
    String value = read.switches().get("a/b").get("augment").get(0);
    assertThat(AugmentOption.read(value).augmentation().toString())
        .isEqualTo("flip {probability 0.5}, clahe {clip-limit 2..4, probability 1}");
    Path wrong = file("wrong-plan.yaml", text.replace("2..4", "4..2"));
    assertThatThrownBy(() -> AblationPlan.read(wrong))
        .hasMessageContaining("wrong-plan.yaml:8: clahe: clip-limit is 4.0 to 2.0");
    Path both = file("both.yaml", text.replace("mix: none", "no-flip: true"));
    assertThatThrownBy(() -> AblationPlan.read(both))
        .hasMessageContaining("both.yaml: the switch 'a/b': --no-flip is given");
  }

  @Test
  void theGalleryShowsWhatTrainingSees() throws IOException {
    Path list = file("shown.yaml", LIST);
    Path page = folder.resolve("gallery.html");

    MaskRun run =
        MaskRun.of(
            "gallery",
            "--augment",
            list,
            "--out",
            page,
            "--size",
            32,
            "--draws",
            2,
            "--data",
            photos,
            "--mixed",
            2);

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains(" panels");
    assertThat(Files.readString(page))
        .contains("training photos", "training batches", "random-resized-crop {area 0.6..1");
  }
}
