package io.github.facemask.transform;

import java.util.Map;

/**
 * A step between a decoded photo and the network's input: either a {@link CropTransform}, which
 * chooses the part of the photo that is resized to the network's input size, or a {@link
 * PixelTransform}, which changes a photo of that size. Implementations are immutable and
 * thread-safe.
 */
public sealed interface PhotoTransform permits CropTransform, PixelTransform {

  /** Returns the transform's name and parameters for a run's record; plain JSON values. */
  Map<String, Object> parameters();
}
