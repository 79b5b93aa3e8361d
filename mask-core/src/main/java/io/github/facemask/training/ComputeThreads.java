package io.github.facemask.training;

import com.google.common.collect.ImmutableSortedMap;
import io.github.facemask.internal.processor.CpuLoad;
import io.github.facemask.internal.processor.Machine;
import io.github.facemask.internal.torchscript.EngineThreads;
import io.github.facemask.training.TrainingListener.ThreadChange;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The engine's threads of a run. Threads that wait for each other after each operation are slower
 * than fewer threads when another process has one of their cores. So the load of others is measured
 * in each epoch, and the epoch goes on with as many threads as cores are left. For one run, on the
 * training thread; closing restores the number of before.
 */
final class ComputeThreads implements AutoCloseable {

  /** The least time to measure over, in seconds; the counters of Linux have steps of 0.01. */
  private static final double SECONDS = 2;

  /** The fewest batches to measure over: a run of a few has nothing to gain. */
  private static final int BATCHES = 5;

  /** What was measured over more seconds says little of now. */
  private static final double LONG = 10;

  /** A core counts as left if this share of it is. */
  private static final double ENOUGH = 0.6;

  private final boolean follows;
  private final TrainingListener listener;
  private final Machine machine = Machine.here();
  private final int before = EngineThreads.now();
  private final int most;
  private int threads;
  private Optional<CpuLoad> from = Optional.empty();
  private boolean looked;
  private int batches;
  private final List<EpochMetrics> recorded;
  private final NavigableMap<Integer, Integer> ofEpoch = new TreeMap<>();
  private int batchOfEpoch;

  private ComputeThreads(TrainingChoices choices, List<EpochMetrics> recorded) {
    this.recorded = recorded;
    follows = choices.threads() == 0 && !choices.device().isGpu() && recorded.isEmpty();
    listener = choices.listener();
    most = EngineThreads.usual();
    threads = choices.threads() == 0 ? most : choices.threads();
    EngineThreads.set(threads);
  }

  /** Sets the number of threads of a run, and restores it when closed. */
  static ComputeThreads of(TrainingChoices choices) {
    return new ComputeThreads(choices, List.of());
  }

  /**
   * Sets the numbers of threads of a recorded run, from the same batches on.
   *
   * @param choices the choices of the run
   * @param recorded the epochs of the recorded run; if there are none, as {@link
   *     #of(TrainingChoices)}
   */
  static ComputeThreads repeating(TrainingChoices choices, List<EpochMetrics> recorded) {
    return new ComputeThreads(choices, recorded);
  }

  /**
   * Tells if a resumed run goes on with another number.
   *
   * @param recorded the number of its last epoch; 0 for a new run or if it was not recorded
   */
  void begin(int recorded) {
    if (recorded > 0 && recorded != threads) {
      listener.onThreads(
          new ThreadChange(
              recorded,
              threads,
              "the run goes on here, and figures can differ in the last digits"));
    } else if (follows && machine.groups().cores().isPresent() && most < machine.allowed().size()) {
      listener.onThreads(
          new ThreadChange(
              machine.allowed().size(),
              threads,
              String.format(
                  Locale.ROOT,
                  "the container may use the time of %.2f of %d cores",
                  machine.groups().cores().getAsDouble(),
                  machine.allowed().size())));
    }
    from = follows ? CpuLoad.now(machine) : Optional.empty();
  }

  /**
   * Looks again in a new epoch. Short epochs are measured together, long ones at their start.
   *
   * @param epoch the epoch, from 1
   */
  void startEpoch(int epoch) {
    batchOfEpoch = 0;
    ofEpoch.clear();
    looked = false;
    measureAtStart();
    repeat(epoch);
    ofEpoch.put(0, threads);
  }

  private void measureAtStart() {
    double age = age();
    if (age > LONG && batches >= BATCHES) {
      from = CpuLoad.now(machine);
      batches = 0;
    } else {
      look(age);
    }
  }

  /**
   * Changes the number, once in an epoch, after enough time was measured.
   *
   * @param epoch the epoch, from 1
   */
  void afterBatch(int epoch) {
    batches++;
    batchOfEpoch++;
    if (!looked) {
      look(age());
    }
    repeat(epoch);
    if (ofEpoch.lastEntry().getValue() != threads) {
      ofEpoch.put(batchOfEpoch, threads);
    }
  }

  /** Sets the number that the recorded run had from this batch on. */
  private void repeat(int epoch) {
    if (epoch <= recorded.size()) {
      Integer then = recorded.get(epoch - 1).timing().threads().get(batchOfEpoch);
      if (then != null && then != threads) {
        threads = then;
        EngineThreads.set(then);
      }
    }
  }

  private double age() {
    return from.isEmpty() ? 0 : System.nanoTime() / 1e9 - from.get().clock();
  }

  private void look(double age) {
    if (age < SECONDS || batches < BATCHES) {
      return;
    }
    looked = true;
    batches = 0;
    Optional<CpuLoad> to = CpuLoad.now(machine);
    if (to.isPresent()) {
      follow(to.get().leftSince(from.get(), machine));
    }
    from = to;
  }

  private void follow(double left) {
    int next = threads(left, most);
    if (next != threads) {
      listener.onThreads(
          new ThreadChange(
              threads,
              next,
              String.format(
                  Locale.ROOT,
                  "other processes leave %.1f of %d cores",
                  Math.max(0, left),
                  machine.allowed().size())));
      threads = next;
      EngineThreads.set(next);
    }
  }

  /**
   * Returns the number of threads for the cores that are left.
   *
   * @param left the cores, for instance 1.3
   * @param most the most threads, 1 or more
   * @return 1 or more
   */
  static int threads(double left, int most) {
    return Math.max(1, Math.min(most, (int) Math.floor(left + 1 - ENOUGH)));
  }

  /** Returns the numbers of this epoch, by the batch from which on they computed. */
  ImmutableSortedMap<Integer, Integer> ofEpoch() {
    return ImmutableSortedMap.copyOfSorted(ofEpoch);
  }

  @Override
  public void close() {
    EngineThreads.set(before);
  }
}
