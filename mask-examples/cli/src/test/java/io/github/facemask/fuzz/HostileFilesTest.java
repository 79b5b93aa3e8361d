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
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files of every form: a reader reads them or throws an IOException that names the file,
 * soon and without memory that the file does not explain. Each reader has its share of all files.
 * The readers run at once, on as many threads as there are processors.
 */
class HostileFilesTest {

  private static final int FILES = Integer.getInteger("fuzz.files", 20_000);
  private static final long SEED = Long.getLong("fuzz.seed", 2);

  /** No reader needs a second; this tells an endless loop from a busy machine. */
  private static final long SECONDS = 60;

  private static final long FACTOR = 64;

  @TempDir static Path folder;

  private static final List<Tally> TALLIES = new ArrayList<>();
  private static final Map<Tally, Future<?>> RUNS = new LinkedHashMap<>();

  private static Readers readers;

  @BeforeAll
  static void start() throws IOException {
    readers = Readers.in(folder);
    double shares = 0;
    for (Reader reader : readers.all()) {
      shares += reader.share();
      try {
        // What the first call of a library loads is not the file's doing.
        reader.use().read(reader.file());
      } catch (IOException e) {
        assertThat(reader.valid()).as(reader.name() + ": " + e).isFalse();
      }
    }
    for (Reader reader : readers.all()) {
      TALLIES.add(new Tally(reader, (int) Math.ceil(FILES * reader.share() / shares)));
    }
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(), HostileFilesTest::daemon);
    // The slow ones first, so that the threads end together.
    TALLIES.stream()
        .sorted(Comparator.comparingDouble(tally -> tally.reader.share()))
        .forEach(tally -> RUNS.put(tally, threads.submit(tally::run, null)));
    threads.shutdown();
  }

  @AfterAll
  static void printCounts() throws IOException {
    System.out.printf(
        "%-38s %7s %8s %12s %8s %8s%n", "reader", "files", "refused", "most KiB", "most ms", "ms");
    int sum = 0;
    for (Tally tally : TALLIES) {
      System.out.println(tally.line());
      sum += tally.files;
    }
    System.out.printf("%d files for %d readers, seed %d%n", sum, TALLIES.size(), SEED);
    readers.close();
    assertThat(sum).isGreaterThanOrEqualTo(FILES);
  }

  @TestFactory
  Stream<DynamicTest> damagedFiles() {
    return TALLIES.stream()
        .map(tally -> DynamicTest.dynamicTest(tally.reader.name(), () -> await(tally)));
  }

  private static void await(Tally tally) throws Exception {
    Future<?> run = RUNS.get(tally);
    while (!run.isDone()) {
      try {
        run.get(1, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        if (tally.secondsOfThisFile() > SECONDS) {
          fail(tally.what + ": is still being read after " + SECONDS + " s", e);
        }
      } catch (ExecutionException e) {
        // Told below.
      }
    }
    try {
      run.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof AssertionError error
          ? error
          : new AssertionError(tally.what + ": " + e.getCause(), e.getCause());
    }
    // Damage that no reader minds would prove nothing.
    assertThat(tally.refused).isGreaterThan(tally.files / 20);
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "hostile-files");
    thread.setDaemon(true);
    return thread;
  }

  /** What became of a reader's files so far. */
  private static final class Tally {

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Reader reader;
    private final int planned;
    private volatile String what = "";
    private volatile long start;
    private int files;
    private int refused;
    private long mostBytes;
    private long mostNanos;
    private long nanos;

    Tally(Reader reader, int planned) {
      this.reader = reader;
      this.planned = planned;
    }

    /** Reads all files; called once. */
    void run() {
      Random random = new Random(SEED);
      try {
        byte[] valid = Files.readAllBytes(reader.file());
        what = reader.name() + ", undamaged";
        assertThat(refuses(valid.length)).as(what).isEqualTo(!reader.valid());
        for (int i = 0; i < planned; i++) {
          byte[] damaged = Damage.of(valid, reader.text(), random);
          Files.write(reader.file(), damaged);
          what = reader.name() + ", seed " + SEED + ", file " + i;
          refused += refuses(damaged.length) ? 1 : 0;
          files++;
        }
        Files.write(reader.file(), valid);
      } catch (IOException e) {
        throw new AssertionError(what + ": the test cannot write", e);
      } finally {
        start = 0;
      }
    }

    long secondsOfThisFile() {
      long since = start;
      return since == 0 ? 0 : TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - since);
    }

    private boolean refuses(int size) {
      long thread = Thread.currentThread().getId();
      long before = threads.getThreadAllocatedBytes(thread);
      start = System.nanoTime();
      boolean refuses = false;
      try {
        reader.use().read(reader.file());
      } catch (IOException e) {
        refuses = true;
        String message = e instanceof FileSystemException f ? f.getFile() : e.getMessage();
        assertThat(message).as(what).contains(reader.file().getFileName().toString());
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        throw new AssertionError(what + ": " + e, e);
      }
      long bytes = threads.getThreadAllocatedBytes(thread) - before;
      mostBytes = Math.max(mostBytes, bytes);
      long took = System.nanoTime() - start;
      mostNanos = Math.max(mostNanos, took);
      nanos += took;
      assertThat(bytes).as(what).isLessThan(((long) reader.ceiling() << 20) + FACTOR * size);
      return refuses;
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "%-38s %7d %8d %12d %8d %8d",
          reader.name(),
          files,
          refused,
          mostBytes >> 10,
          mostNanos / 1_000_000,
          nanos / 1_000_000);
    }
  }
}
