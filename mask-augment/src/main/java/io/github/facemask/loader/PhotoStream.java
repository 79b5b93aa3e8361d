package io.github.facemask.loader;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.common.base.Throwables;
import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Floats;
import com.google.common.primitives.Ints;
import com.google.common.util.concurrent.Uninterruptibles;
import io.github.facemask.batch.BatchSource.BatchStream;
import io.github.facemask.batch.PhotoBatch;
import io.github.facemask.dataset.Photo;
import io.github.facemask.image.Pixels;
import io.github.facemask.image.UnreadablePhotoException;
import io.github.facemask.internal.batchtransform.BatchTransform;
import io.github.facemask.internal.batchtransform.PhotoPart;
import io.github.facemask.preprocessing.Preprocessing;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One pass: threads load the photos in order, each into its place in its batch, at most a fixed
 * number of batches ahead of the reader. Where the device transforms and mixes, it does so when the
 * reader takes a batch.
 */
final class PhotoStream implements BatchStream {

  private final PhotoLoader dataset;
  private final NDManager manager;
  private final int epoch;
  private final int[] order;
  private final boolean onDevice;
  private final List<Thread> workers = new ArrayList<>();
  private BatchTransform transform; // of the reader; null until its first batch

  // All below is guarded by this.
  private final Deque<LoadingBatch> inFlight = new ArrayDeque<>();
  private int nextPosition;
  private int lastPosition;
  private boolean closed;
  private double secondsWaited;

  PhotoStream(PhotoLoader dataset, NDManager manager, int epoch, int[] order, int firstBatch) {
    this.dataset = dataset;
    this.manager = manager;
    this.epoch = epoch;
    this.onDevice = dataset.transformsOnDevice(manager.getDevice());
    this.order = order;
    this.nextPosition = Math.min(order.length, firstBatch * dataset.batchSize());
    this.lastPosition = order.length;
  }

  PhotoStream start(int threads) {
    for (int i = 0; i < Math.min(threads, order.length); i++) {
      Thread worker = new Thread(this::work, "photo-loader-" + i);
      worker.setDaemon(true);
      workers.add(worker);
      worker.start();
    }
    return this;
  }

