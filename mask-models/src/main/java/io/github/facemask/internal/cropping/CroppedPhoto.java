package io.github.facemask.internal.cropping;

import io.github.facemask.facecrop.CropDecision;
import io.github.facemask.facecrop.FaceCrop;
import io.github.facemask.facecrop.FaceCropSettings;
import io.github.facemask.facecrop.FaceDetector;
import io.github.facemask.facecrop.FaceDetector.Detection;
import io.github.facemask.image.Box;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.Resampler;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.preprocessing.View;
import io.github.facemask.transform.EvaluationCrop;
import io.github.facemask.transform.HorizontalFlip;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A photo in memory. Each face detector searches it once, on the first request. Thread-safe. */
public final class CroppedPhoto {

  /** From this overlap on, the boxes of two detectors are those of one face. */
  private static final double SAME_FACE = 0.3;

  private final Pixels pixels;
  private final Map<FaceCropSettings.Detector, List<Detection>> faces = new HashMap<>();
  private final Map<FaceCropSettings, Pixels> subjects = new HashMap<>();

  CroppedPhoto(Pixels pixels) {
    this.pixels = pixels;
  }

  /** Returns the whole photo. */
  public Pixels pixels() {
    return pixels;
  }

  /**
   * Returns what a network sees of the main subject.
   *
   * @param crop the face crop that it expects; empty for the whole photo
   */
  public synchronized Pixels subject(Optional<FaceCrop> crop) {
    return crop.isEmpty()
        ? pixels
        : subjects.computeIfAbsent(
            crop.get().settings(), settings -> decision(crop.get()).cut(pixels));
  }

  /**
   * Returns how the main subject is cropped.
   *
   * @param crop the face crop
   */
  public CropDecision decision(FaceCrop crop) {
    return crop.decide("photo", "", pixels, faces(crop.detector()));
  }

  /**
   * Returns all faces, in the order of the detector.
   *
   * @param detector the detector
   */
  public synchronized List<Detection> faces(FaceDetector detector) {
    // Not computeIfAbsent: a detector may fail, and may be slow.
    List<Detection> found = faces.get(detector.settings());
    if (found == null) {
      found = List.copyOf(detector.detect(pixels));
      faces.put(detector.settings(), found);
    }
    return found;
  }

  /**
   * Returns what a network sees of one face. A network that expects the crops of another detector
   * sees the face as that one found it, if it did.
   *
   * @param face the face
   * @param found how it was found
   * @param expected the face crop that the network expects; empty for a network of whole photos,
   *     which sees the face as {@code found} cuts it
   */
  public Pixels face(Detection face, FaceCrop found, Optional<FaceCrop> expected) {
    FaceCrop crop = expected.orElse(found);
    Detection same = face;
    if (!crop.detector().settings().equals(found.detector().settings())) {
      same =
          faces(crop.detector()).stream()
              .filter(other -> other.box().overlap(face.box()) >= SAME_FACE)
              .max(Comparator.comparingDouble(other -> other.box().overlap(face.box())))
              .orElse(face);
    }
    return crop.cut(pixels, same);
  }

  /**
   * Writes a network's input.
   *
   * @param subject what the network sees
   * @param preprocessing the network's input
   * @param view the view, for test-time augmentation
   * @param into receives height * width * 3 bytes, RGB, row by row, from its position on
   */
  public static void frame(
      Pixels subject, Preprocessing preprocessing, View view, ByteBuffer into) {
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
}
