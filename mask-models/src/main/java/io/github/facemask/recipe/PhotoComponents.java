package io.github.facemask.recipe;

import static io.github.facemask.recipe.Components.classes;
import static io.github.facemask.recipe.Components.name;
import static io.github.facemask.recipe.Components.number;
import static io.github.facemask.recipe.Components.whole;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import io.github.facemask.label.FaceClass;
import io.github.facemask.mixing.CutMix;
import io.github.facemask.mixing.HalfFace;
import io.github.facemask.mixing.MixUp;
import io.github.facemask.mixing.Mixing;
import io.github.facemask.transform.Clahe;
import io.github.facemask.transform.ColorJitter;
import io.github.facemask.transform.EvaluationCrop;
import io.github.facemask.transform.GaussianBlur;
import io.github.facemask.transform.GaussianNoise;
import io.github.facemask.transform.Grayscale;
import io.github.facemask.transform.HorizontalFlip;
import io.github.facemask.transform.PhotoTransform;
import io.github.facemask.transform.RandAugment;
import io.github.facemask.transform.RandomAffine;
import io.github.facemask.transform.RandomErasing;
import io.github.facemask.transform.RandomResizedCrop;
import io.github.facemask.transform.TrivialAugment;
import java.util.List;
import java.util.Set;

/** Recreates transforms and mixings from their recorded {@code parameters()}. */
final class PhotoComponents {

  private PhotoComponents() {}

  static PhotoTransform transform(JsonNode json) {
    return switch (name(json)) {
      case "evaluation" -> EvaluationCrop.of();
      case "randomResizedCrop" ->
          RandomResizedCrop.of(number(json, "minArea"), number(json, "maxArea"))
              .withAspect(number(json, "minAspect"), number(json, "maxAspect"));
      case "horizontalFlip" -> HorizontalFlip.of(number(json, "probability"));
      case "grayscale" -> Grayscale.of(number(json, "probability"));
      case "colorJitter" ->
          ColorJitter.of(
              number(json, "brightness"),
              number(json, "contrast"),
              number(json, "saturation"),
              number(json, "hue"));
      case "gaussianBlur" ->
          GaussianBlur.sigma(number(json, "minSigma"), number(json, "maxSigma"))
              .withProbability(number(json, "probability"));
      case "gaussianNoise" -> GaussianNoise.std(number(json, "minStd"), number(json, "maxStd"));
      case "clahe" ->
          Clahe.clipLimit(number(json, "minClip"), number(json, "maxClip"))
              .withProbability(number(json, "probability"));
      case "randomAffine" ->
          RandomAffine.rotation(number(json, "degrees"))
              .withShift(number(json, "shift"))
              .withScale(number(json, "minScale"), number(json, "maxScale"))
              .withShear(number(json, "shearDegrees"));
      case "randomErasing" ->
          RandomErasing.of(number(json, "probability"))
              .withArea(number(json, "minArea"), number(json, "maxArea"));
      case "cutout" -> RandomErasing.cutout(number(json, "side"));
      case "randAugment" ->
          RandAugment.of((int) whole(json, "operations"), (int) whole(json, "magnitude"));
      case "trivialAugmentWide" -> TrivialAugment.wide();
      default -> throw Components.own("transform", json);
    };
  }

  static Mixing mixing(JsonNode json) {
    return switch (name(json)) {
      case "cutMix" -> {
        CutMix cutMix =
            CutMix.alpha(number(json, "alpha")).withProbability(number(json, "probability"));
        Set<FaceClass> donors = classes(json.path("donorClasses"));
        yield donors.isEmpty() ? cutMix : cutMix.withDonorClasses(donors);
      }
      case "mixUp" ->
          MixUp.alpha(number(json, "alpha")).withProbability(number(json, "probability"));
      case "halfFace" -> halfFace(json);
      case "oneOf" ->
          Mixing.oneOf(
              Streams.stream(json.path("mixings"))
                  .map(PhotoComponents::mixing)
                  .collect(ImmutableList.toImmutableList()));
      default -> throw Components.own("mixing", json);
    };
  }

  private static HalfFace halfFace(JsonNode json) {
    List<HalfFace.Side> sides =
        Streams.stream(json.path("sides"))
            .map(side -> HalfFace.Side.valueOf(side.asText()))
            .toList();
    if (sides.isEmpty()) {
      throw new IllegalArgumentException("a mixing of half faces names no side");
    }
    HalfFace halves =
        HalfFace.of(sides.get(0), sides.subList(1, sides.size()).toArray(HalfFace.Side[]::new))
            .withProbability(number(json, "probability"));
    Set<FaceClass> donors = classes(json.path("donorClasses"));
    return donors.isEmpty() ? halves : halves.withDonorClasses(donors);
  }
}
