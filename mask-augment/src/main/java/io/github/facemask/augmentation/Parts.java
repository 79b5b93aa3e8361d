package io.github.facemask.augmentation;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableList;
import io.github.facemask.augmentation.Part.Values;
import io.github.facemask.label.FaceClass;
import io.github.facemask.mixing.CutMix;
import io.github.facemask.mixing.HalfFace;
import io.github.facemask.mixing.MixUp;
import io.github.facemask.mixing.Mixing;
import io.github.facemask.overlay.MaskOverlay;
import io.github.facemask.transform.AugMix;
import io.github.facemask.transform.Clahe;
import io.github.facemask.transform.ColorJitter;
import io.github.facemask.transform.EvaluationCrop;
import io.github.facemask.transform.GaussianBlur;
import io.github.facemask.transform.GaussianNoise;
import io.github.facemask.transform.Grayscale;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.PixelTransform;
import io.github.facemask.transform.RandAugment;
import io.github.facemask.transform.RandomAffine;
import io.github.facemask.transform.RandomErasing;
import io.github.facemask.transform.RandomResizedCrop;
import io.github.facemask.transform.TrivialAugment;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All parts that a list may name; the one place of their names. Parameters have the names of
 * torchvision or albumentations, or mean the same by one of their other names. A part that is
 * neither a transform nor a mixing is added here, and sorted in by {@link Augmentation}.
 */
final class Parts {

  private static final String PROBABILITY = "probability";

