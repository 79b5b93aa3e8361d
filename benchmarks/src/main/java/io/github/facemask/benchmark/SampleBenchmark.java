package io.github.facemask.benchmark;

import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.AgeGroup;
import io.github.facemask.sampling.PhotoSampler;
import io.github.facemask.sampling.SamplingBalance;
import io.github.facemask.sampling.WeightedSampler;
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

/** How long does a sampler take to choose an epoch's photos, and to prove its balance? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class SampleBenchmark {

  /** Photos to draw from, seven a person. */
  @Param({"10000", "100000", "1000000"})
  public int photos;

  /** What draws. */
  @Param public Kind sampler;

  private PhotoSet set;
  private PhotoSampler draws;
  private int epoch;

  /** The samplers. */
  public enum Kind {
    SHUFFLED,
    WEIGHTED,
    WITHOUT_REPLACEMENT,
    BALANCED,
    OVERSAMPLE,
    CAPPED
  }

  /** Makes the photos. */
  @Setup
  public void make() {
    set = People.of(photos);
    draws =
        switch (sampler) {
          case SHUFFLED -> PhotoSampler.shuffled();
          case WEIGHTED -> WeightedSampler.inverseFrequency();
          case WITHOUT_REPLACEMENT ->
              WeightedSampler.inverseFrequency()
                  .withoutReplacement()
                  .withPhotosPerEpoch(photos / 2);
          case BALANCED -> PhotoSampler.balancedBatches(32);
          case OVERSAMPLE -> PhotoSampler.oversampling(2, AgeGroup.FROM_60);
          case CAPPED -> PhotoSampler.capped(3);
        };
  }

  /** Chooses the photos of an epoch. */
  @Benchmark
  public int[] epoch() {
    return draws.epochOrder(set, 7, epoch++);
  }

  /** Counts an epoch by class and person. */
  @Benchmark
  public SamplingBalance balance() {
    return SamplingBalance.of(draws, set, 7, epoch++);
  }
}
