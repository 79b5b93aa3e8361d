package io.github.facemask.facecrop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.facemask.image.Pixels;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NativePoolTest {

  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  private static int made(ExecutorService threads, int tasks) throws Exception {
    AtomicInteger made = new AtomicInteger();
    AtomicInteger busy = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    NativePool<AtomicInteger> pool =
        new NativePool<>(
            () -> {
              made.incrementAndGet();
              return new AtomicInteger();
            });
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      all.add(
          threads.submit(
              () ->
                  pool.with(
                      object -> {
                        // Nobody else has it.
                        assertThat(object.incrementAndGet()).isEqualTo(1);
                        most.accumulateAndGet(busy.incrementAndGet(), Math::max);
                        busy.decrementAndGet();
                        return object.decrementAndGet();
                      })));
    }
    for (Future<?> task : all) {
      task.get();
    }
    threads.shutdown();
    assertThat(most.get()).isLessThanOrEqualTo(PROCESSORS);
    return made.get();
  }

  @Test
  void manyThreadsShareAsManyObjectsAsThereAreProcessors() throws Exception {
    assertThat(made(Executors.newFixedThreadPool(200), 5000)).isBetween(1, PROCESSORS);
  }

  @Test
  void thousandsOfVirtualThreadsShareThemToo() throws Exception {
    assumeTrue(
        Runtime.version().feature() >= 21, "virtual threads need a JDK 21; this is an older one");
    Method virtual = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
    assertThat(made((ExecutorService) virtual.invoke(null), 5000)).isBetween(1, PROCESSORS);
  }

  @Test
  void anObjectGoesBackAfterAnException() {
    AtomicInteger made = new AtomicInteger();
    NativePool<Integer> pool = new NativePool<>(made::incrementAndGet);
    for (int i = 0; i < 3 * PROCESSORS; i++) {
      assertThatThrownBy(
              () ->
                  pool.with(
                      object -> {
                        throw new IllegalStateException("no face today");
                      }))
          .hasMessage("no face today");
    }
    assertThat(pool.<Integer>with(object -> object)).isEqualTo(1);
    assertThat(made.get()).isEqualTo(1);
  }

  @Test
  void aDetectorHasOneSetOfCascadesForEachProcessor() throws Exception {
    FaceDetector detector = FaceDetectors.cascade();
    Pixels photo = Pixels.wrap(40, 40, new byte[40 * 40 * 3]);
    ExecutorService threads = Executors.newFixedThreadPool(64);
    List<Future<List<FaceDetector.Detection>>> all = new ArrayList<>();
    for (int i = 0; i < 256; i++) {
      all.add(threads.submit(() -> detector.detect(photo)));
    }
    for (Future<List<FaceDetector.Detection>> found : all) {
      assertThat(found.get()).isEqualTo(detector.detect(photo));
    }
    threads.shutdown();
  }
}
