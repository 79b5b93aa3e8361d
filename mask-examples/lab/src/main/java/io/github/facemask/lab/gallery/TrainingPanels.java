package io.github.facemask.lab.gallery;

import io.github.facemask.augmentation.Augmentation;
import io.github.facemask.augmentation.Augmentation.Preset;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.pipeline.PhotoPipeline;
import io.github.facemask.internal.pipeline.SampledPipeline;
import io.github.facemask.internal.pipeline.StoredForm;
import io.github.facemask.label.MaskState;
import io.github.facemask.mixing.Mixing;
import io.github.facemask.overlay.MaskOverlay;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.random.RandomStream;
import io.github.facemask.transform.PixelTransform;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What training sees: photos after all transforms, and batches after the mixing. The draws are
 * those of training with the same seed, where a photo's number is its place in the epoch.
 */
final class TrainingPanels {

  private TrainingPanels() {}

  static List<Panel> of(
      List<Pixels> photos,
      List<LabelledPhoto> batch,
      Augmentation augmentation,
      Preprocessing input,
      int epochs,
      long seed) {
    PhotoPipeline pipeline = PhotoPipeline.of(input, augmentation.transforms());
    List<Panel> panels = new ArrayList<>();
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i < photos.size(); i++) {
      pictures.add(TransformPanels.before(photos.get(i)));
      for (int epoch = 0; epoch < epochs; epoch++) {
        pictures.add(seen(photos.get(i), pipeline, epoch, i, seed));
      }
    }
    panels.add(new Panel("training photos", augmentation.toString(), 1 + epochs, pictures));
    if (augmentation.mixing().isPresent() && !batch.isEmpty()) {
      panels.add(mixed(batch, pipeline, augmentation.mixing().get(), epochs, seed));
    }
    return panels;
  }

  /** Shows photos with the masks that training draws on them, and then transformed. */
  static Panel masked(
      List<Gallery.FacePicture> faces,
      Augmentation augmentation,
      Preprocessing input,
      int epochs,
      long seed) {
    MaskOverlay overlay = augmentation.overlay().orElseThrow();
    PhotoPipeline pipeline = PhotoPipeline.of(input, augmentation.transforms());
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i < faces.size(); i++) {
      Gallery.FacePicture at = OverlayPanels.stored(faces.get(i), input);
      pictures.add(TransformPanels.before(at.photo()));
      for (int epoch = 0; epoch < epochs; epoch++) {
        Optional<MaskState> state = overlay.state(at.id(), seed, epoch);
        RandomStream random = RandomStream.of(seed, "overlay", epoch, i);
        Pixels photo =
            state.isPresent()
                ? overlay.paint(at.photo(), at.face(), state.get(), random)
                : at.photo();
        Picture seen = seen(photo, pipeline, epoch, i, seed);
        List<String> caption = new ArrayList<>(seen.caption());
        state.ifPresent(
            s -> caption.add(1, "mask " + s.name().toLowerCase(Locale.ROOT).replace('_', ' ')));
        pictures.add(new Picture(seen.pixels(), caption));
      }
    }
    return new Panel("training photos with masks", augmentation.toString(), 1 + epochs, pictures);
  }

  /** Shows the first photo by each preset. */
  static Panel presets(Pixels photo, Preprocessing input, int epochs, long seed) {
    List<Picture> pictures = new ArrayList<>();
    for (Preset preset : Preset.values()) {
      PhotoPipeline pipeline = PhotoPipeline.of(input, preset.augmentation().transforms());
      pictures.add(new Picture(photo, List.of(preset.name().toLowerCase(Locale.ROOT), "before")));
      for (int epoch = 0; epoch < epochs; epoch++) {
        pictures.add(seen(photo, pipeline, epoch, 0, seed));
      }
    }
    return new Panel(
        "augmentation presets", "a row for each, without mixing", 1 + epochs, pictures);
  }

  private static Picture seen(
      Pixels photo, PhotoPipeline pipeline, int epoch, int position, long seed) {
    Preprocessing input = pipeline.preprocessing();
    Pixels stored = StoredForm.of(photo, input);
    SampledPipeline drawn =
        pipeline.draw(PhotoPipeline.draws(seed, epoch, position), stored.height(), stored.width());
    List<String> caption = new ArrayList<>();
    caption.add("epoch " + (epoch + 1));
    caption.add(TransformPanels.words(drawn.box()));
    for (PixelTransform.Sampled effect : drawn.effects()) {
      if (effect != PixelTransform.Sampled.NONE) {
        caption.add(effect.words());
      }
    }
    return new Picture(drawn.applyTo(stored, input), caption);
  }

  private static Panel mixed(
      List<LabelledPhoto> batch, PhotoPipeline pipeline, Mixing mixing, int epochs, long seed) {
    List<Picture> pictures = new ArrayList<>();
    float[][] labels = MixingPanels.labels(batch);
    for (int i = 0; i < batch.size(); i++) {
      pictures.add(new Picture(batch.get(i).pixels(), MixingPanels.captions("before", labels[i])));
    }
    for (int epoch = 0; epoch < epochs; epoch++) {
      List<Pixels> photos = new ArrayList<>();
      for (int i = 0; i < batch.size(); i++) {
        photos.add(seen(batch.get(i).pixels(), pipeline, epoch, i, seed).pixels());
      }
      pictures.addAll(
          MixingPanels.mixed(mixing, photos, MixingPanels.labels(batch), epoch, 0, seed));
    }
    return new Panel(
        "training batches", "the first row is the batch before", batch.size(), pictures);
  }
}
