package io.github.facemask.sampling;

import io.github.facemask.dataset.PhotoSet;
import java.util.Arrays;
import java.util.Map;

/** Chooses the photos of an epoch. Immutable and safe to share between threads. */
public interface PhotoSampler {

  /**
   * Returns the photos of an epoch, as indices into a set.
   *
   * @param photos the photos to draw from
   * @param seed the run's seed
   * @param epoch the epoch, from 0; the same seed and epoch give the same order
   * @return indices of photos, in the order to show them; a photo may occur more than once
   */
  int[] epochOrder(PhotoSet photos, long seed, int epoch);

  /**
   * Returns the length of {@link #epochOrder}.
   *
   * @param photos the photos to draw from
   * @return how many photos one epoch shows
   */
  int photosPerEpoch(PhotoSet photos);

  /**
   * Returns how many photos of each class an epoch shows on average. Unless told otherwise, the
   * classes keep their shares.
   *
   * @param photos the photos to draw from
   * @return 18 numbers, at the index of the class's id
   */
  default double[] expectedClassCounts(PhotoSet photos) {
    double scale = photosPerEpoch(photos) / (double) Math.max(1, photos.size());
    return Arrays.stream(photos.classCounts()).mapToDouble(count -> count * scale).toArray();
  }

  /** Returns the sampler's name and choices for the run's record; plain JSON values. */
  Map<String, Object> parameters();
}
