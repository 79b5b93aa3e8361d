package io.github.facemask.sampling;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** Chooses the photos of an epoch. Immutable and thread-safe. */
public interface PhotoSampler {

  /** Returns the sampler that shows each photo once, in a random order. */
  static PhotoSampler shuffled() {
    return ShuffledSampler.create();
  }

  /**
   * Returns the sampler that balances the classes in each batch.
   *
   * @param batchSize photos in a batch, 1 or more
   */
  static PhotoSampler balancedBatches(int batchSize) {
    return BalancedBatchSampler.of(batchSize);
  }

  /**
   * Returns the sampler that limits the photos of each person in an epoch.
   *
   * @param perPerson the largest number of photos, 1 or more
   */
  static PhotoSampler capped(int perPerson) {
    return CappedSampler.perPerson(perPerson);
  }

  /**
   * Returns the sampler that shows photos of some classes more often.
   *
   * @param factor the average number of times in an epoch, 1 or more
   * @param classes the classes, at least one
   */
  static PhotoSampler oversampling(double factor, Set<FaceClass> classes) {
    return OversamplingSampler.of(factor, classes);
  }

  /**
   * Returns the sampler that shows photos of an age group more often.
   *
   * @param factor the average number of times in an epoch, 1 or more
   * @param age the age group
   */
  static PhotoSampler oversampling(double factor, AgeGroup age) {
    return OversamplingSampler.ofAge(factor, age);
  }

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
   * @return the number of photos in an epoch
   */
  int photosPerEpoch(PhotoSet photos);

  /**
   * Returns the rest of an epoch that was interrupted between two batches: the end of {@link
   * #epochOrder}. A resumed run then shows the same photos as an uninterrupted one.
   *
   * @param photos the photos to draw from
   * @param seed the run's seed
   * @param epoch the epoch, from 0
   * @param batchSize the size of the batches that the epoch is cut into, 1 or more
   * @param firstBatch the first batch that is not done, from 0 to the number of batches
   * @return indices of photos, in the order to show them; empty if all batches are done
   */
  default int[] restOfEpoch(PhotoSet photos, long seed, int epoch, int batchSize, int firstBatch) {
    check(batchSize >= 1, "batchSize", batchSize, "1 or more");
    int[] order = epochOrder(photos, seed, epoch);
    int batches = (order.length + batchSize - 1) / batchSize;
    check(firstBatch >= 0 && firstBatch <= batches, "firstBatch", firstBatch, "0 to " + batches);
    return Arrays.copyOfRange(order, Math.min(order.length, firstBatch * batchSize), order.length);
  }

  /**
   * Returns how often an epoch shows each photo on average. By default, all photos are shown
   * equally often.
   *
   * @param photos the photos to draw from
   * @return a number for each photo, at its index; they sum to {@link #photosPerEpoch}
   */
  default double[] expectedPhotoCounts(PhotoSet photos) {
    double[] expected = new double[photos.size()];
    Arrays.fill(expected, photosPerEpoch(photos) / (double) Math.max(1, photos.size()));
    return expected;
  }

  /**
   * Returns how many photos of each label an epoch shows on average.
   *
   * @param photos the photos to draw from
   * @return 48 numbers, at the index of the label's id; the first 18 are those of the classes
   */
  default double[] expectedLabelCounts(PhotoSet photos) {
    double[] perPhoto = expectedPhotoCounts(photos);
    double[] perLabel = new double[FaceLabel.COUNT];
    for (int i = 0; i < perPhoto.length; i++) {
      perLabel[photos.get(i).label().id()] += perPhoto[i];
    }
    return perLabel;
  }

  /** Returns the sampler's name and parameters for the run's record; plain JSON values. */
  Map<String, Object> parameters();
}
