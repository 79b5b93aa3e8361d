package io.github.facemask.sampling;

import static com.google.common.base.Preconditions.checkArgument;

import io.github.facemask.dataset.FacePhoto;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.provenance.Digest;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** A weight for each photo, by the photo's id. Weights of classes are {@link ClassWeights}. */
public final class PhotoWeights {

  private final Map<String, Double> byId;

  private PhotoWeights(Map<String, Double> byId) {
    this.byId = byId;
  }

  /**
   * Weighs photos.
   *
   * @param photos the photos
   * @param weight returns a photo's weight, 0 or more
   * @throws IllegalArgumentException if a weight is negative or not a number, or all are 0
   */
  public static PhotoWeights of(PhotoSet photos, ToDoubleFunction<FacePhoto> weight) {
    Map<String, Double> byId = new HashMap<>();
    double sum = 0;
    for (FacePhoto photo : photos) {
      double value = weight.applyAsDouble(photo);
      checkArgument(
          value >= 0 && value < Double.POSITIVE_INFINITY,
          "the weight of photo '%s' is %s, expected a number of 0 or more",
          photo.photo().id(),
          value);
      byId.put(photo.photo().id(), value);
      sum += value;
    }
    checkArgument(sum > 0, "all photo weights are 0, expected one above 0");
    return new PhotoWeights(byId);
  }

  /**
   * Returns a photo's weight.
   *
   * @param photo the photo
   * @throws IllegalArgumentException if the photo was not weighed
   */
  public double of(FacePhoto photo) {
    Double weight = byId.get(photo.photo().id());
    checkArgument(
        weight != null,
        "photo '%s' has no weight; weigh the photos that are sampled",
        photo.photo().id());
    return weight;
  }

  /** Returns a digest of ids and weights, independent of their order. */
  public Digest digest() {
    StringBuilder lines = new StringBuilder();
    new TreeMap<>(byId).forEach((id, w) -> lines.append(id).append('\t').append(w).append('\n'));
    return Digest.ofText(lines.toString());
  }
}
