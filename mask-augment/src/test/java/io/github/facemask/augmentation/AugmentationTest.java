package io.github.facemask.augmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.facemask.augmentation.Augmentation.InvalidEntryException;
import io.github.facemask.augmentation.Augmentation.Preset;
import io.github.facemask.transform.ColorJitter;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.RandomResizedCrop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AugmentationTest {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES, JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
          .build();

  private static Augmentation read(String json) {
    try {
      return Augmentation.read(JSON.readValue(json, List.class));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Map<String, Object>> records(Augmentation augmentation) {
    List<Map<String, Object>> records = new ArrayList<>();
    augmentation.transforms().forEach(each -> records.add(each.parameters()));
    augmentation.mixing().ifPresent(each -> records.add(each.parameters()));
    augmentation.overlay().ifPresent(each -> records.add(each.parameters()));
    return records;
  }

  @Test
  void namesAndParametersMakeTransformsAndAMixing() {
    Augmentation read =
        read(
            "[{'random-resized-crop': {area: '0.6..1'}}, 'flip', {'color-jitter': {brightness:"
                + " 0.2}}, {'one-of': [{'gaussian-blur': {sigma: [0.1, 2]}}, 'gaussian-noise']},"
                + " {cutmix: {alpha: 1, probability: 0.5}}]");

    assertThat(read.transforms()).hasSize(4);
    assertThat(read.transforms().get(0).parameters())
        .isEqualTo(RandomResizedCrop.of(0.6, 1).parameters());
    assertThat(read.transforms().get(1).parameters()).isEqualTo(HorizontalFlip.half().parameters());
    assertThat(read.transforms().get(2).parameters())
        .isEqualTo(ColorJitter.of(0.2, 0, 0, 0).parameters());
    assertThat(read.transforms().get(3).parameters())
        .containsEntry("name", "oneOf")
        .containsEntry("weights", List.of(1.0, 1.0));
    assertThat(read.mixing().orElseThrow().parameters())
        .containsEntry("name", "cutMix")
        .containsEntry("probability", 0.5);
    assertThat(read)
        .hasToString(
            "random-resized-crop {area 0.6..1, ratio 0.75..1.333}, flip {probability 0.5},"
                + " color-jitter {brightness 0.2, contrast 0, saturation 0, hue 0}, one-of"
                + " {transforms [gaussian-blur {sigma 0.1..2, probability 1}, gaussian-noise {std"
                + " 2..10}], weights [1, 1], probability 1}, cutmix {alpha 1, probability 0.5}");
  }

  static Stream<String> lists() {
    return Stream.of(
        "[]",
        "['evaluation-crop', {'random-affine': {degrees: 10, translate: 0.1, scale: '0.9..1.1',"
            + " shear: 5}}]",
        "[{grayscale: {p: 0.3}}, {clahe: {clip_limit: '1..3', p: 0.2}}, {cutout: {side: 0.3}}]",
        "[{'random-erasing': {probability: 0.25, scale: [0.02, 0.2]}}, {'rand-augment': {num_ops:"
            + " 3, magnitude: 5}}]",
        "['trivial-augment', {'aug-mix': {severity: 4, 'mixture-width': 2, 'chain-depth': 2, alpha:"
            + " 0.5, 'all-ops': false}}]",
        "[{'random-apply': {transforms: ['gaussian-blur', {'one-of': ['cutout', 'clahe']}],"
            + " probability: 0.4}}]",
        "[{'one-of': {transforms: ['cutout', 'clahe'], weights: [1, 2.5], probability: 0.5}}]",
        "[{'half-face': {sides: ['left', 'lower'], donors: 'old'}}]",
        "[{cutmix: {alpha: 0.3, donors: [1, 4]}}]",
        "[{'one-of': [{mixup: {alpha: 0.2}}, 'cutmix']}]");
  }

  @ParameterizedTest
  @MethodSource("lists")
  void whatIsReadCanBeWrittenAndReadAgain(String list) {
    Augmentation read = read(list);

    assertThat(records(Augmentation.read(read.toList()))).isEqualTo(records(read));
    assertThat(records(read)).hasSameSizeAs(read.toList());
  }

  @ParameterizedTest
  @EnumSource(Preset.class)
  void aPresetCanBeWrittenAsAList(Preset preset) {
    Augmentation augmentation = preset.augmentation();

    assertThat(records(Augmentation.read(augmentation.toList()))).isEqualTo(records(augmentation));
    assertThat(augmentation.transforms().get(0)).isInstanceOf(RandomResizedCrop.class);
  }

  @Test
  void eachPartHasARecordOfItsOwnAndUsualParameters() {
    for (Part part : Parts.ALL) {
      Object given =
          switch (part.name()) {
            case "random-affine" -> Map.of(part.name(), Map.of("degrees", 10));
            case "one-of", "random-apply" -> Map.of(part.name(), List.of("grayscale"));
            default -> part.name();
          };
      Augmentation one = Augmentation.read(List.of(given));
      assertThat(records(one)).as(part.name()).hasSize(1);
      assertThat(records(one).get(0)).containsEntry("name", part.recorded());
      // The record has exactly the keys that the description names.
      List<String> keys = new ArrayList<>(List.of("name"));
      part.parameters().forEach(each -> keys.addAll(each.keys()));
      keys.remove("mixings");
      assertThat(records(one).get(0).keySet())
          .as(part.name())
          .containsExactlyInAnyOrderElementsOf(keys);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RandomResizedCrop",
        "random_resized_crop",
        "randomresizedcrop",
        "RANDOM-RESIZED-CROP"
      })
  void namesAreComparedByTheirLetters(String name) {
    assertThat(Augmentation.read(List.of(name)).transforms().get(0))
        .isInstanceOf(RandomResizedCrop.class);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(
            "['flip', {'color-jiter': {}}]",
            "/1/color-jiter",
            "there is no transform and no mixing 'color-jiter'",
            "the nearest is color-jitter"),
        Arguments.of("['flop']", "/0", "'flop'", "the nearest is flip"),
        Arguments.of(
            "[{'color-jitter': {brightnes: 1}}]",
            "/0/color-jitter/brightnes",
            "color-jitter: there is no parameter 'brightnes'",
            "expected one of brightness, contrast, saturation, hue"),
        Arguments.of(
            "[{'trivial-augment': {strength: 1}}]",
            "/0/trivial-augment/strength",
            "trivial-augment: there is no parameter 'strength'",
            "it has no parameters"),
        Arguments.of(
            "[{'color-jitter': {hue: 'red'}}]",
            "/0/color-jitter/hue",
            "color-jitter: hue is 'red'",
            "expected a number"),
        Arguments.of(
            "[{'color-jitter': {hue: 0.7}}]",
            "/0/color-jitter/hue",
            "color-jitter: hue is 0.7",
            "expected 0 to 0.5"),
        Arguments.of(
            "[{'random-resized-crop': {scale: '1..0.5'}}]",
            "/0/random-resized-crop/scale",
            "random-resized-crop: area is 1.0 to 0.5",
            "0 < min <= max <= 1"),
        Arguments.of(
            "[{'random-resized-crop': {area: '0.5..'}}]",
            "/0/random-resized-crop/area",
            "area is '0.5..'",
            "expected a range such as 0.5..1 or [0.5, 1]"),
        Arguments.of(
            "[{'rand-augment': {magnitude: 9.5}}]",
            "/0/rand-augment/magnitude",
            "magnitude is '9.5'",
            "a whole number"),
        Arguments.of(
            "[{'rand-augment': {'num-ops': 0}}]",
            "/0/rand-augment/num-ops",
            "rand-augment: num-ops is 0",
            "1 to 10"),
        Arguments.of(
            "['random-affine']", "/0", "random-affine: degrees is missing", "expected a number"),
        Arguments.of(
            "[{flip: {p: 0.1, probability: 0.2}}]",
            "/0/flip/probability",
            "probability is given twice",
            ""),
        Arguments.of(
            "[{flip: 0.5}]", "/0/flip", "flip: is '0.5'", "parameters by name: probability"),
        Arguments.of(
            "[{flip: {}, area: 1}]", "/0", "an entry has the names 'flip', 'area'", "one name"),
        Arguments.of("[3]", "/0", "an entry is '3'", "a name"),
        Arguments.of(
            "['flip', 'random-resized-crop']",
            "/1",
            "random-resized-crop: is not the first transform",
            "at most one crop"),
        Arguments.of(
            "[{'one-of': ['flip', {'gaussian-blur': {sigma: '0..2'}}]}]",
            "/0/one-of/1/gaussian-blur/sigma",
            "gaussian-blur: sigma is 0.0 to 2.0",
            "0 < min"),
        Arguments.of(
            "[{'one-of': ['flip', 'cutmix']}]",
            "/0/one-of",
            "one-of: has mixings or crops",
            "transforms only"),
        Arguments.of(
            "[{'one-of': {transforms: ['flip', 'clahe'], weights: [1]}}]",
            "/0/one-of/weights",
            "weights is [1.0]",
            "one for each of 2 transforms"),
        Arguments.of(
            "[{'one-of': {transforms: ['mixup', 'cutmix'], weights: [1, 1]}}]",
            "/0/one-of/weights",
            "one-of: weights is [1.0, 1.0]",
            "mixings are equally likely"),
        Arguments.of("['cutmix', 'mixup']", "/1", "there is a second mixing", "one-of"),
        Arguments.of(
            "[{'half-face': {sides: 'front'}}]",
            "/0/half-face/sides",
            "half-face: sides is 'front'",
            "left, right"),
        Arguments.of(
            "[{cutmix: {donors: [99]}}]", "/0/cutmix/donors", "cutmix: donors is '[99]'", "old"),
        Arguments.of(
            "[{'one-of':[{'one-of':[{'one-of':[{'one-of':[{'one-of':[{'one-of':[{'one-of':["
                + "{'one-of':[{'one-of':['flip']}]}]}]}]}]}]}]}]}]",
            "/0/one-of/0/one-of/0/one-of/0/one-of/0/one-of/0/one-of/0/one-of/0/one-of/0/one-of/0",
            "is nested more than 8 times",
            ""));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsNamedWithItsPlace(String list, String pointer, String clause, String expected) {
    InvalidEntryException e = catchThrowableOfType(InvalidEntryException.class, () -> read(list));

    assertThat(e.pointer()).isEqualTo(pointer);
    assertThat(e).hasMessageContaining(clause).hasMessageContaining(expected);
    assertThat(e.getMessage()).doesNotContain("\n").isEqualTo(e.problem().message());
  }

  @ParameterizedTest
  @CsvSource({"/0/color-jitter/hue,color-jitter,hue"})
  void aMistakeHasTheNamesAsFields(String pointer, String part, String parameter) {
    InvalidEntryException e =
        catchThrowableOfType(
            InvalidEntryException.class, () -> read("[{'color-jitter': {hue: 2}}]"));

    assertThat(e.pointer()).isEqualTo(pointer);
    assertThat(e.part()).isEqualTo(part);
    assertThat(e.parameter()).isEqualTo(parameter);
  }

  @Test
  void aRecordOfAnotherProgramIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Augmentation.ofRecord(List.of(Map.of("name", "sideShadow")), Optional.empty()))
        .withMessageContaining("transform 'sideShadow' is not one of this library");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Augmentation.ofRecord(List.of(Map.of("name", "horizontalFlip")), Optional.empty()))
        .withMessageContaining("'probability' of 'horizontalFlip'");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Augmentation.ofRecord(
                    List.of(Map.of("name", "mixUp", "alpha", 1.0, "probability", 1.0)),
                    Optional.empty()))
        .withMessageContaining("expected a transform");
  }

  @Test
  void aRecordOfSeveralMixingsHasNeitherWeightsNorProbability() {
    Map<String, Object> record =
        Map.of(
            "name",
            "oneOf",
            "mixings",
            List.of(
                Map.of("name", "mixUp", "alpha", 1.0, "probability", 0.5),
                Map.of(
                    "name",
                    "cutMix",
                    "alpha",
                    1.0,
                    "probability",
                    0.5,
                    "donorClasses",
                    List.of())));

    assertThat(
            Augmentation.ofRecord(List.of(), Optional.of(record))
                .mixing()
                .orElseThrow()
                .parameters())
        .isEqualTo(record);
  }

  @Test
  void theGuideNamesEachPartWithItsParametersAndDefaults() throws IOException {
    List<String> guide = Files.readAllLines(Path.of("../docs/augmentation.md"));
    for (Part part : Parts.ALL) {
      String row =
          guide.stream()
              .filter(line -> line.startsWith("| `" + part.name() + "`"))
              .findFirst()
              .orElseThrow(() -> new AssertionError(part.name()));
      for (Part.Parameter parameter : part.parameters()) {
        String usual =
            parameter
                .usual()
                .filter(value -> !List.of().equals(value))
                .map(value -> " " + Augmentation.words(parameter.kind().plain(value)))
                .orElse("");
        assertThat(row).contains("`" + parameter.name() + "`" + usual);
      }
    }
  }

  @Test
  void aCropComesFirst() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Augmentation.of(
                    List.of(HorizontalFlip.half(), RandomResizedCrop.of(0.5, 1)), Optional.empty()))
        .withMessageContaining("at most one crop");
    assertThat(Augmentation.of(List.of(), Optional.empty())).hasToString("none");
  }
}
