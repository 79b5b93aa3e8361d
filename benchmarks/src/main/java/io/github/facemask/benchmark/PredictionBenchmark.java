package io.github.facemask.benchmark;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.github.facemask.combination.Combination;
import io.github.facemask.combination.Vote;
import io.github.facemask.combination.Voter;
import io.github.facemask.label.FaceClass;
import io.github.facemask.prediction.PredictionOrigin;
import io.github.facemask.prediction.PredictionReader;
import io.github.facemask.prediction.PredictionReader.Row;
import io.github.facemask.prediction.PredictionTable;
import io.github.facemask.prediction.PredictionWriter;
import io.github.facemask.random.RandomStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** How long do tables of predictions take, as files and in memory? Bound the heap with -jvmArgs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 1)
@Measurement(iterations = 3)
public class PredictionBenchmark {

  /** Photos, a row each. */
  @Param("1000000")
  public int photos;

  private Path folder;

  /** Writes two members' files. */
  @Setup
  public void make() throws IOException {
    folder = Files.createTempDirectory("facemask-predictions");
    write(folder.resolve("a.csv"), 1);
    write(folder.resolve("b.csv"), 2);
  }

  /** Deletes the files. */
  @TearDown
  public void delete() throws IOException {
    MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  private void write(Path file, long seed) throws IOException {
    RandomStream random = RandomStream.of(seed, "benchmark");
    PredictionWriter.write(
        file,
        PredictionOrigin.unknown(),
        writer -> {
          for (int i = 0; i < photos; i++) {
            writer.add(row(i, random));
          }
        });
  }

  private static Row row(int photo, RandomStream random) {
    float[] values = new float[FaceClass.COUNT];
    float sum = 0;
    for (int c = 0; c < values.length; c++) {
      values[c] = (float) random.nextDouble();
      sum += values[c];
    }
    for (int c = 0; c < values.length; c++) {
      values[c] /= sum;
    }
    // As long as the competition's.
    return new Row(String.format("%040x.jpg", photo), values);
  }

  /** Writes a file row by row. */
  @Benchmark
  public void writeRows() throws IOException {
    write(folder.resolve("c.csv"), 3);
  }

  /** Reads a file row by row. */
  @Benchmark
  public int readRows() throws IOException {
    int rows = 0;
    try (PredictionReader reader = PredictionReader.open(folder.resolve("a.csv"))) {
      while (reader.next().isPresent()) {
        rows++;
      }
    }
    return rows;
  }

  /** Combines two files row by row. */
  @Benchmark
  public void combineRows() throws IOException {
    vote().file(List.of(folder.resolve("a.csv"), folder.resolve("b.csv")), folder.resolve("d.csv"));
  }

  /** Reads a file into memory. */
  @Benchmark
  public PredictionTable readTable() throws IOException {
    return PredictionTable.read(folder.resolve("a.csv"));
  }

  /** Reads two files into memory and combines them there. */
  @Benchmark
  public PredictionTable combineTables() throws IOException {
    return vote()
        .table(
            List.of(
                PredictionTable.read(folder.resolve("a.csv")),
                PredictionTable.read(folder.resolve("b.csv"))),
            PredictionOrigin.unknown());
  }

  private static Vote vote() {
    return Vote.of(Combination.SOFT_VOTE, List.of(Voter.of(2), Voter.of(1)));
  }
}
