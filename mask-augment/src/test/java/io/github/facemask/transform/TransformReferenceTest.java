package io.github.facemask.transform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The transforms with fixed parameters against torchvision, albumentations and OpenCV; made by
 * benchmarks/peers/make_augmentations.py.
 */
class TransformReferenceTest {

  private static final JsonNode REFERENCE = TestFiles.json("augmentations/cases.json");
  private static final Pixels PHOTO = TestFiles.photo("augmentations/photo.png");

  /**
   * How far a value may differ, in levels.
   *
   * @param most the largest difference
   * @param mean the mean difference
   * @param others the share of values that may differ more
   */
  private record Tolerance(int most, double mean, double others) {}

  private static final Tolerance EXACT = new Tolerance(0, 0, 0);

  /** The same rule; versions of OpenCV place pixels to a 32th or more exactly. */
  private static final Tolerance BILINEAR = new Tolerance(3, 0.2, 0);

  /**
   * torchvision blends the photo's outermost pixels with the fill twice. These are a few values of
   * a hundred at this size.
   */
  private static final Tolerance BILINEAR_EDGES = new Tolerance(3, 1.1, 0.045);

  /** The names of torchvision for which pixels move. */
  private static final Set<String> MOVING =
      Set.of("ShearX", "ShearY", "TranslateX", "TranslateY", "Rotate");

  /** All others are exact. */
  private static final ImmutableMap<String, Tolerance> TOLERANCES =
      ImmutableMap.<String, Tolerance>builder()
          // The hue is a quotient of differences, and the result is rounded, not truncated.
          .put("hue", new Tolerance(1, 0.1, 0))
          // OpenCV's kernel of a uint8 photo has whole numbers of 256ths; torchvision's has floats.
          .put("blur", new Tolerance(1, 0.1, 0))
          .buildOrThrow();

  /**
   * A case.
   *
   * @param json its parameters
   * @param expected the peer's result
   */
  private record Case(JsonNode json, Pixels expected) {

    @Override
    public String toString() {
      String all = json.toString();
      return all.substring(0, Math.min(150, all.length()));
    }

    String kind() {
      return json.path("kind").asText();
    }

    double number(String key) {
      return json.path(key).doubleValue();
    }
  }