  @Override
  public Optional<PhotoBatch> next() throws IOException {
    long start = System.nanoTime();
    LoadingBatch batch;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("the pass is closed, open another one");
      }
      try {
        while (inFlight.isEmpty() ? nextPosition < lastPosition : !inFlight.peek().isComplete()) {
          wait();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw (InterruptedIOException)
            new InterruptedIOException("interrupted while waiting for photos").initCause(e);
      } finally {
        secondsWaited += (System.nanoTime() - start) / 1e9;
      }
      batch = inFlight.poll();
      notifyAll();
    }
    if (batch == null) {
      return Optional.empty();
    }
    if (batch.failure() != null) {
      close();
      throw failed(batch);
    }
    return Optional.of(toArrays(batch));
  }

  private IOException failed(LoadingBatch batch) {
    Throwables.throwIfInstanceOf(batch.failure(), Error.class);
    Photo photo = dataset.photos().get(order[batch.failedPosition()]);
    String reason =
        batch.failure() instanceof UnreadablePhotoException unreadable
            ? unreadable.reason()
            : batch.failure().toString();
    return new IOException(
        "photo '" + photo.id() + "' (" + photo.file() + ") cannot be loaded: " + reason,
        batch.failure());
  }

  private PhotoBatch toArrays(LoadingBatch batch) throws IOException {
    NDArray pixels = batch.isForDevice() ? transformed(batch) : upload(batch);
    NDArray targets =
        manager.create(
            Floats.concat(batch.targets), new Shape(batch.size, batch.targets[0].length));
    int[] indices =
        Arrays.copyOfRange(order, batch.firstPosition, batch.firstPosition + batch.size);
    return new PhotoBatch(pixels, targets, ImmutableList.copyOf(Ints.asList(indices)));
  }

  private NDArray upload(LoadingBatch batch) {
    Preprocessing size = dataset.preprocessing();
    return upload(batch, new PhotoPart.Size(size.height(), size.width()));
  }

  private NDArray upload(LoadingBatch batch, PhotoPart.Size size) {
    Shape shape = new Shape(batch.size, size.height(), size.width(), Pixels.CHANNELS);
    ByteBuffer whole = batch.buffer.duplicate();
    NDArray pixels = manager.create(whole.limit((int) shape.size()), shape, DataType.UINT8);
    dataset.preparation().buffers().lend(batch.buffer, pixels);
    return pixels;
  }

  private NDArray transformed(LoadingBatch batch) throws IOException {
    if (transform == null) {
      transform = BatchTransform.load(dataset.preprocessing(), manager.getDevice());
    }
    List<PhotoPart> parts = batch.parts();
    try (NDArray decoded = upload(batch, PhotoPart.Size.of(parts))) {
      return transform.apply(decoded, parts, batch.plan());
    }
  }

  @Override
  public synchronized double secondsWaited() {
    return secondsWaited;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    for (Thread worker : workers) {
      Uninterruptibles.joinUninterruptibly(worker);
    }
    if (transform != null) {
      transform.close();
      transform = null;
    }
    synchronized (this) {
      inFlight.stream()
          .filter(batch -> batch.buffer != null)
          .forEach(batch -> dataset.preparation().buffers().giveBack(batch.buffer));
      inFlight.clear();
      nextPosition = lastPosition;
    }
  }

  private void work() {
    for (Place place = take(); place != null; place = take()) {
      Throwable failure = null;
      try {
        dataset.preparation().load(epoch, place.position, order[place.position], place.batch);
      } catch (IOException | RuntimeException | Error e) {
        failure = e;
      }
      done(place, failure);
    }
  }

  private record Place(LoadingBatch batch, int position) {}

  /** Takes the next photo to load, or null when there is none. */
  private synchronized Place take() {
    try {
      while (!closed && nextPosition < lastPosition && startsBatchTooFarAhead()) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
    if (closed || nextPosition >= lastPosition) {
      return null;
    }
    if (nextPosition % dataset.batchSize() == 0) {
      inFlight.add(newBatch());
    }
    return new Place(inFlight.getLast(), nextPosition++);
  }

  private boolean startsBatchTooFarAhead() {
    return nextPosition % dataset.batchSize() == 0 && inFlight.size() >= dataset.prefetch();
  }

  private LoadingBatch newBatch() {
    int size = Math.min(dataset.batchSize(), order.length - nextPosition);
    float[][] targets = new float[size][];
    for (int i = 0; i < size; i++) {
      targets[i] = dataset.target(epoch, order[nextPosition + i]);
    }
    int number = nextPosition / dataset.batchSize();
    return onDevice
        ? LoadingBatch.ofParts(number, nextPosition, targets)
        : LoadingBatch.ofBuffer(number, nextPosition, dataset.preparation().takeBuffer(), targets);
  }

  private void done(Place place, Throwable failure) {
    LoadingBatch batch = place.batch;
    synchronized (this) {
      if (failure != null) {
        batch.fail(place.position, failure);
        lastPosition = Math.min(lastPosition, batch.firstPosition + batch.size);
      }
      if (!batch.photoDone()) {
        return;
      }
    }
    Throwable mixingFailure = null;
    if (batch.failure() == null) {
      try {
        dataset.preparation().mix(epoch, batch);
      } catch (RuntimeException | Error e) {
        mixingFailure = e;
      }
    }
    synchronized (this) {
      if (mixingFailure != null) {
        batch.fail(batch.firstPosition, mixingFailure);
        lastPosition = Math.min(lastPosition, nextPosition);
      }
      batch.setComplete();
      notifyAll();
    }
  }
}
