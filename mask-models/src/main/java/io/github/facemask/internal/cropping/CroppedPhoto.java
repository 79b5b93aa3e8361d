package io.github.facemask.internal.cropping;

import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.Subject;
import io.github.facemask.preprocessing.View;
import io.github.facemask.transform.EvaluationCrop;
import io.github.facemask.transform.HorizontalFlip;
import java.nio.ByteBuffer;

/** A photo in memory, and its face once a network asks for it. Safe for several threads. */
public final class CroppedPhoto {

  /** Loaded when the first network of faces asks. */
  private static final class Faces {
    private static final FaceCrop CROP = FaceCrop.cascade();
  }

  private final Pixels pixels;
  private Pixels face;

  CroppedPhoto(Pixels pixels) {
    this.pixels = pixels;
  }

  /**
   * Writes what a network sees of the photo.
   *
   * @param preprocessing the network's input
   * @param view which look at it
   * @param into takes height * width * 3 bytes, RGB, row by row, from its position on
   */
  public void frame(Preprocessing preprocessing, View view, ByteBuffer into) {
    Pixels subject = preprocessing.subject() == Subject.FACE ? face() : pixels;
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

  private synchronized Pixels face() {
    if (face == null) {
      face = pixels.crop(Faces.CROP.decide("photo", "", pixels).crop());
    }
    return face;
  }
}
