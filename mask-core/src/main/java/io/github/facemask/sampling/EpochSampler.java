package io.github.facemask.sampling;

import static com.google.common.base.Preconditions.checkArgument;
import static io.github.facemask.problem.InvalidArgumentException.check;

import ai.djl.training.dataset.RandomAccessDataset;
import ai.djl.training.dataset.Sampler;
import io.github.facemask.dataset.PhotoSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;

/**
 * Adapts a {@link PhotoSampler} to DJL's {@link Sampler}, for a DJL data set of the same photos in
 * the same order. Each call of {@link #sample} returns the next epoch. The first epoch may start in
 * the middle, to resume a run.
 *
 * <p>Not thread-safe.
 */
public final class EpochSampler implements Sampler {

  private final PhotoSampler sampler;
  private final PhotoSet photos;
  private final int batchSize;
  private final long seed;
  private int epoch;
  private int firstBatch;

  private EpochSampler(Builder builder) {
    this.sampler = builder.sampler;
    this.photos = builder.photos;
    this.batchSize = builder.batchSize;
    this.seed = builder.seed;
    this.epoch = builder.epoch;
    this.firstBatch = builder.firstBatch;
  }

  /**
   * Returns a builder of an adapter.
   *
   * @param sampler chooses the photos
   * @param photos the photos of the data set, in its order
   * @param batchSize the size of the batches, 1 or more; the last may be smaller
   */
  public static Builder builder(PhotoSampler sampler, PhotoSet photos, int batchSize) {
    return new Builder(sampler, photos, batchSize);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the number of items in the data set is not the number of
   *     photos
   */
  @Override
  public Iterator<List<Long>> sample(RandomAccessDataset dataset) {
    checkArgument(
        dataset.size() == photos.size(),
        "the data set has %s items, expected the %s photos that the sampler knows",
        dataset.size(),
        photos.size());
    int[] order = sampler.restOfEpoch(photos, seed, epoch, batchSize, firstBatch);
    epoch++;
    firstBatch = 0;
    return new Batches(order, batchSize);
  }

  @Override
  public int getBatchSize() {
    return batchSize;
  }

  /** Cuts an order into batches. */
  private static final class Batches implements Iterator<List<Long>> {
    private final int[] order;
    private final int batchSize;
    private int next;

    Batches(int[] order, int batchSize) {
      this.order = order;
      this.batchSize = batchSize;
    }

    @Override
    public boolean hasNext() {
      return next < order.length;
    }

    @Override
    public List<Long> next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the epoch has no more batches");
      }
      int end = Math.min(order.length, next + batchSize);
      List<Long> batch = new ArrayList<>(end - next);
      while (next < end) {
        batch.add((long) order[next++]);
      }
      return batch;
    }
  }

  /** Builder of {@link EpochSampler}. */
  public static final class Builder {

    private final PhotoSampler sampler;
    private final PhotoSet photos;
    private final int batchSize;
    private long seed;
    private int epoch;
    private int firstBatch;

    private Builder(PhotoSampler sampler, PhotoSet photos, int batchSize) {
      this.sampler = Objects.requireNonNull(sampler, "sampler");
      this.photos = Objects.requireNonNull(photos, "photos");
      this.batchSize = batchSize;
    }

    /** Sets the run's seed; 0 by default. */
    public Builder optSeed(long seed) {
      this.seed = seed;
      return this;
    }

    /**
     * Sets the start of the first call, to resume a run.
     *
     * @param epoch the epoch, from 0
     * @param firstBatch the first batch of the epoch that is not done, from 0
     */
    public Builder optStart(int epoch, int firstBatch) {
      this.epoch = epoch;
      this.firstBatch = firstBatch;
      return this;
    }

    /**
     * Returns the adapter.
     *
     * @throws IllegalArgumentException if the batch size or the start is out of range
     */
    public EpochSampler build() {
      check(batchSize >= 1, "batchSize", batchSize, "1 or more");
      check(epoch >= 0, "epoch", epoch, "0 or more");
      check(firstBatch >= 0, "firstBatch", firstBatch, "0 or more");
      return new EpochSampler(this);
    }
  }
}
