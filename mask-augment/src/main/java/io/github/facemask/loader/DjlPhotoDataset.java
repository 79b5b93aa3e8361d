package io.github.facemask.loader;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.Batchifier;
import ai.djl.util.Progress;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A {@link PhotoLoader} as DJL's {@link Dataset}, for DJL's own trainers: data are uint8 (B, H, W,
 * 3), labels float32 (B, 18). Each call of {@link #getData} starts the next epoch. The threads of a
 * pass end when all batches were read, when a photo fails, or when the given manager is closed.
 *
 * <p>Thread-safe; each pass is for one thread.
 */
public final class DjlPhotoDataset implements Dataset {

  private final PhotoLoader photos;
  private final AtomicInteger epoch = new AtomicInteger();

  private DjlPhotoDataset(PhotoLoader photos) {
    this.photos = photos;
  }

  /**
   * Wraps a source.
   *
   * @param photos the source
   * @return the same batches for DJL
   */
  public static DjlPhotoDataset of(PhotoLoader photos) {
    return new DjlPhotoDataset(photos);
  }

  /**
   * Starts the next epoch.
   *
   * @param manager the parent of each batch's manager; closing it ends the pass
   * @return the batches, for one iteration; the caller closes each batch
   */
  @Override
  public Iterable<Batch> getData(NDManager manager) {
    int next = epoch.getAndIncrement();
    return () -> new Pass(manager, photos.open(manager, next), photos);
  }

  /** Opens the cache, and builds its file if need be. */
  @Override
  public void prepare(Progress progress) throws IOException {
    if (progress != null) {
      progress.reset("Keeping decoded photos", photos.photos().size());
    }
    photos.fillCache(
        done -> {
          if (progress != null) {
            progress.update(done - 1L);
          }
        });
  }

  private static final class Pass implements Iterator<Batch> {

    private final NDManager manager;
    private final BatchStream stream;
    private final int total;
    private Optional<PhotoBatch> ahead = Optional.empty();
    private boolean ended;
    private int taken;

    Pass(NDManager manager, BatchStream stream, PhotoLoader photos) {
      this.manager = manager;
      this.stream = stream;
      int size = photos.batchSize();
      this.total = (photos.photosPerEpoch() + size - 1) / size;
      manager.attachInternal(UUID.randomUUID().toString(), stream);
    }

    @Override
    public boolean hasNext() {
      if (ahead.isEmpty() && !ended) {
        try {
          ahead = stream.next();
        } catch (IOException e) {
          ended = true;
          stream.close();
          throw new UncheckedIOException(e);
        }
        if (ahead.isEmpty()) {
          ended = true;
          stream.close();
        }
      }
      return ahead.isPresent();
    }

    @Override
    public Batch next() {
      if (!hasNext()) {
        throw new NoSuchElementException("the pass has no further batch, ask getData for another");
      }
      PhotoBatch photos = ahead.orElseThrow();
      ahead = Optional.empty();
      NDManager own = manager.newSubManager();
      photos.pixels().attach(own);
      photos.targets().attach(own);
      return new Batch(
          own,
          new NDList(photos.pixels()),
          new NDList(photos.targets()),
          photos.size(),
          Batchifier.STACK,
          Batchifier.STACK,
          taken++,
          total,
          photos.indices());
    }
  }
}
