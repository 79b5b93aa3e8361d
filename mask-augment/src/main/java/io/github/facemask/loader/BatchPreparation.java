package io.github.facemask.loader;

import io.github.facemask.image.Pixels;
import io.github.facemask.internal.batchtransform.PhotoPart;
import io.github.facemask.internal.pipeline.PhotoPipeline;
import io.github.facemask.internal.pipeline.SampledPipeline;
import io.github.facemask.internal.pipeline.StoredForm;
import io.github.facemask.mixing.Mixing;
import io.github.facemask.preprocessing.Preprocessing;
import io.github.facemask.random.RandomStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What the loader's threads do for a batch: they read, transform and mix its photos, or, for a
 * device that transforms and mixes, cut out what it needs. Thread-safe.
 */
record BatchPreparation(
    PhotoPipeline pipeline,
    Optional<Mixing> mixing,
    Optional<MaskedPhotos> masked,
    PhotoSource source,
    BufferPool buffers,
    int batchSize,
    long seed) {

  private static final int MOST_BYTES = 1 << 30;

  /** Returns whether photos are changed, and a batch of them fits. */
  boolean suitsDevice() {
    boolean changed = !pipeline.isPlain() || mixing.isPresent();
    return changed && Math.max(input().height(), input().width()) <= longestSide();
  }

  /** Returns a buffer for a batch that is transformed on the CPU. */
  ByteBuffer takeBuffer() {
    return buffers.take(batchSize * input().height() * input().width() * Pixels.CHANNELS);
  }

  /** Loads one photo into its place; its random draws depend on its position in the epoch. */
  void load(int epoch, int position, int index, LoadingBatch batch) throws IOException {
    RandomStream random = PhotoPipeline.draws(seed, epoch, position);
    Pixels photo = source.read(index);
    if (masked.isPresent()) {
      photo = masked.get().paint(epoch, position, index, photo);
    }
    SampledPipeline drawn = pipeline.draw(random, photo.height(), photo.width());
    if (batch.isForDevice()) {
      batch.setPart(position, PhotoPart.of(photo, drawn, input(), longestSide()));
      return;
    }
    Pixels pixels = drawn.applyTo(photo, input());
    pixels.copyTo(batch.buffer, (position - batch.firstPosition) * pixels.array().length);
  }

  /** Mixes a batch whose photos are all loaded. */
  void mix(int epoch, LoadingBatch batch) {
    int height = input().height();
    int width = input().width();
    Mixing.Plan plan =
        mixing.isPresent()
            ? mixing.get().draw(seed, epoch, batch.number, height, width, batch.targets)
            : new Mixing.Plan.Nothing();
    if (batch.isForDevice()) {
      batch.pack(buffers, plan);
      plan.applyToTargets(height, width, batch.targets);
    } else {
      plan.applyTo(batch.buffer, height, width, batch.targets);
    }
  }

  private Preprocessing input() {
    return pipeline.preprocessing();
  }

  /**
   * Returns the longest side of what a device gets of a photo: twice the stored form's, and such
   * that a batch is at most 1 GiB.
   */
  private int longestSide() {
    int fits = (int) Math.sqrt((double) MOST_BYTES / batchSize / Pixels.CHANNELS);
    return Math.min(2 * StoredForm.side(input()), fits);
  }
}