  static Stream<Case> cases() throws IOException {
    int height = REFERENCE.path("height").intValue();
    int width = REFERENCE.path("width").intValue();
    List<Case> cases = new ArrayList<>();
    try (InputStream file =
            TransformReferenceTest.class.getResourceAsStream("/augmentations/expected.bin.gz");
        InputStream pixels = new GZIPInputStream(file)) {
      for (JsonNode json : REFERENCE.path("cases")) {
        byte[] array = pixels.readNBytes(height * width * Pixels.CHANNELS);
        cases.add(new Case(json, Pixels.wrap(height, width, array)));
      }
      assertThat(pixels.read()).isEqualTo(-1);
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theResultIsThePeers(Case each) {
    Pixels found = result(each);
    if (each.kind().equals("noise")) {
      // The noise is given for the first rows only.
      for (int i = 0; i < each.json().path("noise").size(); i++) {
        assertThat(found.array()[i]).isEqualTo(each.expected().array()[i]);
      }
      return;
    }
    Tolerance tolerance = tolerance(each);
    int[] differences = differences(found, each.expected());
    double mean = Arrays.stream(differences).average().orElseThrow();
    long others = Arrays.stream(differences).filter(d -> d > tolerance.most()).count();
    assertThat(others)
        .as("values that differ by more than %s; the mean is %s", tolerance.most(), mean)
        .isLessThanOrEqualTo((long) (tolerance.others() * differences.length));
    assertThat(mean).isLessThanOrEqualTo(tolerance.mean());
  }

  private static Tolerance tolerance(Case each) {
    if (each.json().path("peer").asText().equals("opencv")) {
      return each.kind().equals("affine") ? BILINEAR : EXACT;
    }
    if (each.kind().equals("affine")
        || MOVING.stream().anyMatch(name -> each.json().toString().contains(name))) {
      return BILINEAR_EDGES;
    }
    return TOLERANCES.getOrDefault(each.kind(), EXACT);
  }

  private static int[] differences(Pixels a, Pixels b) {
    return IntStream.range(0, a.array().length)
        .map(i -> Math.abs((a.array()[i] & 0xff) - (b.array()[i] & 0xff)))
        .toArray();
  }

  private static Pixels result(Case each) {
    JsonNode json = each.json();
    return switch (each.kind()) {
      case "operation" -> operation(json).effect(each.number("magnitude")).applyTo(PHOTO);
      case "operation of a dull photo" -> operation(json).effect(0).applyTo(dull());
      case "hue" -> Colors.hue(PHOTO, each.number("amount"));
      case "grey" -> new Grayscale.Grey().applyTo(PHOTO);
      case "clahe" -> new Clahe.Drawn(each.number("clip")).applyTo(PHOTO);
      case "affine" ->
          new RandomAffine.Drawn(
                  each.number("angle"),
                  each.number("dx"),
                  each.number("dy"),
                  each.number("scale"),
                  each.number("shear"))
              .applyTo(PHOTO);
      case "erase" -> {
        int top = json.path("top").intValue();
        int left = json.path("left").intValue();
        yield new RandomErasing.Filled(
                top,
                left,
                top + json.path("height").intValue(),
                left + json.path("width").intValue())
            .applyTo(PHOTO);
      }
      case "blur" -> new GaussianBlur.Drawn(each.number("sigma")).applyTo(PHOTO);
      case "noise" -> {
        Iterator<JsonNode> noise = json.path("noise").iterator();
        yield GaussianNoise.added(PHOTO, () -> noise.hasNext() ? noise.next().doubleValue() : 0);
      }
      case "RandAugment" -> randAugment(json);
      case "TrivialAugment" ->
          strength(json, TrivialAugment.WIDE, json.path("bin").intValue(), 31).applyTo(PHOTO);
      case "AugMix" -> augMix(json);
      default -> throw new AssertionError(each);
    };
  }

  private static AugmentOperation operation(JsonNode json) {
    return operation(json.path("operation").asText());
  }

  private static AugmentOperation operation(String name) {
    return AugmentOperation.valueOf(CaseFormat.UPPER_CAMEL.to(CaseFormat.UPPER_UNDERSCORE, name));
  }

  private static PixelTransform.Sampled strength(
      JsonNode json, AugmentOperation.Reach reach, int bin, int bins) {
    AugmentOperation operation = operation(json);
    return operation.effect(
        operation.magnitude(bin, bins, json.path("negative").booleanValue(), reach));
  }

  private static Pixels dull() {
    byte[] array = PHOTO.array().clone();
    for (int i = 0; i < array.length; i++) {
      array[i] = (byte) ((array[i] & 0xff) / 3 + 60);
    }
    return Pixels.wrap(PHOTO.height(), PHOTO.width(), array);
  }

  private static Pixels randAugment(JsonNode json) {
    ImmutableList.Builder<PixelTransform.Sampled> steps = ImmutableList.builder();
    for (JsonNode step : json.path("chain")) {
      steps.add(
          strength(
              step,
              RandAugment.reach(operation(step), PHOTO.height(), PHOTO.width()),
              json.path("magnitude").intValue(),
              31));
    }
    return new RandAugment.Drawn(steps.build()).applyTo(PHOTO);
  }

  private static Pixels augMix(JsonNode json) {
    ImmutableList.Builder<AugMix.Chain> chains = ImmutableList.builder();
    int number = 0;
    for (JsonNode chain : json.path("chains")) {
      ImmutableList.Builder<PixelTransform.Sampled> steps = ImmutableList.builder();
      for (JsonNode step : chain) {
        steps.add(
            strength(
                step,
                AugMix.reach(operation(step), PHOTO.height(), PHOTO.width()),
                step.path("bin").intValue(),
                10));
      }
      float share = json.path("shares").get(number++).floatValue() * json.path("rest").floatValue();
      chains.add(new AugMix.Chain(share, steps.build()));
    }
    return new AugMix.Drawn(json.path("own").floatValue(), chains.build()).applyTo(PHOTO);
  }

  @Test
  void everyOperationHasACase() throws IOException {
    Set<AugmentOperation> seen = new HashSet<>();
    cases()
        .filter(each -> each.kind().equals("operation"))
        .forEach(each -> seen.add(operation(each.json())));
    assertThat(seen).containsExactlyInAnyOrder(AugmentOperation.values());
    assertThat(MOVING).allMatch(name -> seen.contains(operation(name)));
  }

  @Test
  void theStrengthsAreThePeersAtEachStep() {
    int height = PHOTO.height();
    int width = PHOTO.width();
    JsonNode policies = REFERENCE.path("magnitudes");
    policies
        .path("RandAugment")
        .properties()
        .forEach(
            e ->
                compare(
                    e.getKey(),
                    e.getValue(),
                    RandAugment.reach(operation(e.getKey()), height, width)));
    policies
        .path("TrivialAugment")
        .properties()
        .forEach(e -> compare(e.getKey(), e.getValue(), TrivialAugment.WIDE));
    policies
        .path("AugMix")
        .properties()
        .forEach(
            e ->
                compare(
                    e.getKey(), e.getValue(), AugMix.reach(operation(e.getKey()), height, width)));
    assertThat(policies.path("AugMix")).hasSize(AugMix.ALL.size());
    assertThat(policies.path("RandAugment")).hasSize(AugmentOperation.values().length);
  }

  private static void compare(String name, JsonNode table, AugmentOperation.Reach reach) {
    AugmentOperation operation = operation(name);
    for (int bin = 0; bin < table.size(); bin++) {
      double found = operation.magnitude(bin, table.size(), false, reach);
      assertThat(found).as("%s %s", name, bin).isEqualTo(table.get(bin).doubleValue());
    }
  }
}
