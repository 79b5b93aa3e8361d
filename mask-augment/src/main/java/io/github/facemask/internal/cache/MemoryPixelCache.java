package io.github.facemask.internal.cache;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.image.Pixels;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Keeps photos on the Java heap until a number of bytes is reached. The first photos offered are
 * kept.
 */
public final class MemoryPixelCache implements PixelCache {

  private final AtomicReferenceArray<Pixels> kept;
  private final AtomicLong freeBytes;

  private MemoryPixelCache(int photos, long bytes) {
    this.kept = new AtomicReferenceArray<>(photos);
    this.freeBytes = new AtomicLong(bytes);
  }

  /**
   * Creates an empty cache.
   *
   * @param photos the number of photos in the data set
   * @param bytes the largest number of bytes of pixels to keep, 0 or more
   * @return the cache
   */
  public static MemoryPixelCache of(int photos, long bytes) {
    check(bytes >= 0, "cacheBytes", bytes, "at least 0");
    return new MemoryPixelCache(photos, bytes);
  }

  @Override
  public Optional<Pixels> find(int index) {
    return Optional.ofNullable(kept.get(index));
  }

  @Override
  public void offer(int index, Pixels pixels) {
    long bytes = pixels.array().length;
    if (freeBytes.addAndGet(-bytes) < 0 || !kept.compareAndSet(index, null, pixels)) {
      freeBytes.addAndGet(bytes);
    }
  }

  /** Counts the photos in the cache. */
  public int size() {
    int count = 0;
    for (int i = 0; i < kept.length(); i++) {
      count += kept.get(i) != null ? 1 : 0;
    }
    return count;
  }
}
