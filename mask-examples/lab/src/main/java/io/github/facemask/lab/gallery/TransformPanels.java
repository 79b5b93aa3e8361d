package io.github.facemask.lab.gallery;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.CropMode;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import io.github.facemask.random.RandomStream;
import io.github.facemask.transform.AugMix;
import io.github.facemask.transform.Clahe;
import io.github.facemask.transform.ColorJitter;
import io.github.facemask.transform.CropTransform;
import io.github.facemask.transform.EvaluationCrop;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One panel for each transform: a photo before, and after some draws. */
final class TransformPanels {

  /** Strong enough to be visible. Usual training parameters are weaker. */
  private static final ImmutableMap<String, PhotoTransform> ALL =
      ImmutableMap.<String, PhotoTransform>builder()
          .put("resize and centre crop", EvaluationCrop.of())
          .put("random resized crop", RandomResizedCrop.of(0.3, 1))
          .put("flip", HorizontalFlip.half())
          .put("rotation", RandomAffine.rotation(30))
          .put("affine", RandomAffine.rotation(10).withShift(0.1).withScale(0.8, 1.2).withShear(10))
          .put("colour jitter", ColorJitter.of(0.4, 0.4, 0.4, 0.1))
          .put("grey", Grayscale.of(0.5))
          .put("blur", GaussianBlur.sigma(0.5, 3))
          .put("noise", GaussianNoise.std(5, 25))
          .put("CLAHE", Clahe.clipLimit(1, 4))
          .put("random erasing", RandomErasing.of(1))
          .put("cutout", RandomErasing.cutout(0.4))
          .put("RandAugment", RandAugment.of(2, 9))
          .put("TrivialAugment", TrivialAugment.wide())
          .put("AugMix", AugMix.severity(5))
          .put(
              "one of",
              PixelTransform.oneOf(
                  List.of(
                      GaussianBlur.sigma(1, 3), GaussianNoise.std(10, 25), Clahe.clipLimit(2, 4))))
          .build();

  private TransformPanels() {}

  static List<Panel> of(List<Pixels> photos, int side, int draws, long seed) {
    Preprocessing input = input(side, 0.875);
    List<Panel> panels = new ArrayList<>();
    panels.add(resize(photos, side));
    for (Map.Entry<String, PhotoTransform> entry : ALL.entrySet()) {
      PhotoTransform transform = entry.getValue();
      List<Picture> pictures = new ArrayList<>();
      for (int i = 0; i < photos.size(); i++) {
        pictures.addAll(row(transform, photos.get(i), input, draws, seed, i));
      }
      panels.add(
          new Panel(entry.getKey(), choices(transform), pictures.size() / photos.size(), pictures));
    }
    return panels;
  }

  static Preprocessing input(int side, double cropRatio) {
    return new Preprocessing(
        side,
        side,
        Preprocessing.IMAGENET_MEAN,
        Preprocessing.IMAGENET_STD,
        Interpolation.BILINEAR,
        cropRatio,
        CropMode.CENTER);
  }

  private static Panel resize(List<Pixels> photos, int side) {
    List<Picture> pictures = new ArrayList<>();
    for (Pixels photo : photos) {
      pictures.add(before(photo));
      for (Interpolation filter : List.of(Interpolation.BILINEAR, Interpolation.BICUBIC)) {
        pictures.add(
            new Picture(
                Resampler.resize(photo, side, side, filter),
                List.of(
                    filter.name().toLowerCase(Locale.ROOT),
                    "%d x %d pixels".formatted(side, side))));
      }
    }
    return new Panel("resize", "antialiased, as Pillow's", 3, pictures);
  }

  static Picture before(Pixels photo) {
    return new Picture(
        photo, List.of("before", "%d x %d pixels".formatted(photo.height(), photo.width())));
  }

  private static List<Picture> row(
      PhotoTransform transform, Pixels photo, Preprocessing input, int draws, long seed, int row) {
    List<Picture> pictures = new ArrayList<>();
    if (transform instanceof CropTransform framing) {
      pictures.add(before(photo));
      int count = framing instanceof EvaluationCrop ? 1 : draws;
      for (int i = 0; i < count; i++) {
        RandomStream random = RandomStream.of(seed, "gallery", row, i);
        Box box = framing.draw(random, photo.height(), photo.width(), input);
        pictures.add(
            new Picture(
                Resampler.resize(photo, box, input.height(), input.width(), input.interpolation()),
                List.of(words(box))));
      }
    } else if (transform instanceof PixelTransform adjustment) {
      Preprocessing whole = input(input.height(), 1);
      Box box = EvaluationCrop.frame(photo.height(), photo.width(), whole);
      Pixels framed =
          Resampler.resize(photo, box, input.height(), input.width(), input.interpolation());
      pictures.add(before(framed));
      for (int i = 0; i < draws; i++) {
        RandomStream random = RandomStream.of(seed, "gallery", row, i);
        PixelTransform.Sampled effect = adjustment.draw(random, framed.height(), framed.width());
        pictures.add(new Picture(effect.applyTo(framed), List.of(effect.words())));
      }
    }
    return pictures;
  }

  static String words(Box box) {
    return String.format(
        Locale.ROOT,
        "rows %.0f to %.0f, columns %.0f to %.0f",
        box.top(),
        box.bottom(),
        box.left(),
        box.right());
  }

  private static String choices(PhotoTransform transform) {
    if (transform.parameters().containsKey("transforms")) {
      return Augmentation.of(List.of(transform), Optional.empty()).toString();
    }
    Map<String, Object> parameters = new TreeMap<>(transform.parameters());
    parameters.remove("name");
    return parameters.entrySet().stream()
        .map(e -> e.getKey() + " " + number(e.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String number(Object value) {
    return value instanceof Double d
        ? String.valueOf(Math.round(d * 1000) / 1000.0)
        : String.valueOf(value);
  }
}
