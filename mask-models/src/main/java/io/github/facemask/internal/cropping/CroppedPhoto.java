package io.github.facemask.internal.cropping;

import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.View;
import io.github.facemask.transform.EvaluationCrop;
import io.github.facemask.transform.HorizontalFlip;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A photo in memory. Its face crop is computed on the first request. Thread-safe. */
public final class CroppedPhoto {

  private final Pixels pixels;
  private final Map<FaceCropSettings, Pixels> crops = new HashMap<>();

  CroppedPhoto(Pixels pixels) {
    this.pixels = pixels;
  }

  /**
   * Writes the network's input.
   *
   * @param preprocessing the network's input
   * @param faces the face crop that it expects; empty for the whole photo
   * @param view the view, for test-time augmentation
   * @param into receives height * width * 3 bytes, RGB, row by row, from its position on
   */
  public void frame(
      Preprocessing preprocessing, Optional<FaceCrop> faces, View view, ByteBuffer into) {
    Pixels subject = faces.map(this::face).orElse(pixels);
    Box whole = EvaluationCrop.frame(subject.height(), subject.width(), preprocessing);
    double width = view.zoom() * (whole.right() - whole.left());
    double height = view.zoom() * (whole.bottom() - whole.top());
    double left = whole.left() + view.x() * (whole.right() - whole.left() - width);
    double top = whole.top() + view.y() * (whole.bottom() - whole.top() - height);
    Pixels seen =
        Resampler.resize(
            subject,
            new Box(left, top, left + width, top + height),
            preprocessing.height(),
            preprocessing.width(),
            preprocessing.interpolation());
    into.put((view.mirrored() ? HorizontalFlip.mirrored(seen) : seen).array());
  }

  /** The crop is shared by all networks that expect it. */
  private synchronized Pixels face(FaceCrop crop) {
    return crops.computeIfAbsent(
        crop.settings(), settings -> pixels.crop(crop.decide("photo", "", pixels).crop()));
  }
}
