package io.github.facemask.internal.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.facemask.image.Pixels;
import io.github.facemask.image.TestFiles;
import io.github.facemask.provenance.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PixelCacheTest {

  private static final Digest KEY = Digest.ofText("what is stored");

  private static Pixels photo(int index) {
    return TestFiles.plain(5 + index, 9, index, 2 * index, 255 - index);
  }

  @Test
  void everyPhotoIsFoundAgain(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("new/photos.pixels");
    List<Integer> progress = new ArrayList<>();
    MappedPixelCache.build(file, KEY, 40, PixelCacheTest::photo, 3, progress::add);
    assertThat(progress).hasSize(40).isSorted();
    MappedPixelCache cache = MappedPixelCache.open(file, KEY, 40).orElseThrow();
    for (int i = 39; i >= 0; i--) {
      assertThat(cache.find(i)).contains(photo(i));
    }
  }

  @Test
  void anotherKeyOrAnotherCountIsNotOpened(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("photos.pixels");
    assertThat(MappedPixelCache.open(file, KEY, 4)).isEmpty();
    MappedPixelCache.build(file, KEY, 4, PixelCacheTest::photo, 1, done -> {});
    assertThat(MappedPixelCache.open(file, Digest.ofText("other"), 4)).isEmpty();
    assertThat(MappedPixelCache.open(file, KEY, 5)).isEmpty();
    assertThat(MappedPixelCache.open(file, KEY, 4)).isPresent();
  }

  @Test
  void aCutFileIsNotOpened(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("photos.pixels");
    MappedPixelCache.build(file, KEY, 4, PixelCacheTest::photo, 1, done -> {});
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 13) {
      Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
      assertThat(MappedPixelCache.open(cut, KEY, 4)).isEmpty();
    }
  }

  @Test
  void aFailureLeavesNoFile(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("photos.pixels");
    MappedPixelCache.Reader failing =
        index -> {
          if (index == 7) {
            throw new IOException("photo 7 is broken");
          }
          return photo(index);
        };
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> MappedPixelCache.build(file, KEY, 20, failing, 2, done -> {}))
        .withMessage("photo 7 is broken");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void twoWhoBuildAtOnceDoNoHarm(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("photos.pixels");
    CyclicBarrier together = new CyclicBarrier(2);
    MappedPixelCache.Reader meeting =
        index -> {
          if (index == 0) {
            try {
              together.await(); // both are building now
            } catch (InterruptedException | BrokenBarrierException e) {
              throw new IOException(e);
            }
          }
          return photo(index);
        };
    ExecutorService both = Executors.newFixedThreadPool(2);
    try {
      List<Future<MappedPixelCache>> built = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        built.add(both.submit(() -> MappedPixelCache.build(file, KEY, 30, meeting, 1, done -> {})));
      }
      for (Future<MappedPixelCache> cache : built) {
        assertThat(cache.get().find(29)).contains(photo(29));
      }
    } finally {
      both.shutdownNow();
    }
    assertThat(MappedPixelCache.open(file, KEY, 30).orElseThrow().find(7)).contains(photo(7));
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void theMemoryCacheKeepsWhatFits() {
    MemoryPixelCache cache = MemoryPixelCache.of(3, 2 * 5 * 5 * 3);
    for (int i = 0; i < 3; i++) {
      cache.offer(i, TestFiles.plain(5, 5, i, i, i));
      cache.offer(i, TestFiles.plain(5, 5, i, i, i));
    }
    assertThat(cache.size()).isEqualTo(2);
    assertThat(cache.find(1)).contains(TestFiles.plain(5, 5, 1, 1, 1));
    assertThat(cache.find(2)).isEmpty();
  }
}
