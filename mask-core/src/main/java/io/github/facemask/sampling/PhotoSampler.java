package io.github.facemask.sampling;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.label.FaceClass;
import io.github.facemask.label.FaceLabel;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
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
   * Returns the sampler that shows photos as one sampler does in the first epochs of a run, and as
   * another does from then on: deferred re-sampling (Cao et al., "Learning imbalanced datasets with
   * label-distribution-aware margin loss", 2019). Both must have epochs of the same length.
   *
   * @param first the sampler of the first epochs, for instance {@link #shuffled}
   * @param then the sampler of all later epochs
   * @param epochs the number of epochs of the first, 1 or more
   */
  static PhotoSampler deferred(PhotoSampler first, PhotoSampler then, int epochs) {
    return ScheduledSampler.deferred(first, then, epochs);
  }

  /**
   * Returns the sampler whose classes go evenly from their natural shares in the first epoch to
   * those of a weighted sampler in the last: progressively balanced sampling (Kang et al.,
   * "Decoupling representation and classifier for long-tailed recognition", 2020). In epoch e of E,
   * from 0, the balanced shares count e / (E - 1).
   *
   * @param balanced the weights of the last epoch; its draws, length and cap hold in all epochs
   * @param epochs the number of epochs, 2 or more
   */
  static PhotoSampler progressive(WeightedSampler balanced, int epochs) {
    return ScheduledSampler.progressive(balanced, epochs);
  }

  /**
   * Returns the sampler of one epoch; this one, unless it changes over the epochs of a run.
   *
   * @param epoch the epoch, from 0
   */
  default PhotoSampler at(int epoch) {
    return this;
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
   * equally often. Of a sampler that changes over the epochs, the counts are those of the first
   * one; {@link #at} gives the others.
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

  /**
   * Returns the most photos of a person in an epoch, if the sampler weighs classes and has such a
   * cap.
   */
  default OptionalInt personCap() {
    return OptionalInt.empty();
  }

  /**
   * Returns how often an epoch would show each photo on average without {@link #personCap}.
   *
   * @param photos the photos to draw from
   * @return a number for each photo, at its index
   */
  default double[] aimedPhotoCounts(PhotoSet photos) {
    return expectedPhotoCounts(photos);
  }

  /** Returns the sampler's name and parameters for the run's record; plain JSON values. */
  Map<String, Object> parameters();
}
