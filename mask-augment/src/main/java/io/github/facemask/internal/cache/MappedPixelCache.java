package io.github.facemask.internal.cache;

import static io.github.facemask.problem.InvalidArgumentException.check;

import io.github.facemask.image.Pixels;
import io.github.facemask.internal.files.AtomicFile;
import io.github.facemask.provenance.Digest;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/**
 * All photos of a data set in one memory-mapped file: the pixels of each photo, then an index of
 * their offsets, then a key that identifies the content. The file is written atomically. A killed
 * process leaves no partial file, and two processes may build it at the same time.
 */
public final class MappedPixelCache implements PixelCache {

  private static final byte[] MAGIC = "FMPIXEL1".getBytes(StandardCharsets.US_ASCII);
  private static final int ENTRY = Long.BYTES + 2 * Integer.BYTES;
  private static final int TRAILER = Long.BYTES + 64 + MAGIC.length;
  private static final long SLICE = 1L << 29;

  private final ByteBuffer index;
  private final List<ByteBuffer> slices;

  private MappedPixelCache(ByteBuffer index, List<ByteBuffer> slices) {
    this.index = index;
    this.slices = slices;
  }

  /** Reads the pixels to store. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Reads a photo's pixels. Called from several threads.
     *
     * @param index the photo's index in the data set
     * @return its pixels
     * @throws IOException if it cannot be read
     */
    Pixels read(int index) throws IOException;
  }

  /**
   * Opens a cache.
   *
   * @param file the file
   * @param key the key that the file must have
   * @param photos the number of photos that it must have
   * @return the cache; empty if the file is missing, damaged or has another key
   * @throws IOException if the file exists and cannot be read
   */
  public static Optional<MappedPixelCache> open(Path file, Digest key, int photos)
      throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      long indexAt = size - TRAILER - (long) photos * ENTRY;
      if (indexAt < 0) {
        return Optional.empty();
      }
      ByteBuffer trailer = channel.map(FileChannel.MapMode.READ_ONLY, size - TRAILER, TRAILER);
      byte[] end = new byte[64 + MAGIC.length];
      boolean same = trailer.getLong() == indexAt;
      trailer.get(end);
      String expected = key.hex() + new String(MAGIC, StandardCharsets.US_ASCII);
      if (!same || !new String(end, StandardCharsets.US_ASCII).equals(expected)) {
        return Optional.empty();
      }
      MappedPixelCache cache = map(channel, indexAt, photos);
      return cache.isWhole(indexAt, photos) ? Optional.of(cache) : Optional.empty();
    }
  }

  private static MappedPixelCache map(FileChannel channel, long indexAt, int photos)
      throws IOException {
    ByteBuffer index = channel.map(FileChannel.MapMode.READ_ONLY, indexAt, (long) photos * ENTRY);
    List<ByteBuffer> slices = new ArrayList<>();
    // A photo may begin in one slice and end in the next, so the mapped slices overlap.
    for (long from = 0; from < indexAt; from += SLICE) {
      long length = Math.min(Integer.MAX_VALUE, indexAt - from);
      slices.add(channel.map(FileChannel.MapMode.READ_ONLY, from, length));
    }
    return new MappedPixelCache(index, slices);
  }

  /** Returns whether the photos follow each other without gaps, up to the index. */
  private boolean isWhole(long indexAt, int photos) {
    long at = 0;
    for (int i = 0; i < photos; i++) {
      long height = index.getInt(i * ENTRY + Long.BYTES);
      long width = index.getInt(i * ENTRY + Long.BYTES + Integer.BYTES);
      // The product of two ints cannot overflow a long.
      long pixels = height * width;
      boolean sized = height >= 1 && width >= 1 && pixels <= Integer.MAX_VALUE / Pixels.CHANNELS;
      if (!sized || index.getLong(i * ENTRY) != at) {
        return false;
      }
      at += pixels * Pixels.CHANNELS;
    }
    return at == indexAt;
  }

  /**
   * Builds a cache and opens it.
   *
   * @param file the file to write or replace
   * @param key identifies the content
   * @param photos the number of photos
   * @param reader reads their pixels
   * @param threads the number of threads that call the reader
   * @param progress receives the number of finished photos, in the calling thread
   * @return the cache
   * @throws IOException if a photo cannot be read or the file cannot be written; then no file
   *     remains
   */
  public static MappedPixelCache build(
      Path file, Digest key, int photos, Reader reader, int threads, IntConsumer progress)
      throws IOException {
    check(threads >= 1, "threads", threads, "at least 1");
    ExecutorService executor = Executors.newFixedThreadPool(threads, MappedPixelCache::daemon);
    try {
      AtomicFile.write(
          file,
          out -> {
            DataOutputStream data = new DataOutputStream(out);
            ByteBuffer index = ByteBuffer.allocate(photos * ENTRY);
            long at = 0;
            Deque<Future<Pixels>> ahead = new ArrayDeque<>();
            int submitted = 0;
            for (int i = 0; i < photos; i++) {
              for (; submitted < Math.min(photos, i + 4 * threads); submitted++) {
                int next = submitted;
                ahead.add(executor.submit(() -> reader.read(next)));
              }
              Pixels pixels = result(ahead.remove());
              data.write(pixels.array());
              index.putLong(at).putInt(pixels.height()).putInt(pixels.width());
              at += pixels.array().length;
              progress.accept(i + 1);
            }
            data.write(index.array());
            data.writeLong(at);
            data.write(key.hex().getBytes(StandardCharsets.US_ASCII));
            data.write(MAGIC);
            data.flush();
          });
    } finally {
      executor.shutdownNow();
    }
    return open(file, key, photos)
        .orElseThrow(() -> new IOException(file + " was replaced while it was built"));
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "pixel-cache");
    thread.setDaemon(true);
    return thread;
  }

  private static Pixels result(Future<Pixels> future) throws IOException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure
          ? failure
          : new IOException("the cache cannot be built: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    }
  }

  @Override
  public Optional<Pixels> find(int photo) {
    int at = photo * ENTRY;
    long offset = index.getLong(at);
    int height = index.getInt(at + Long.BYTES);
    int width = index.getInt(at + Long.BYTES + Integer.BYTES);
    byte[] array = new byte[height * width * Pixels.CHANNELS];
    slices.get((int) (offset / SLICE)).get((int) (offset % SLICE), array);
    return Optional.of(Pixels.wrap(height, width, array));
  }

  /** Does nothing, because the file already has all photos. */
  @Override
  public void offer(int photo, Pixels pixels) {}
}
