package io.github.facemask.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files of every form: a reader reads them or throws an IOException that names the file,
 * soon and without memory that the file does not explain.
 */
class HostileFilesTest {

  private static final int FILES = 100;
  private static final int MANY_FILES = Integer.getInteger("fuzz.files", 20_000);
  private static final long SEED = Long.getLong("fuzz.seed", 2);

  /** No reader needs a second; this tells an endless loop from a busy machine. */
  private static final long SECONDS = 60;

  private static final long FACTOR = 64;

  @TempDir static Path folder;

  private static final List<String> COUNTS = new ArrayList<>();

  private static List<Reader> readers;

  @BeforeAll
  static void writeValidFiles() throws IOException {
    readers = Readers.in(folder);
    for (Reader reader : readers) {
      try {
        // What the first call of a library loads is not the file's doing.
        reader.use().read(reader.file());
      } catch (IOException e) {
        assertThat(reader.valid()).as(reader.name() + ": " + e).isFalse();
      }
    }
  }

  @AfterAll
  static void printCounts() {
    System.out.printf(
        "%-38s %7s %8s %12s %8s%n", "reader", "files", "refused", "most KiB", "most ms");
    COUNTS.forEach(System.out::println);
  }

  @TestFactory
  Stream<DynamicTest> damagedFiles() {
    return readers.stream()
        .map(reader -> DynamicTest.dynamicTest(reader.name(), () -> run(reader, FILES, 1)));
  }

  @TestFactory
  @Tag("slow")
  Stream<DynamicTest> manyDamagedFiles() {
    return readers.stream()
        .map(reader -> DynamicTest.dynamicTest(reader.name(), () -> run(reader, MANY_FILES, SEED)));
  }

  private static void run(Reader reader, int usual, long seed) throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor(HostileFilesTest::daemon);
    byte[] valid = Files.readAllBytes(reader.file());
    Random random = new Random(seed);
    Tally tally = new Tally(reader);
    int files = Math.max(1, (int) (usual * reader.share()));
    try {
      assertThat(executor.submit(() -> tally.refuses("valid", valid.length)).get())
          .isEqualTo(!reader.valid());
      for (int i = 0; i < files; i++) {
        byte[] damaged = Damage.of(valid, reader.text(), random);
        Files.write(reader.file(), damaged);
        String what = reader.name() + ", seed " + seed + ", file " + i;
        read(executor, tally, what, damaged.length);
      }
    } finally {
      executor.shutdownNow();
      Files.write(reader.file(), valid);
    }
    COUNTS.add(tally.line());
    // Damage that no reader minds would prove nothing.
    assertThat(tally.refused).isGreaterThan(files / 20);
  }

  private static void read(ExecutorService executor, Tally tally, String what, int size)
      throws Exception {
    try {
      executor.submit(() -> tally.refuses(what, size)).get(SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      fail(what + ": is still being read after " + SECONDS + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof AssertionError error
          ? error
          : new AssertionError(what + ": " + e.getCause(), e.getCause());
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "hostile-file");
    thread.setDaemon(true);
    return thread;
  }

  /** What became of a reader's files so far. */
  private static final class Tally {

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Reader reader;
    private int files;
    private int refused;
    private long mostBytes;
    private long mostMillis;

    Tally(Reader reader) {
      this.reader = reader;
    }

    boolean refuses(String what, int size) {
      long thread = Thread.currentThread().getId();
      long before = threads.getThreadAllocatedBytes(thread);
      long start = System.nanoTime();
      files++;
      boolean refuses = false;
      try {
        reader.use().read(reader.file());
      } catch (IOException e) {
        refuses = true;
        refused++;
        String message = e instanceof FileSystemException f ? f.getFile() : e.getMessage();
        assertThat(message).as(what).contains(reader.file().getFileName().toString());
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        throw new AssertionError(what + ": " + e, e);
      }
      long bytes = threads.getThreadAllocatedBytes(thread) - before;
      mostBytes = Math.max(mostBytes, bytes);
      mostMillis = Math.max(mostMillis, (System.nanoTime() - start) / 1_000_000);
      assertThat(bytes).as(what).isLessThan(((long) reader.ceiling() << 20) + FACTOR * size);
      return refuses;
    }

    String line() {
      return String.format(
          java.util.Locale.ROOT,
          "%-38s %7d %8d %12d %8d",
          reader.name(),
          files,
          refused,
          mostBytes >> 10,
          mostMillis);
    }
  }
}
