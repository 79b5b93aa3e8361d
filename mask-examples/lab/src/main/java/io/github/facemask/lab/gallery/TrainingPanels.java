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
      List<Gallery.FacePicture> faces,
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
      Pixels photo = photos.get(i);
      Optional<Gallery.FacePicture> face =
          augmentation.overlay().isPresent()
              ? faces.stream().filter(each -> each.photo().equals(photo)).findFirst()
              : Optional.empty();
      for (int epoch = 0; epoch < epochs; epoch++) {
        pictures.add(
            face.isPresent()
                ? seenMasked(face.get(), augmentation.overlay().get(), pipeline, epoch, i, seed)
                : seen(photo, pipeline, epoch, i, seed));
      }
    }
    panels.add(new Panel("training photos", augmentation.toString(), 1 + epochs, pictures));
    if (augmentation.mixing().isPresent() && !batch.isEmpty()) {
      panels.add(mixed(batch, pipeline, augmentation.mixing().get(), epochs, seed));
    }
    return panels;
  }

  /** Shows a photo in an epoch, with the mask that training draws on its face. */
  private static Picture seenMasked(
      Gallery.FacePicture at,
      MaskOverlay overlay,
      PhotoPipeline pipeline,
      int epoch,
      int position,
      long seed) {
    Gallery.FacePicture stored = OverlayPanels.stored(at, pipeline.preprocessing());
    Optional<MaskState> state = overlay.state(stored.id(), seed, epoch);
    if (state.isEmpty()) {
      return seen(stored.photo(), pipeline, epoch, position, seed);
    }
    RandomStream random = RandomStream.of(seed, "overlay", epoch, position);
    Pixels masked = overlay.paint(stored.photo(), stored.face(), state.get(), random);
    Picture picture = seen(masked, pipeline, epoch, position, seed);
    List<String> caption = new ArrayList<>(picture.caption());
    caption.add(1, "mask " + state.get().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    return new Picture(picture.pixels(), caption);
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
