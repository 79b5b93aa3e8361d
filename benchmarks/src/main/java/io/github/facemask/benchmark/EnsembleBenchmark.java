package io.github.facemask.benchmark;

import com.google.common.collect.ImmutableList;
import io.github.facemask.combination.Combination;
import io.github.facemask.combination.Vote;
import io.github.facemask.combination.Voter;
import io.github.facemask.combination.WeightSearch;
import io.github.facemask.dataset.PhotoSet;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.random.RandomStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

/** How long does it take to join the predictions of five members, and to fit their weights? */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
public class EnsembleBenchmark {

  private static final int MEMBERS = 5;

  /** How many photos. */
  @Param({"1000", "10000", "100000"})
  public int photos;

  private PhotoSet truth;
  private List<PredictionTable> tables;

  /** Makes members that are right two times in three, each elsewhere. */
  @Setup
  public void predict() {
    truth = People.of(photos);
    tables = new ArrayList<>();
    for (int member = 0; member < MEMBERS; member++) {
      RandomStream random = RandomStream.of(7, "member", member);
      PredictionTable.Builder table = PredictionTable.builder(PredictionOrigin.unknown());
      for (int i = 0; i < truth.size(); i++) {
        float[] row = new float[FaceClass.COUNT];
        double sum = 0;
        for (int id = 0; id < row.length; id++) {
          row[id] = (float) random.nextDouble();
          sum += row[id];
        }
        int right = truth.get(i).label().id();
        int shown = random.nextInt(3) > 0 ? right : random.nextInt(FaceClass.COUNT);
        sum += 3;
        row[shown] += 3;
        for (int id = 0; id < row.length; id++) {
          row[id] /= (float) sum;
        }
        table.add(truth.get(i).photo().id(), row);
      }
      tables.add(table.build());
    }
  }

  private static Vote vote(Combination combination) {
    return Vote.of(combination, ImmutableList.copyOf(Collections.nCopies(MEMBERS, Voter.of(1))));
  }

  /** The mean of the probabilities. */
  @Benchmark
  public PredictionTable softVote() {
    return vote(Combination.SOFT_VOTE).table(tables, PredictionOrigin.unknown());
  }

  /** The mean of the ranks. */
  @Benchmark
  public PredictionTable rankMean() {
    return vote(Combination.RANK_MEAN).table(tables, PredictionOrigin.unknown());
  }

  /** Weights by greedy selection with replacement. */
  @Benchmark
  public WeightSearch.Found greedy() {
    return WeightSearch.GREEDY.fit(vote(Combination.SOFT_VOTE), tables, truth);
  }
}
