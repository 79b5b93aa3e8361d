package io.github.facemask.lab.gallery;

import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.internal.pipeline.StoredForm;
import io.github.facemask.label.MaskState;
import io.github.facemask.overlay.MaskOverlay;
import io.github.facemask.overlay.MaskOverlay.Fit;
import io.github.facemask.overlay.MaskOverlay.Kind;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.random.RandomStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Masks that are drawn on faces: draws of an overlay, then each kind and each way to wear one. */
final class OverlayPanels {

  private OverlayPanels() {}

  static List<Panel> of(
      List<Gallery.FacePicture> faces,
      MaskOverlay overlay,
      Preprocessing input,
      int draws,
      long seed) {
    List<Panel> panels = new ArrayList<>();
    for (MaskState state : List.of(MaskState.WORN, MaskState.WORN_WRONGLY)) {
      List<Picture> pictures = new ArrayList<>();
      for (int i = 0; i < faces.size(); i++) {
        Gallery.FacePicture at = stored(faces.get(i), input);
        pictures.add(new Picture(near(at, at.photo()), List.of("before")));
        for (int draw = 0; draw < draws; draw++) {
          RandomStream random = RandomStream.of(seed, "overlay", draw, i);
          Pixels masked = overlay.paint(at.photo(), at.face(), state, random);
          pictures.add(new Picture(near(at, masked), List.of("draw " + (draw + 1))));
        }
      }
      panels.add(
          new Panel("masks " + words(state), "drawn on faces without one", 1 + draws, pictures));
    }
    panels.add(kinds(stored(faces.get(0), input), overlay, draws, seed));
    return panels;
  }

  /** Shows the first face with each kind, and with each way to wear one wrongly. */
  private static Panel kinds(Gallery.FacePicture at, MaskOverlay overlay, int draws, long seed) {
    List<Picture> pictures = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      MaskOverlay only = overlay.withKinds(Map.of(kind, 1.0));
      row(at, only, MaskState.WORN, words(kind), draws, seed, pictures);
    }
    for (Fit fit : Fit.values()) {
      if (fit != Fit.COVERING) {
        MaskOverlay only = overlay.withFits(Map.of(fit, 1.0));
        row(at, only, MaskState.WORN_WRONGLY, words(fit), draws, seed, pictures);
      }
    }
    return new Panel("kinds and fits of masks", "a row for each", draws, pictures);
  }

  private static void row(
      Gallery.FacePicture at,
      MaskOverlay overlay,
      MaskState state,
      String name,
      int draws,
      long seed,
      List<Picture> pictures) {
    for (int draw = 0; draw < draws; draw++) {
      RandomStream random = RandomStream.of(seed, "overlay " + name, draw);
      Pixels masked = overlay.paint(at.photo(), at.face(), state, random);
      pictures.add(new Picture(near(at, masked), List.of(name)));
    }
  }

  /** Shrinks a photo as training does, with its face. */
  static Gallery.FacePicture stored(Gallery.FacePicture picture, Preprocessing input) {
    Pixels photo = picture.photo();
    Pixels stored = StoredForm.of(photo, input);
    Box whole = Box.whole(photo.height(), photo.width());
    Detection face = picture.face().inPart(whole, 0, stored.height(), stored.width());
    return new Gallery.FacePicture(picture.id(), stored, face);
  }

  /** The face and its surroundings. */
  private static Pixels near(Gallery.FacePicture at, Pixels photo) {
    Box face = at.face().box();
    double half = 0.85 * Math.max(face.width(), face.height());
    double x = face.centerX();
    double y = face.centerY() + 0.05 * face.height();
    return photo.crop(
        new Box(
            Math.max(0, x - half),
            Math.max(0, y - half),
            Math.min(photo.width(), x + half),
            Math.min(photo.height(), y + half)));
  }

  private static String words(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
