package io.github.facemask.lab.gallery;

import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.lab.report.ClassName;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import io.github.facemask.mixing.CutMix;
import io.github.facemask.mixing.HalfFace;
import io.github.facemask.mixing.MixUp;
import io.github.facemask.mixing.Mixing;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Preprocessing.CropMode;
import io.github.facemask.preprocessing.Preprocessing.Interpolation;
import io.github.facemask.transform.EvaluationCrop;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** One panel for each mixing: the batch, then some draws with their soft labels. */
final class MixingPanels {

  private MixingPanels() {}

  static List<Panel> of(List<LabelledPhoto> photos, int side, int draws, long seed) {
    List<Pixels> batch = photos.stream().map(p -> framed(p.pixels(), side)).toList();
    List<FaceClass> old =
        FaceClass.values().stream().filter(c -> c.age() == AgeGroup.FROM_60).toList();
    Map<String, Mixing> mixings = new LinkedHashMap<>();
    mixings.put("CutMix", CutMix.alpha(1));
    mixings.put("CutMix, donors from 60", CutMix.alpha(1).withDonorClasses(old));
    mixings.put("MixUp", MixUp.alpha(1));
    mixings.put("half face", HalfFace.leftOrRight());
    List<Panel> panels = new ArrayList<>();
    mixings.forEach(
        (name, mixing) -> panels.add(panel(name, mixing, photos, batch, Math.min(2, draws), seed)));
    return panels;
  }

  private static Pixels framed(Pixels photo, int side) {
    Preprocessing input =
        new Preprocessing(
            side,
            side,
            Preprocessing.IMAGENET_MEAN,
            Preprocessing.IMAGENET_STD,
            Interpolation.BILINEAR,
            1,
            CropMode.CENTER);
    return Resampler.resize(
        photo,
        EvaluationCrop.frame(photo.height(), photo.width(), input),
        side,
        side,
        Interpolation.BILINEAR);
  }

  private static Panel panel(
      String name,
      Mixing mixing,
      List<LabelledPhoto> photos,
      List<Pixels> batch,
      int draws,
      long seed) {
    List<Picture> pictures = new ArrayList<>();
    float[][] labels = labels(photos);
    for (int i = 0; i < batch.size(); i++) {
      pictures.add(new Picture(batch.get(i), captions("before", labels[i])));
    }
    for (int draw = 0; draw < draws; draw++) {
      pictures.addAll(mixed(mixing, batch, labels(photos), 0, draw, seed));
    }
    return new Panel(name, "the first row is the batch", batch.size(), pictures);
  }

  static float[][] labels(List<LabelledPhoto> photos) {
    float[][] labels = new float[photos.size()][FaceLabel.COUNT];
    for (int i = 0; i < labels.length; i++) {
      labels[i][photos.get(i).label().id()] = 1;
    }
    return labels;
  }

  /** Mixes a batch by the draws of its number in an epoch. */
  static List<Picture> mixed(
      Mixing mixing, List<Pixels> batch, float[][] labels, int epoch, int number, long seed) {
    int height = batch.get(0).height();
    int width = batch.get(0).width();
    int bytes = height * width * Pixels.CHANNELS;
    ByteBuffer buffer = ByteBuffer.allocateDirect(batch.size() * bytes);
    for (int i = 0; i < batch.size(); i++) {
      batch.get(i).copyTo(buffer, i * bytes);
    }
    Mixing.Plan plan = mixing.draw(seed, epoch, number, height, width, labels);
    plan.applyTo(buffer, height, width, labels);
    String words = words(plan, height, width);
    return IntStream.range(0, batch.size())
        .mapToObj(
            i -> {
              byte[] array = new byte[bytes];
              buffer.get(i * bytes, array);
              return new Picture(Pixels.wrap(height, width, array), captions(words, labels[i]));
            })
        .toList();
  }

  private static String words(Mixing.Plan plan, int height, int width) {
    if (plan instanceof Mixing.Plan.Paste paste) {
      return String.format(
          Locale.ROOT,
          "rows %d to %d, columns %d to %d; keeps %.2f",
          paste.top(),
          paste.bottom(),
          paste.left(),
          paste.right(),
          paste.kept(height, width));
    }
    return plan instanceof Mixing.Plan.Blend blend
        ? String.format(Locale.ROOT, "keeps %.2f", blend.kept() / (double) Mixing.Plan.Blend.WHOLE)
        : "unchanged";
  }

  /** Returns the drawn parameters, then each class of the soft label with its share. */
  static List<String> captions(String words, float[] label) {
    List<String> lines = new ArrayList<>();
    lines.add(words);
    IntStream.range(0, label.length)
        .filter(c -> label[c] > 0.0005)
        .boxed()
        .sorted((a, b) -> Float.compare(label[b], label[a]))
        .forEach(
            c ->
                lines.add(
                    String.format(
                        Locale.ROOT, "%.2f %s", label[c], ClassName.brief(FaceLabel.ofId(c)))));
    return lines;
  }
}