  static final ImmutableList<Part> ALL =
      ImmutableList.of(
          Part.called("evaluation-crop")
              .recordedAs("evaluation")
              .or("center-crop")
              .madeBy(values -> EvaluationCrop.of()),
          Part.called("random-resized-crop")
              .range("area", 0.5, 1, "minArea", "maxArea", "scale")
              .range("ratio", 3.0 / 4, 4.0 / 3, "minAspect", "maxAspect", "aspect")
              .madeBy(
                  values ->
                      RandomResizedCrop.of(values.range("area").min(), values.range("area").max())
                          .withAspect(values.range("ratio").min(), values.range("ratio").max())),
          Part.called("flip")
              .recordedAs("horizontalFlip")
              .or("random-horizontal-flip")
              .with(PROBABILITY, Kind.NUMBER, 0.5, "p")
              .madeBy(values -> HorizontalFlip.of(values.number(PROBABILITY))),
          Part.called("random-affine")
              .or("affine")
              .needs("degrees", Kind.NUMBER)
              .recorded("translate", Kind.NUMBER, 0.0, ImmutableList.of("shift"), "shift")
              .range("scale", 1, 1, "minScale", "maxScale")
              .recorded("shear", Kind.NUMBER, 0.0, ImmutableList.of("shearDegrees"))
              .madeBy(
                  values ->
                      RandomAffine.rotation(values.number("degrees"))
                          .withShift(values.number("translate"))
                          .withScale(values.range("scale").min(), values.range("scale").max())
                          .withShear(values.number("shear"))),
          Part.called("color-jitter")
              .or("colour-jitter")
              .with("brightness", Kind.NUMBER, 0.0)
              .with("contrast", Kind.NUMBER, 0.0)
              .with("saturation", Kind.NUMBER, 0.0)
              .with("hue", Kind.NUMBER, 0.0)
              .madeBy(
                  values ->
                      ColorJitter.of(
                          values.number("brightness"),
                          values.number("contrast"),
                          values.number("saturation"),
                          values.number("hue"))),
          Part.called("grayscale")
              .or("random-grayscale", "greyscale", "to-gray")
              .with(PROBABILITY, Kind.NUMBER, 0.1, "p")
              .madeBy(values -> Grayscale.of(values.number(PROBABILITY))),
          Part.called("clahe")
              .range("clip-limit", 1, 4, "minClip", "maxClip")
              .with(PROBABILITY, Kind.NUMBER, 1.0, "p")
              .madeBy(
                  values ->
                      Clahe.clipLimit(
                              values.range("clip-limit").min(), values.range("clip-limit").max())
                          .withProbability(values.number(PROBABILITY))),
          Part.called("gaussian-blur")
              .or("blur")
              .range("sigma", 0.1, 2, "minSigma", "maxSigma")
              .with(PROBABILITY, Kind.NUMBER, 1.0, "p")
              .madeBy(
                  values ->
                      GaussianBlur.sigma(values.range("sigma").min(), values.range("sigma").max())
                          .withProbability(values.number(PROBABILITY))),
          Part.called("gaussian-noise")
              .or("noise", "gauss-noise")
              .range("std", 2, 10, "minStd", "maxStd", "noise")
              .madeBy(
                  values ->
                      GaussianNoise.std(values.range("std").min(), values.range("std").max())),
          Part.called("random-erasing")
              .or("erasing")
              .with(PROBABILITY, Kind.NUMBER, 0.5, "p")
              .range("area", 0.02, 0.33, "minArea", "maxArea", "scale")
              .madeBy(
                  values ->
                      RandomErasing.of(values.number(PROBABILITY))
                          .withArea(values.range("area").min(), values.range("area").max())),
          Part.called("cutout")
              .with("side", Kind.NUMBER, 0.5)
              .madeBy(values -> RandomErasing.cutout(values.number("side"))),
          Part.called("rand-augment")
              .recorded("num-ops", Kind.WHOLE, 2, ImmutableList.of("operations"), "operations")
              .with("magnitude", Kind.WHOLE, 9)
              .madeBy(values -> RandAugment.of(values.whole("num-ops"), values.whole("magnitude"))),
          Part.called("trivial-augment")
              .recordedAs("trivialAugmentWide")
              .madeBy(values -> TrivialAugment.wide()),
          Part.called("aug-mix")
              .with("severity", Kind.WHOLE, 3)
              .with("mixture-width", Kind.WHOLE, 3)
              .with("chain-depth", Kind.WHOLE, -1)
              .with("alpha", Kind.NUMBER, 1.0)
              .recorded("all-ops", Kind.FLAG, true, ImmutableList.of("allOperations"))
              .madeBy(Parts::augMix),
          Part.called("random-apply")
              .needs("transforms", Kind.ENTRIES)
              .with(PROBABILITY, Kind.NUMBER, 0.5, "p")
              .madeBy(
                  values ->
                      PixelTransform.randomApply(
                          values.number(PROBABILITY), pixelTransforms(values.list("transforms")))),
          Part.called("one-of")
              .or("random-choice")
              .recorded(
                  "transforms",
                  Kind.ENTRIES,
                  null,
                  ImmutableList.of("transforms", "mixings"),
                  "mixings")
              .with("weights", Kind.NUMBERS, ImmutableList.of())
              .with(PROBABILITY, Kind.NUMBER, 1.0, "p")
              .madeBy(Parts::oneOf),
          Part.called("cutmix")
              .recordedAs("cutMix")
              .with("alpha", Kind.NUMBER, 1.0)
              .with(PROBABILITY, Kind.NUMBER, 1.0, "p")
              .recorded("donors", Kind.CLASSES, ImmutableList.of(), donorKey())
              .madeBy(
                  values -> {
                    CutMix mixing =
                        CutMix.alpha(values.number("alpha"))
                            .withProbability(values.number(PROBABILITY));
                    return donors(values)
                        .map(classes -> mixing.withDonorClasses(classes))
                        .orElse(mixing);
                  }),
          Part.called("mixup")
              .recordedAs("mixUp")
              .with("alpha", Kind.NUMBER, 1.0)
              .with(PROBABILITY, Kind.NUMBER, 1.0, "p")
              .madeBy(
                  values ->
                      MixUp.alpha(values.number("alpha"))
                          .withProbability(values.number(PROBABILITY))),
          Part.called("half-face")
              .with("sides", Kind.SIDES, ImmutableList.of(HalfFace.Side.LEFT, HalfFace.Side.RIGHT))
              .with(PROBABILITY, Kind.NUMBER, 1.0, "p")
              .recorded("donors", Kind.CLASSES, ImmutableList.of(), donorKey())
              .madeBy(Parts::halfFace),
          overlay());

  private Parts() {}

  private static Part overlay() {
    MaskOverlay usual = MaskOverlay.of(0.4, 0.3);
    Part.Builder part =
        Part.called("mask-overlay")
            .with("worn", Kind.NUMBER, usual.worn())
            .recorded(
                "worn-wrongly",
                Kind.NUMBER,
                usual.wornWrongly(),
                ImmutableList.of("wornWrongly"),
                "wornWrongly");
    usual.kinds().forEach((kind, weight) -> weighted(part, kind, weight));
    usual.fits().forEach((fit, weight) -> weighted(part, fit, weight));
    return part.with("lower", Kind.NUMBER, 0.0)
        .with("size", Kind.NUMBER, 1.0)
        .madeBy(Parts::maskOverlay);
  }

