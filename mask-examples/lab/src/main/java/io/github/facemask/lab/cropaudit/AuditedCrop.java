package io.github.facemask.lab.cropaudit;

import com.google.common.collect.ImmutableMap;
import io.github.facemask.dataset.Photo;
import io.github.facemask.facecrop.CropDecision;

/**
 * A crop with its flags.
 *
 * @param photo the photo
 * @param person the person on it
 * @param decision the crop
 * @param flags the severity of each flag, above 0
 */
public record AuditedCrop(
    Photo photo, String person, CropDecision decision, ImmutableMap<Flag, Double> flags) {

  /** Returns the sum over the flags; 0 for a crop without flags. */
  public double severity() {
    return flags.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
