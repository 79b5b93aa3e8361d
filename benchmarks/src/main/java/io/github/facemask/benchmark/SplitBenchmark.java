package io.github.facemask.benchmark;

import io.github.facemask.dataset.PersonFolds;
import io.github.facemask.dataset.PersonSplit;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.dataset.Split;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long does a split by person take? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class SplitBenchmark {

  /** Photos to part, seven a person. */
  @Param({"10000", "100000", "1000000"})
  public int photos;

  private PhotoSet set;

  /** Makes the photos. */
  @Setup
  public void make() {
    set = People.of(photos);
  }

  /** Deals five folds and takes one. */
  @Benchmark
  public Split fiveFolds() {
    return PersonFolds.builder(set, 5).optSeed(7).build().fold(0);
  }

  /** Holds a fifth out. */
  @Benchmark
  public Split holdOut() {
    return PersonSplit.builder(set).optSeed(7).build().split();
  }
}