  private static void weighted(Part.Builder part, Enum<?> value, double weight) {
    String key = CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.LOWER_CAMEL, value.name());
    part.recorded(word(value), Kind.NUMBER, weight, ImmutableList.of(key), key);
  }

  private static String word(Enum<?> value) {
    return CaseFormat.UPPER_UNDERSCORE.to(CaseFormat.LOWER_HYPHEN, value.name());
  }

  private static MaskOverlay maskOverlay(Values values) {
    Map<MaskOverlay.Kind, Double> kinds = new EnumMap<>(MaskOverlay.Kind.class);
    for (MaskOverlay.Kind kind : MaskOverlay.Kind.values()) {
      kinds.put(kind, values.number(word(kind)));
    }
    Map<MaskOverlay.Fit, Double> fits = new EnumMap<>(MaskOverlay.Fit.class);
    for (MaskOverlay.Fit fit : MaskOverlay.Fit.values()) {
      if (fit != MaskOverlay.Fit.COVERING) {
        fits.put(fit, values.number(word(fit)));
      }
    }
    return MaskOverlay.of(values.number("worn"), values.number("worn-wrongly"))
        .withKinds(kinds)
        .withFits(fits)
        .withLower(values.number("lower"))
        .withSize(values.number("size"));
  }

  private static ImmutableList<String> donorKey() {
    return ImmutableList.of("donorClasses");
  }

  /** Returns the part of a name in a list. */
  static Optional<Part> called(String name) {
    return ALL.stream().filter(part -> part.isCalled(name)).findFirst();
  }

  /** Returns the part of a name in a record. */
  static Optional<Part> recorded(String name) {
    return ALL.stream().filter(part -> part.recorded().equals(name)).findFirst();
  }

  /** Returns all names of a list. */
  static List<String> names() {
    return ALL.stream().map(Part::name).toList();
  }

  private static PixelTransform augMix(Values values) {
    AugMix mix =
        AugMix.severity(values.whole("severity"))
            .withChains(values.whole("mixture-width"), values.whole("chain-depth"))
            .withAlpha(values.number("alpha"));
    return values.flag("all-ops") ? mix : mix.withoutColors();
  }

  private static Object oneOf(Values values) {
    List<Object> choices = values.list("transforms");
    List<Double> weights = values.list("weights");
    if (!choices.isEmpty() && choices.stream().allMatch(Mixing.class::isInstance)) {
      check(weights.isEmpty(), "weights", weights, "none, mixings are equally likely");
      check(
          values.number(PROBABILITY) == 1,
          "probability",
          values.number(PROBABILITY),
          "none, each mixing has its own");
      return Mixing.oneOf(choices.stream().map(Mixing.class::cast).toList());
    }
    return PixelTransform.oneOf(
        values.number(PROBABILITY),
        pixelTransforms(choices),
        weights.isEmpty() ? Collections.nCopies(choices.size(), 1.0) : weights);
  }

  private static List<PixelTransform> pixelTransforms(List<Object> entries) {
    checkArgument(
        !entries.isEmpty() && entries.stream().allMatch(PixelTransform.class::isInstance),
        "has %s, expected transforms only, and no crop",
        entries.isEmpty() ? "no entries" : "mixings or crops");
    return entries.stream().map(PixelTransform.class::cast).toList();
  }

  private static Optional<List<FaceClass>> donors(Values values) {
    List<Integer> ids = values.list("donors");
    return ids.isEmpty()
        ? Optional.empty()
        : Optional.of(ids.stream().map(FaceClass::ofId).toList());
  }

  private static HalfFace halfFace(Values values) {
    List<HalfFace.Side> sides = values.list("sides");
    HalfFace halves =
        HalfFace.of(sides.get(0), sides.subList(1, sides.size()).toArray(HalfFace.Side[]::new))
            .withProbability(values.number(PROBABILITY));
    return donors(values).map(classes -> halves.withDonorClasses(classes)).orElse(halves);
  }
}
