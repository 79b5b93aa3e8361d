package io.github.facemask.lab.cropaudit;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.dataset.Photo;
import io.github.facemask.facecrop.CropDecision;

/**
 * A crop and what may be wrong with it.
 *
 * @param photo the photo
 * @param person who is on it
 * @param decision the crop
 * @param flags how bad each thing is that may be wrong, above 0
 */
public record AuditedCrop(
    Photo photo, String person, CropDecision decision, ImmutableMap<Flag, Double> flags) {

  /** Returns the sum over the flags; 0 for a crop with nothing odd. */
  public double severity() {
    return flags.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
